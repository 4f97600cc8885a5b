"""Numbers as a small chart of block characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_EIGHTHS = " ▁▂▃▄▅▆▇█"


def bars(values: Sequence[int], height: int) -> list[str]:
    """Draw one bar for each value, the greatest ``height`` rows high; the top row first.

    A value above zero shows at least an eighth of a row.
    """
    greatest = max(values, default=0)
    if not greatest:
        return [" " * len(values)] * height
    eighths = [-(-value * height * 8 // greatest) for value in values]
    return [
        "".join(_EIGHTHS[min(8, max(0, size - 8 * row))] for size in eighths)
        for row in range(height - 1, -1, -1)
    ]


def narrowed(values: Sequence[int], by: int) -> list[int]:
    """Add up ``by`` neighbours each, so that a chart needs fewer columns."""
    return [sum(values[at : at + by]) for at in range(0, len(values), by)]
