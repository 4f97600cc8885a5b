"""A few unreadable lines to show: escaped, short, and without what a log may tell of its users."""

from __future__ import annotations

import heapq
import re
from typing import TYPE_CHECKING

from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

SAMPLES = 3
_LENGTH = 100
_HIDDEN = "…"
# Queries, values of cookies and parameters, user parts of URLs, credentials.
_SECRETS = (
    (re.compile(r"\?[^\s\"]+"), f"?{_HIDDEN}"),
    (re.compile(r"=[^\s\"&;]+"), f"={_HIDDEN}"),
    (re.compile(r"://[^/\s\"@]*@"), f"://{_HIDDEN}@"),
    (re.compile(r"\b(basic|bearer|digest|negotiate)\s+[^\s\"]+", re.IGNORECASE), rf"\1 {_HIDDEN}"),
)


def shown(line: bytes, length: int = _LENGTH) -> str:
    """Make text of a piece of a line that may be printed."""
    # What lies behind the cut cannot be shown, so it need not be looked at; a secret that the
    # cut goes through is still one.
    text = line[: 4 * length].decode("utf-8", "backslashreplace")
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    text = printable(text)
    return text if len(text) <= length else text[:length] + _HIDDEN


def fewest(samples: Iterable[str]) -> tuple[str, ...]:
    """Choose samples that are the same whatever the order in which lines came."""
    return tuple(heapq.nsmallest(SAMPLES, set(samples)))
