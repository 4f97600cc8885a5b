"""Which LogFormat a log is written in: found through the configuration, or by what fits."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.httpd.words import split

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mpmtune.model.config import Occurrence, Tree

# http_log.c's default for a TransferLog without a LogFormat before it.
_DEFAULT = '%h %l %u %t "%r" %>s %b'
_WRITERS = ("customlog", "globallog", "transferlog")
# What logrotate and rotatelogs put after a name, and what compression does.
_ROTATED = re.compile(r"(?:[.-](?:\d{4}-?\d\d-?\d\d(?:[-_T]?\d+)*|\d+))*(?:\.(?:gz|bz2|xz))?\Z")


@dataclass(frozen=True, slots=True)
class CustomLog:
    """A log that the configuration writes.

    Attributes:
        path: Where, absolute; of a piped log, what its program is told; with ``%`` for the time.
        text: Its format.
        partial: Only some requests are written to it (``env=``, ``expr=``).
        place: ``file:line`` of the directive.
    """

    path: str
    text: str
    partial: bool
    place: str


def custom_logs(tree: Tree) -> tuple[CustomLog, ...]:
    """Find the access logs of a configuration, in its order."""
    made: list[CustomLog] = []
    for name in _WRITERS:
        for occurrence in tree.by_name.get(name, ()):
            words = split(occurrence.args)
            text = _text(tree, occurrence, words)
            path = _path(tree, words[0]) if words else None
            if path is None or text is None:
                continue
            place = f"{occurrence.source.path}:{occurrence.last_line}"
            partial = any(word.startswith(("env=", "expr=")) for word in words[2:])
            made.append(CustomLog(path, text, partial, place))
    return tuple(made)


def nicknames(tree: Tree) -> dict[str, str]:
    """Give the LogFormats that have a name; a later one takes the place of an earlier one."""
    found = (split(one.args) for one in tree.by_name.get("logformat", ()))
    return {words[1]: words[0] for words in found if len(words) > 1}


def log_of(path: str, logs: Sequence[CustomLog]) -> CustomLog | None:
    """Find the log that a file is, or was before it was rotated or brought here.

    Args:
        path: Of the file, absolute.
        logs: What the configuration writes.

    Returns:
        None where no log, or logs of different formats have the name.
    """
    rotated = _ROTATED.sub("", path)
    named: Iterable[Iterable[CustomLog]] = (
        (log for log in logs if log.path == path),
        (log for log in logs if log.path == rotated),
        (log for log in logs if "%" in log.path and path.startswith(log.path.partition("%")[0])),
        (log for log in logs if _name(log.path) in {_name(path), _name(rotated)}),
    )
    for one in named:
        found = list(one)
        if found:
            return found[0] if len({log.text for log in found}) == 1 else None
    return None


def _name(path: str) -> str:
    return posixpath.basename(path)


def _path(tree: Tree, word: str) -> str | None:
    """Give the file that a log goes to; None where it goes to none that could be told."""
    if word.startswith("syslog"):
        return None
    if word.startswith("|"):
        _, *arguments = split(word.lstrip("|$"))
        return next((one for one in arguments if one.startswith("/")), None)
    return posixpath.normpath(posixpath.join(tree.server_root, word))


def _text(tree: Tree, log: Occurrence, words: Sequence[str]) -> str | None:
    """Give the format that a log is written in; mod_log_config.c: open_multi_logs."""
    if log.name == "transferlog":
        return _last_format(tree, log, None) or _DEFAULT
    if len(words) < 2:  # noqa: PLR2004 - file and format
        return None
    return _last_format(tree, log, words[1]) or words[1]


def _last_format(tree: Tree, log: Occurrence, nickname: str | None) -> str | None:
    """Find a LogFormat: of the log's own virtual host, or else of the main server."""
    server = _server(log)
    for scope in (server, None):
        for occurrence in reversed(tree.by_name.get("logformat", ())):
            text, *names = split(occurrence.args) or ("",)
            if _server(occurrence) is scope and (names[0] if names else None) == nickname:
                return text
    return None


def _server(occurrence: Occurrence) -> Occurrence | None:
    sections = occurrence.sections()
    return next((one for one in sections if one.name == "<virtualhost"), None)
