"""Logical lines as httpd builds them: server/util.c, ap_cfg_getline_core and cfg_trim_line."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from mpmtune.httpd.words import BLANKS

CONFIG_LINE_LIMIT = 16 * 1024 * 1024  # config.c: VARBUF_MAX_LEN
HTACCESS_LINE_LIMIT = 8192  # HUGE_STRING_LEN; a macro's body line is held to it too


class LogicalLine(NamedTuple):
    """A line after its continuations are joined, blanks at both ends gone.

    Attributes:
        text: What httpd sees.
        end: Offset in the source after it.
        length: Characters that httpd had to hold before blanks were trimmed.
        joints: Where pieces begin: offsets in ``text``, ascending, which may be negative for the
            first.
        sources: Where the same pieces begin in the source.
    """

    text: str
    end: int
    length: int
    joints: tuple[int, ...]
    sources: tuple[int, ...]

    def source_offset(self, at: int) -> int:
        """Give the offset in the source of a character of ``text``."""
        piece = bisect_right(self.joints, at) - 1
        return self.sources[piece] + at - self.joints[piece]


def logical_line(source: str, start: int) -> LogicalLine:
    r"""Join the line that starts at an offset of a source.

    A backslash right before the end of the line continues it, whatever stands before the
    backslash: after ``a\\`` an empty line continues too, for httpd looks at what it has joined so
    far. NUL hides the rest of its physical line, its end included.
    """
    line = bytearray()
    joints: list[int] = []
    sources: list[int] = []
    at = start
    while at < len(source):
        newline = source.find("\n", at)
        end = newline + 1 if newline >= 0 else len(source)
        joints.append(len(line))
        sources.append(at)
        nul = source.find("\0", at, end)
        line += source[at : nul if nul >= 0 else end].encode("latin-1")
        at = end
        if nul >= 0 or not _continues(line):
            break
    length = len(line)
    text = line.decode("latin-1").rstrip(BLANKS)
    trimmed = text.lstrip(BLANKS)
    shift = len(text) - len(trimmed)
    return LogicalLine(
        trimmed, at, length, tuple(joint - shift for joint in joints), tuple(sources)
    )


def _continues(line: bytearray) -> bool:
    """Tell whether the line goes on, and cut what says so."""
    if not line.endswith(b"\n"):
        return False
    end = len(line) - 1
    if line.endswith(b"\r", 0, end):
        end -= 1
    if not line.endswith(b"\\", 0, end):
        return False
    del line[end - 1 :]
    return True
