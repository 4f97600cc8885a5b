"""Logical lines as httpd builds them: server/util.c, ap_cfg_getline_core and cfg_trim_line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.words import BLANKS

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG_LINE_LIMIT = 16 * 1024 * 1024  # config.c: VARBUF_MAX_LEN
HTACCESS_LINE_LIMIT = 8192  # HUGE_STRING_LEN; a macro's body line is held to it too


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
    end = start
    for _, reached in _pieces(source, start, line):
        end = reached
    return LogicalLine(line.decode("latin-1").strip(BLANKS), end, len(line))


def source_offset(source: str, start: int, at: int) -> int:
    """Give the offset in the source of a character of the logical line that starts there.

    Args:
        source: The source.
        start: Where the line starts.
        at: Offset in ``LogicalLine.text``.
    """
    line = bytearray()
    begins, trimmed, leading = start, 0, True
    for held, end in _pieces(source, start, line):
        if leading:
            piece = line[held:]
            trimmed += len(piece) - len(piece.lstrip())
            leading = not piece.strip()
        if at + trimmed < len(line):
            return begins + at + trimmed - held
        begins = end
    return begins


def _pieces(source: str, start: int, line: bytearray) -> Iterator[tuple[int, int]]:
    """Add the physical lines to ``line`` one by one.

    Yields:
        What the line held before the piece, and the offset in the source after the piece.
    """
    end, size = start, len(source)
    while end < size:
        at, held = end, len(line)
        newline = source.find("\n", at)
        end = newline + 1 if newline >= 0 else size
        nul = source.find("\0", at, end)
        line += source[at : nul if nul >= 0 else end].encode("latin-1")
        goes_on = nul < 0 and _continues(line)
        yield held, end
        if not goes_on:
            return


def _continues(line: bytearray) -> bool:
    """Tell whether the line goes on, and cut what says so."""
    if line.endswith(b"\\\n"):
        del line[-2:]
        return True
    if line.endswith(b"\\\r\n"):
        del line[-3:]
        return True
    return False
