"""Whether httpd may be asked about its configuration, and what it then says."""

from __future__ import annotations

from itertools import chain
from posixpath import dirname
from typing import TYPE_CHECKING

from mpmtune.detect.answers import Answers, ask_configuration
from mpmtune.detect.choice import beneath, nearest
from mpmtune.host.trust import distrust
from mpmtune.httpd.words import arguments
from mpmtune.model.unknown import Unknown
from mpmtune.report.directive_text import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.detect.configuration import Configuration
    from mpmtune.detect.installation import Installation
    from mpmtune.host.doorway import Files, Host
    from mpmtune.model.config import Tree

_WHAT = "httpd.messages"
_INCLUDES = ("include", "includeoptional")
_WILDCARDS = "*?["


def ask_httpd(
    host: Host, installation: Installation, configuration: Configuration | Unknown
) -> Answers | Unknown:
    """Ask httpd about its configuration, if all that it would run belongs to root or to us.

    Returns:
        What it says; Unknown, with the reason, where it was not asked or gave no answer.
    """
    build = installation.build
    if isinstance(build, Unknown):
        return Unknown(_WHAT, build.why)
    if isinstance(configuration, Unknown):
        return Unknown(_WHAT, configuration.why)
    paths = dict.fromkeys((build.binary, *read_by_httpd(host, configuration.tree)))
    why = distrust(host, host.user(), paths)
    return Unknown(_WHAT, why) if why else ask_configuration(host, installation.invocation(build))


def read_by_httpd(files: Files, tree: Tree) -> Iterator[str]:
    """Yield what httpd reads and runs: files, directories of wildcards, modules."""
    for source in tree.sources:
        yield decoded(source.path)
    for path in included(tree):
        if any(char in path for char in _WILDCARDS):
            yield nearest(files, _fixed_part(path))
    for name in ("loadmodule", "loadfile"):
        for occurrence in tree.by_name.get(name, ()):
            words = arguments(occurrence.name, decoded(occurrence.args))
            for word in words[1:] if name == "loadmodule" else words:
                yield nearest(files, beneath(tree.server_root, word))


def included(tree: Tree) -> Iterator[str]:
    """Yield the paths and patterns that are included, absolute and without a slash at the end."""
    for occurrence in chain.from_iterable(tree.by_name.get(name, ()) for name in _INCLUDES):
        for word in arguments(occurrence.name, decoded(occurrence.args)):
            yield beneath(tree.server_root, word)


def _fixed_part(pattern: str) -> str:
    at = min(pattern.index(char) for char in _WILDCARDS if char in pattern)
    return dirname(pattern[:at]) or "/"
