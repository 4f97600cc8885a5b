"""Sizes and times as administrators write them, and back."""

import re
from fractions import Fraction

_SIZE = re.compile(
    r"(?P<number>\d{1,20}(?:\.\d{1,6})?)\s*(?P<unit>[KMGTP]?)(?:i?B?)", re.IGNORECASE | re.ASCII
)
_TIME = re.compile(r"(?P<number>\d{1,12}(?:\.\d{1,6})?)\s*(?P<unit>ms|s|min|h)?", re.ASCII)
_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5}
_SECONDS = {"ms": Fraction(1, 1000), "s": Fraction(1), "min": Fraction(60), "h": Fraction(3600)}
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")

KIB = 1024
MIB = 1024**2
GIB = 1024**3


def parse_size(text: str) -> int:
    """Read ``512MiB``, ``4GiB``, ``1.5G`` or a bare number of bytes.

    Raises:
        ValueError: if the text is no size.
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no size")
    return int(Fraction(match["number"]) * KIB ** _POWERS[match["unit"].upper()])


def parse_time(text: str) -> Fraction:
    """Read ``30s``, ``500ms``, ``5min``, ``2h`` or a bare number of seconds; give seconds.

    Raises:
        ValueError: if the text is no time.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no time")
    return Fraction(match["number"]) * _SECONDS[match["unit"] or "s"]


def show_size(number: int) -> str:
    """Write a size for a reader: at most one decimal, the largest unit that keeps it at 1 or more.

    Whole numbers below 10,000 of a unit stay in that unit, so that sums can be checked by eye.
    """
    if number < 0:
        return "-" + show_size(-number)
    power = 0
    while number >= 10_000 * KIB**power and power < len(_UNITS) - 1:
        power += 1
    tenths = (number * 10 + KIB**power // 2) // KIB**power
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest} {_UNITS[power]}" if rest else f"{whole} {_UNITS[power]}"
