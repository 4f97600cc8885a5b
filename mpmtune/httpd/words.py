"""Words as httpd splits them: server/util.c, ap_getword_conf and substring_conf.

Quotes count only where they start a word, a backslash undoes itself and the quote around it, and
an unclosed quote runs to the end. Text is latin-1, one character per byte; blanks are those of
C's isspace, so a no-break space is an ordinary character.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

BLANKS = " \t\n\v\f\r"

_PLAIN_WORD = re.compile(r"[^ \t\n\v\f\r]+")
_WORD = re.compile(
    r"""
    "(?P<double>[^"\\]*(?:\\["\\]?[^"\\]*)*)(?:"|\Z)
    | '(?P<single>[^'\\]*(?:\\['\\]?[^'\\]*)*)(?:'|\Z)
    | (?P<plain>[^ \t\n\v\f\r]+)
    """,
    re.VERBOSE,
)
_ONE_WORD = 2  # quotes
_BLANK_RUN = re.compile(r"[ \t\n\v\f\r]*")
_UNDONE = {
    "double": re.compile(r'\\(["\\])'),
    "single": re.compile(r"\\(['\\])"),
    "plain": re.compile(r"\\(\\)"),
}


def next_word(text: str, at: int = 0) -> tuple[str, int]:
    """Read one word.

    Returns:
        The word without its quotes, and where the next one begins; an empty word and the end of
        the text when only blanks are left.
    """
    start = _after_blanks(text, at)
    match = _WORD.match(text, start)
    if match is None:
        return "", len(text)
    return _unquoted(match), _after_blanks(text, match.end())


# Rules of several families ask for the same lines, one family after the other.
@lru_cache(maxsize=1 << 16)
def split(args: str) -> tuple[str, ...]:
    """Split arguments into words: ``a "b c"`` is a and b c."""
    if "\\" not in args and '"' not in args and "'" not in args:
        return tuple(_PLAIN_WORD.findall(args))
    if args[0] == '"' == args[-1] and args.count('"') == _ONE_WORD and "\\" not in args:
        return (args[1:-1],)
    return tuple(_unquoted(match) for match in _matches(args))


@lru_cache(maxsize=4096)
def spans(args: str) -> tuple[tuple[int, int], ...]:
    """Give the span of each word of ``args``, its quotes included."""
    if '"' not in args and "'" not in args:
        return tuple(match.span() for match in _PLAIN_WORD.finditer(args))
    return tuple(match.span() for match in _matches(args))


def section_argument(args: str) -> str | None:
    """Give what a section's handler takes as its argument: all before the last ``>``.

    None where there is no ``>``: httpd says that the directive misses its closing bracket.
    """
    end = args.rfind(">")
    return None if end < 0 else args[:end]


def arguments(name: str, args: str) -> tuple[str, ...]:
    """Split the arguments of a directive or of a section (``<directory``), its ``>`` left out."""
    if name.startswith("<"):
        inner = section_argument(args)
        return split(args if inner is None else inner)
    return split(args)


def _matches(args: str) -> Iterator[re.Match[str]]:
    at = _after_blanks(args, 0)
    while (match := _WORD.match(args, at)) is not None:
        yield match
        at = _after_blanks(args, match.end())


def _after_blanks(text: str, at: int) -> int:
    run = _BLANK_RUN.match(text, at)
    return run.end() if run else at


def _unquoted(match: re.Match[str]) -> str:
    kind = match.lastgroup or "plain"
    word = match[kind]
    return _UNDONE[kind].sub(r"\1", word) if "\\" in word else word
