"""Numbers that differ little from one to the next, as short text.

The difference of each from the one before it, the first one from 0, in the base64 VLQ of source
maps: digits of five bits, the lowest first, a sixth bit where another one follows; the lowest bit
of all is the sign.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_BITS = 5
_MORE = 1 << _BITS
_LONGEST = 20


def written(numbers: Iterable[int]) -> str:
    """Write numbers."""
    made = ""
    before = 0
    for number in numbers:
        rest = abs(number - before) << 1 | (number < before)
        before = number
        while rest >= _MORE:
            made += _DIGITS[rest % _MORE | _MORE]
            rest >>= _BITS
        made += _DIGITS[rest]
    return made


def read(text: str) -> list[int]:
    """Read what ``written`` wrote.

    Raises:
        ValueError: when it is something else.
    """
    made: list[int] = []
    number = rest = length = 0
    for digit in text:
        value = _VALUES.get(digit)
        if value is None or length == _LONGEST:
            raise ValueError("no differences")
        rest |= value % _MORE << _BITS * length
        length += 1
        if value < _MORE:
            number += -(rest >> 1) if rest & 1 else rest >> 1
            made.append(number)
            rest = length = 0
    if length:
        raise ValueError("cut off")
    return made
