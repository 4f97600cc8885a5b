"""Debian's envvars: a shell script, read as text and never run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.host.doorway import Files

# NAME=word, export NAME=word. A word is bare, '…' or "…"; what would run or expand further
# ($(…), `…`, ${X##…}, globs) does not match and is named in ``left_out``.
_ASSIGNMENT = re.compile(
    r"""(?:export\s+)?(?P<name>[A-Za-z_]\w*)=
        (?: '(?P<single>[^']*)'
          | "(?P<double>[^"`\\]*)"
          | (?P<bare>[^\s"'`\\;&|<>()*?\[~]*) )
        \s*(?:\#.*)?""",
    re.VERBOSE,
)
# export A=b C=d: bare words without variables, for the shell expands all before it sets one.
_SEVERAL = re.compile(r"export((?:\s+[A-Za-z_]\w*=[^\s\"'`\\;&|<>()*?\[~#$]*){2,})\s*(?:#.*)?")
_VARIABLE = re.compile(r"\$(?:\{(?P<braced>[A-Za-z_]\w*)\}|(?P<plain>[A-Za-z_]\w*))")
_NAME_FIRST = re.compile(r"(?:export\s+)?([A-Za-z_]\w*)=")
# Lines without effect on httpd's variables.
_HARMLESS = re.compile(r"(?:\#.*|export\s+[A-Za-z_]\w*|unset\s+HOME)?\s*")
# Debian's own test whether a second instance is meant; ``suffix`` answers it.
_SUFFIX_TEST = re.compile(r'if \[ "\$\{APACHE_CONFDIR##/etc/apache2-\}" != .*')


@dataclass(frozen=True, slots=True)
class Envvars:
    """The variables that the script sets, and the lines that were not evaluated."""

    values: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...] = ()


def parse_envvars(text: str, suffix: str = "") -> Envvars:
    """Read assignments of plain words; later ones see earlier ones.

    Args:
        text: The script.
        suffix: What Debian appends to the paths of a second instance (``-second``).

    Returns:
        The variables in the order of their first assignment. Lines that need a shell are left
        out and named.
    """
    values = {"SUFFIX": suffix}
    unsure: set[str] = set()
    left_out = []
    lines = iter(_one_each(text))
    for line in lines:
        stripped = line.strip()
        if _SUFFIX_TEST.fullmatch(stripped):
            while stripped != "fi":
                stripped = next(lines, "fi").strip()
        elif (match := _ASSIGNMENT.fullmatch(stripped)) and _resolves(match, unsure):
            values[match["name"]] = _expand(match, values)
            unsure.discard(match["name"])
        elif not _HARMLESS.fullmatch(stripped):
            left_out.append(stripped)
            unsure.update(_NAME_FIRST.findall(stripped))
    del values["SUFFIX"]
    known = tuple((name, value) for name, value in values.items() if name not in unsure)
    return Envvars(known, tuple(left_out))


def _one_each(text: str) -> Iterator[str]:
    """Put each assignment on a line of its own."""
    for line in text.split("\n"):
        several = _SEVERAL.fullmatch(line.strip())
        yield from several[1].split() if several else (line,)


def _word(match: re.Match[str]) -> str:
    """Give the text in which the shell would expand variables; empty for ``'…'``."""
    return match["double"] or match["bare"] or ""


def _resolves(match: re.Match[str], unsure: set[str]) -> bool:
    """Tell whether nothing but variables with known values would be expanded."""
    word = _word(match)
    used = {braced or plain for braced, plain in _VARIABLE.findall(word)}
    return "$" not in _VARIABLE.sub("", word) and not used & unsure


def _expand(match: re.Match[str], values: dict[str, str]) -> str:
    # A name that was never set expands to nothing, as in the shell.
    return match["single"] or _VARIABLE.sub(
        lambda found: values.get(found["braced"] or found["plain"], ""), _word(match)
    )


def detect_envvars(files: Files, server_root: str) -> Envvars:
    """Read the envvars that Debian's apache2ctl would source for a configuration directory."""
    content = files.read(f"{server_root}/envvars")
    if isinstance(content, Absent):
        return Envvars(())
    _, marker, second = server_root.rpartition("/etc/apache2-")
    return parse_envvars(content.decode("utf-8", "surrogateescape"), f"-{second}" * bool(marker))
