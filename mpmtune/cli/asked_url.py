"""``mpmtune config --for URL``: what a configuration says to a URL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mpmtune.cli.output import terminal_width
from mpmtune.errors import UsageError
from mpmtune.httpd.asked_url import ask, read_url
from mpmtune.httpd.merged_view import MergedView
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.httpd.asked_url import Answer, AskedUrl
    from mpmtune.httpd.merged_view import Look
    from mpmtune.model.config import Tree


def asked_url(text: str) -> AskedUrl:
    """Read the URL of ``--for``.

    Raises:
        UsageError: if it is none of http or https.
    """
    url = read_url(text)
    if url is None:
        raise UsageError(
            f"--for {printable(text)} is no URL that httpd can be asked for.",
            "Write it as https://name/path, with :port where it is not the usual one.",
        )
    return url


def answer(tree: Tree, url: AskedUrl, look: Look | None, *, accepted: bool | None) -> Answer:
    """Tell what holds for a URL.

    Args:
        tree: The configuration.
        url: The URL.
        look: Tells what stands at a path; None where the files are not those of the server.
        accepted: Whether httpd takes the configuration; None where that is not known.
    """
    return replace(ask(MergedView(tree, look), url), accepted=accepted)


def as_text(tree: Tree, answer: Answer, *, color: bool) -> str:
    """Write an answer for a reader."""
    from mpmtune.report.console import styled
    from mpmtune.report.in_force_text import in_force_lines

    return styled(in_force_lines(tree, answer, terminal_width()), color=color)


def as_json(tree: Tree, answer: Answer) -> str:
    """Write an answer for a program."""
    from mpmtune.report.in_force_v1 import in_force_v1

    return in_force_v1(tree, answer)
