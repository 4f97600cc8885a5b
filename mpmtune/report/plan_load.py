"""The demand that a plan was made for, as lines for a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.report.derivation import show
from mpmtune.report.safe_text import printable
from mpmtune.report.text import EMPTY, Line, Span, Style, columns, heading, paragraph

if TYPE_CHECKING:
    from mpmtune.model.load import Load
    from mpmtune.model.quantity import Quantity

_LABELS = {
    "arrivals": "requests a second",
    "service": "time of a request",
    "service_p95": "… of 95 %",
    "concurrency": "in work at once",
    "usual": "… on the mean",
    "burst": "more than a second before",
    "opened": "connections opened a second",
    "connections": "connections kept open",
    "slow_readers": "slow readers",
    "streams": "HTTP/2 streams at once",
    "cpu_seconds": "CPU time of a request",
}


def load_lines(load: Load, width: int) -> list[Line]:
    """Lay a load out, each number with where it is from; nothing where nothing is known."""
    if not load.known:
        return []
    rows = [
        (Span(_LABELS[name]), Span(show(part.value, part.unit)), Span(_from(part), Style.FAINT))
        for name, part in load.parts()
        if part is not None
    ]
    size = max(len(row[1].text) for row in rows)
    aligned = [(row[0], Span(row[1].text.rjust(size)), row[2]) for row in rows]
    lines = [EMPTY, heading("Workload"), *columns(aligned, width)]
    for why in load.open_ended:
        lines += paragraph(f"There may be more: {printable(why)}.", width, indent=2, hang=2)
    return lines


def _from(part: Quantity) -> str:
    """Name the weakest evidence and, of a leaf, its source."""
    source = part.evidence.source if part.evidence is not None else part.because
    return printable(f"{part.trust.word}: {source}")
