"""Numbers as httpd reads them: C's atoi, strtol and strtod, and httpd's time parser.

None of them refuses what a person would call a typing error: ``5K`` is 5 and ``abc`` is 0.
Arguments are latin-1 text, one character per byte, so only ASCII digits are digits.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_BLANK = r"[ \t\n\v\f\r]*"
_INTEGER = re.compile(_BLANK + r"([+-]?[0-9]+)")
_REAL = re.compile(
    _BLANK
    + r"(?P<sign>[+-]?)(?:"
    + r"(?P<decimal>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?)"
    + r"|(?P<hex>0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)(?:p[+-]?[0-9]+)?)"
    + r"|(?P<infinity>inf(?:inity)?)"
    + r"|nan(?:\([0-9a-z_]*\))?"
    + r")",
    re.IGNORECASE,
)

LONG_MAX = 2**63 - 1
LONG_MIN = -(2**63)
_INT_SPAN = 2**32
_UNSIGNED_MASK = _INT_SPAN - 1
_FACTOR_SCALE = 16  # event.c: WORKER_FACTOR_SCALE
_WHOLE_FACTORS_SINCE = (2, 4, 30)
_DIGITS_NEVER_IN_RANGE = 30

_MICROSECONDS = {"s": 10**6, "h": 3600 * 10**6, "ms": 1000, "mi": 60 * 10**6}


@dataclass(frozen=True, slots=True)
class Long:
    """What strtol made of a text.

    Attributes:
        value: The number, saturated to 64 bits.
        end: Offset of the first character that is no part of it; 0 when there are no digits.
        overflow: The text was beyond 64 bits (errno is ERANGE).
    """

    value: int
    end: int
    overflow: bool


def strtol(text: str) -> Long:
    """Read a decimal number as C does: blanks, a sign, digits; the rest is left over."""
    match = _INTEGER.match(text)
    if match is None:
        return Long(0, 0, overflow=False)
    value = _integer(match[1])
    if LONG_MIN <= value <= LONG_MAX:
        return Long(value, match.end(), overflow=False)
    return Long(LONG_MAX if value > 0 else LONG_MIN, match.end(), overflow=True)


def atoi(text: str) -> int:
    """Read a number as C's atoi does: never an error, 64 bits cut down to the low 32."""
    return to_int32(strtol(text).value)


def to_int32(value: int) -> int:
    """Keep the low 32 bits, as storing a long in an int does."""
    return (value + _INT_SPAN // 2) % _INT_SPAN - _INT_SPAN // 2


def strtod(text: str) -> float | None:
    """Read a real number as C's strtod does; None when anything is left over.

    Hexadecimal, ``inf`` and ``nan`` are numbers to it.
    """
    match = _REAL.fullmatch(text)
    if match is None:
        return None
    if match["decimal"]:
        value = float(match["decimal"])
    elif match["hex"]:
        value = _hexadecimal(match["hex"])
    else:
        value = math.inf if match["infinity"] else math.nan
    return -value if match["sign"] == "-" else value


def connections_per_idle_worker(factor: float, version: tuple[int, ...]) -> float:
    """Give the AsyncRequestWorkerFactor that event works with.

    httpd keeps the factor in sixteenths in an unsigned int (event.c: set_worker_factor). Since
    2.4.30 it is at least 1 and its fraction is dropped; before, sixteenths count. A value that
    the unsigned int cannot hold loses its high bits, as the conversion on x86-64 does.
    """
    in_range = math.isfinite(factor) and abs(factor) < LONG_MAX / _FACTOR_SCALE
    sixteenths = int(factor * _FACTOR_SCALE) & _UNSIGNED_MASK if in_range else 0
    if version >= _WHOLE_FACTORS_SINCE:
        return max(sixteenths, _FACTOR_SCALE) // _FACTOR_SCALE
    return max(sixteenths, 1) / _FACTOR_SCALE


def parse_timeout(text: str) -> int | None:
    """Read a time as util.c's ap_timeout_parameter_parse does, a bare number being seconds.

    Returns:
        Microseconds; None for what httpd refuses. Only the first letters of the unit count
        (``s``, ``h``, ``ms``, ``mi``), and only small ones.
    """
    number = strtol(text)
    unit = text[number.end :] or "s"
    scale = _MICROSECONDS.get(unit[:2] if unit[0] == "m" else unit[0])
    if scale is None or number.overflow or number.value < 0:
        return None
    microseconds = number.value * scale
    return microseconds if microseconds <= LONG_MAX else None


def parse_flag(text: str) -> bool | None:
    """Read ``On`` or ``Off`` in any case; None for anything else."""
    return {"on": True, "off": False}.get(text.lower())


def _integer(text: str) -> int:
    """Convert digits of any length in linear time: what is too long is out of range anyway."""
    sign = -1 if text[0] == "-" else 1
    digits = text.lstrip("+-").lstrip("0")
    return sign * int(digits[:_DIGITS_NEVER_IN_RANGE] or "0")


def _hexadecimal(text: str) -> float:
    try:
        return float.fromhex(text)
    except OverflowError:
        return math.inf
