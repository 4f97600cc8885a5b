"""Logical lines as httpd builds them: server/util.c, ap_cfg_getline_core and cfg_trim_line."""

from __future__ import annotations

import re
from typing import NamedTuple

from mpmtune.httpd.words import BLANKS

CONFIG_LINE_LIMIT = 16 * 1024 * 1024  # config.c: VARBUF_MAX_LEN
HTACCESS_LINE_LIMIT = 8192  # HUGE_STRING_LEN; a macro's body line is held to it too


# Lines that do nothing but go on are taken many at a time.
_PLAINLY_CONTINUED = re.compile(r"(?:[^\\\n\r\0]*\\\n){1,4096}")


class LogicalLine(NamedTuple):
    """A line after its continuations are joined.

    Attributes:
        text: What httpd sees: blanks at both ends are gone.
        end: Offset in the source after it.
        length: Characters that httpd had to hold before blanks were trimmed.
    """

    text: str
    end: int
    length: int


def logical_line(source: str, start: int) -> LogicalLine:
    r"""Join the line that starts at an offset of a source.

    A backslash right before the end of the line continues it, whatever stands before the
    backslash: after ``a\\`` an empty line continues too, for httpd looks at what it has joined so
    far. NUL hides the rest of its physical line, its end included.
    """
    line = bytearray()
    end, goes_on = start, True
    while goes_on and end < len(source):
        run = _PLAINLY_CONTINUED.match(source, end)
        if run is None:
            end, goes_on = _take(source, end, line)
        else:
            line += run[0].replace("\\\n", "").encode("latin-1")
            end = run.end()
    return LogicalLine(line.decode("latin-1").strip(BLANKS), end, len(line))


def source_offset(source: str, start: int, at: int) -> int:
    """Give the offset in the source of a character of the logical line that starts there.

    Args:
        source: The source.
        start: Where the line starts.
        at: Offset in ``LogicalLine.text``.
    """
    line = bytearray()
    end, goes_on, trimmed, leading = start, True, 0, True
    while goes_on and end < len(source):
        begins, held = end, len(line)
        end, goes_on = _take(source, begins, line)
        if leading:
            piece = line[held:]
            trimmed += len(piece) - len(piece.lstrip())
            leading = not piece.strip()
        if at + trimmed < len(line):
            return begins + at + trimmed - held
    return end


def _take(source: str, at: int, line: bytearray) -> tuple[int, bool]:
    """Add a physical line; give the offset after it, and whether the line goes on."""
    newline = source.find("\n", at)
    end = newline + 1 if newline >= 0 else len(source)
    piece = source[at:end]
    if "\0" in piece:
        line += piece[: piece.index("\0")].encode("latin-1")
        return end, False
    line += piece.encode("latin-1")
    return end, _continues(line)


def _continues(line: bytearray) -> bool:
    """Tell whether the line goes on, and cut what says so."""
    if line.endswith(b"\\\n"):
        del line[-2:]
        return True
    if line.endswith(b"\\\r\n"):
        del line[-3:]
        return True
    return False
