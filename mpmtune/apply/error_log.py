"""What httpd has written to its error log since something was done to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from mpmtune.detect.answers import parse_messages
from mpmtune.httpd.clamp_messages import CLAMPS
from mpmtune.httpd.messages import ah

_MOST_BYTES = 1024 * 1024
_FATAL = re.compile(r":(?:emerg|alert|crit)\] ")
_ID = re.compile(r"AH\d{5}")
# What check_config says of values that it lowers, raises or keeps as they were.
_CLAMPED = frozenset(ah(int(number)) for row in CLAMPS for number in re.findall(r"\d+", row[0]))
# No memory for the scoreboard, no thread, no place for a child, no port, a child that cannot live
# (scoreboard.c, event.c, worker.c, listen.c).
_CRIPPLED = frozenset(
    {"AH00004", "AH00480", "AH00282", "AH03104", "AH02324", "AH03490", "AH03286", "AH00072"}
    | {"AH00481", "AH00052"}
)


@dataclass(frozen=True, slots=True)
class LogMark:
    """A place in the error log.

    Attributes:
        path: The file; None where httpd logs elsewhere.
        size: How long it was, in bytes.
    """

    path: str | None
    size: int


def mark(path: str | None) -> LogMark:
    """Remember how long the log is now."""
    try:
        return LogMark(path, Path(path).stat().st_size if path is not None else 0)
    except OSError:
        return LogMark(path, 0)


def written_since(since: LogMark) -> str:
    """Read what was added since, at most 1 MiB; from its beginning where it was rotated."""
    if since.path is None:
        return ""
    try:
        with Path(since.path).open("rb") as file:
            file.seek(0, 2)
            file.seek(since.size if file.tell() >= since.size else 0)
            return file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def against(text: str) -> tuple[str, ...]:
    """Choose what says that values are not in force, or that httpd cannot work as it should."""
    chosen = [
        line
        for line in text.splitlines()
        if _FATAL.search(line) or not (_CLAMPED | _CRIPPLED).isdisjoint(_ID.findall(line))
    ]
    return tuple(dict.fromkeys(parse_messages("\n".join(chosen))))
