"""A prediction in words, and its numbers as a reader has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.sizes import show_size
from mpmtune.report.text import EMPTY, Line, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.prediction import Prediction

UNKNOWN = "–"
_MANY_SECONDS = 10


def prediction_lines(found: Prediction | None, width: int) -> list[Line]:
    """Say in a few sentences what a plan comes to; nothing where nothing is predicted."""
    if found is None:
        return []
    return [EMPTY, *paragraph(" ".join(_sentences(found)), width)]


def _sentences(found: Prediction) -> Iterator[str]:
    memory = show_size(found.memory.whole)
    yield (
        f"Predicted ({found.trust.word}): {memory} at the peak of this load, "
        f"{found.connections.whole:,} connections before newcomers are refused."
    )
    if found.saturation is not None:
        yield f"At most {found.saturation.whole:,} requests a second ({found.limited_by})."
    if found.overloaded:
        yield "More arrives than that."
    elif found.utilisation is not None:
        wait, p95 = shown_time(found.wait_seconds, found), shown_time(found.p95_seconds, found)
        yield f"{shown_use(found)} of it are used: {wait} of waiting on the mean, p95 {p95} (M/M/c)."


def shown_use(found: Prediction) -> str:
    """Write the utilisation."""
    if found.utilisation is not None:
        return f"{round(found.utilisation * 100)}%"
    return "full" if found.overloaded else UNKNOWN


def shown_time(seconds: float | None, found: Prediction) -> str:
    """Write a time of a prediction; without end where more arrives than can be answered."""
    if seconds is None:
        return "∞" if found.overloaded else UNKNOWN
    if seconds >= _MANY_SECONDS:
        return f"{seconds:.0f}s"
    return f"{seconds:.1f}s" if seconds >= 1 else f"{seconds * 1000:.0f}ms"
