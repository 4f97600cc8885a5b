"""What a group of somebody's pattern may capture, asked with a few texts; it is run on no others.

Only patterns are judged that ``httpd.regex`` reads as PCRE does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.regex import compile_regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONGEST = 4_000
# Each alternative begins with another character, so that reading is linear.
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?[:=!]|\(|\)|[^\\\[()]+", re.DOTALL)
_NUMBERED_OTHERWISE = re.compile(r"\(\?[^:=!]|\(\*|\\Q")


class Group(NamedTuple):
    """A group of a pattern.

    Attributes:
        before: The pattern's text up to the group.
        body: What stands between its parentheses.
    """

    before: str
    body: str

    @property
    def begins_the_text(self) -> bool:
        """Whether it captures from the first character of the text on.

        Without an anchor the leftmost match counts, and ``.*`` matches there.
        """
        before = self.before.replace("(", "")
        return before == "^" or (not before and self.body.startswith((".*", ".+", "^")))

    def may_be(self, texts: Iterable[str], *, ignore_case: bool = False) -> bool:
        """Tell whether it may capture one of some texts; False where that is not known."""
        compiled = compile_regex(f"^(?:{self.body})$", ignore_case=ignore_case)
        return compiled is not None and any(compiled.matches(text) for text in texts)


def group_of(pattern: str, number: int) -> Group | None:
    """Find a group by its number; 0 is the whole pattern.

    Returns:
        None where there is none, or where groups may be numbered in another way.
    """
    if len(pattern) > _LONGEST or _NUMBERED_OTHERWISE.search(pattern):
        return None
    if number == 0:
        begins = "^" if pattern.startswith("^") else ""
        return Group(begins, pattern.removeprefix("^").removesuffix("$"))
    return next((group for n, group in _groups(pattern) if n == number), None)


def _groups(pattern: str) -> Iterator[tuple[int, Group]]:
    """Give every capturing group with its number, as each one closes."""
    opened: list[tuple[int, int, int]] = []
    count = 0
    for piece in _PIECE.finditer(pattern):
        if piece[0][0] == "(":
            count += piece[0] == "("
            opened.append((count if piece[0] == "(" else 0, piece.start(), piece.end()))
        elif piece[0] == ")" and opened:
            number, start, after = opened.pop()
            if number:
                yield number, Group(pattern[:start], pattern[after : piece.start()])
