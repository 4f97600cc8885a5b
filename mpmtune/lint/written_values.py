"""What one argument says: to a reader, and to httpd."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd import values
from mpmtune.httpd.names import modern
from mpmtune.httpd.refusals import RefusedError
from mpmtune.httpd.words import split

if TYPE_CHECKING:
    from mpmtune.httpd.values import Value
    from mpmtune.model.config import Occurrence

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")


def word_in(occurrence: Occurrence) -> str:
    """Give the first argument, unquoted; empty where there is none."""
    return next(iter(split(occurrence.args)), "")


def integer_in(word: str) -> int | None:
    """Give the number that a reader sees: decimal digits and nothing else; None for other text."""
    return int(word) if _INTEGER.fullmatch(word) else None


def value_of(occurrence: Occurrence) -> Value | None:
    """Give what httpd makes of the argument of a directive of ``httpd.values.PARSERS``.

    Returns:
        Seconds for time-outs, bytes for sizes, ``On`` or ``Off``; None for what httpd refuses.
    """
    try:
        return values.parse(modern(occurrence.name), word_in(occurrence))
    except RefusedError:
        return None


def number_of(occurrence: Occurrence | None) -> int | float | None:
    """Give the number that httpd reads; None for what it refuses, and where there is no line."""
    value = None if occurrence is None else value_of(occurrence)
    return value if isinstance(value, int | float) else None
