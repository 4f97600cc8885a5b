"""Characters of typesetting that look like those of a configuration and are none of them.

Text is latin-1, one character per byte, so each stands as the bytes of its UTF-8.
"""

from __future__ import annotations

import re


def _bytes(characters: str) -> tuple[str, ...]:
    return tuple(character.encode().decode("latin-1") for character in characters)


BYTE_ORDER_MARK = "\xef\xbb\xbf"
# Left and right, low and reversed, of both kinds, and the guillemets of the two.
_DOUBLE = _bytes("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033")
_SINGLE = _bytes("\u2018\u2019\u201a\u201b\u2039\u203a\u2032")
_DASHES = _bytes("\u2010\u2011\u2012\u2013\u2014\u2212")
_BLANKS = _bytes("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000")
_INVISIBLE = _bytes("\u200b\u200c\u200d\u2060\ufeff")

PLAIN = (
    dict.fromkeys(_DOUBLE, '"')
    | dict.fromkeys(_SINGLE, "'")
    | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_BLANKS, " ")
    | dict.fromkeys(_INVISIBLE, "")
)
"""What was meant, for each of them."""


def _any(characters: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(map(re.escape, characters))})"


_QUOTES = _any(_DOUBLE + _SINGLE)
_EDGES = _any(_DASHES)
_ANYWHERE = _any(_BLANKS + _INVISIBLE)
# A quote that opens or closes a word, a dash where a sign would be, a blank that is none.
_HARMFUL = re.compile(f"{_QUOTES}|{_EDGES}(?=[A-Za-z])|.*?{_ANYWHERE}|.*{_QUOTES}\\Z", re.DOTALL)
_CHARACTER = re.compile(_any(tuple(PLAIN)))


def typographic(word: str) -> bool:
    """Tell whether an unquoted word has such a character where one of ASCII is meant."""
    return not word.isascii() and _HARMFUL.match(word) is not None


def first_in(word: str) -> str:
    """Give the first such character, as it is shown to people; empty when there is none."""
    match = _CHARACTER.search(word)
    return match[0].encode("latin-1").decode() if match else ""


def plain(word: str) -> str:
    """Write a word with the characters that were meant."""
    return _CHARACTER.sub(lambda match: PLAIN[match[0]], word)
