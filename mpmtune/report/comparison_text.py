"""A comparison as a table for a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.sizes import MIB
from mpmtune.report.plan_load import load_lines
from mpmtune.report.prediction_text import UNKNOWN, shown_time, shown_use
from mpmtune.report.safe_text import printable
from mpmtune.report.text import EMPTY, Line, Span, Style, columns, heading, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.plan.comparison import Candidate, Comparison

_HEADS = ("", "workers", "conns", "MiB", "req/s", "limit", "use", "wait", "p95")


def comparison_lines(comparison: Comparison, width: int) -> list[Line]:
    """Lay the candidates out, one on a line, and say what a coloured number means."""
    rows = [tuple(Span(text, Style.FAINT) for text in _HEADS)]
    rows += [_row(one, comparison.memory.whole) for one in comparison.candidates]
    lines = [heading("Predicted, not measured"), *columns(_aligned(rows), width, gap=1)]
    for note in _notes(comparison):
        lines += paragraph(printable(note), width, indent=2, hang=2)
    return (
        [*load_lines(comparison.load, width)[1:], EMPTY, *lines] if comparison.load.known else lines
    )


def _aligned(rows: Sequence[tuple[Span, ...]]) -> list[tuple[Span, ...]]:
    """Put numbers to the right of their columns."""
    sizes = [max(len(row[at].text) for row in rows) for at in range(len(_HEADS))]
    return [
        (
            row[0],
            *(
                Span(cell.text.rjust(size), cell.style)
                for cell, size in zip(row[1:], sizes[1:], strict=True)
            ),
        )
        for row in rows
    ]


def _row(candidate: Candidate, memory: int) -> tuple[Span, ...]:
    found = candidate.prediction
    too_large = found.memory_worst.whole > memory
    return (
        Span(printable(candidate.name), Style.BAD if candidate.blockers else Style.STRONG),
        Span(f"{found.workers.whole:,}"),
        Span(f"{found.connections.whole:,}", Style.BAD if found.refuses else Style.PLAIN),
        Span(f"{found.memory.whole // MIB:,}", Style.BAD if too_large else Style.PLAIN),
        Span(UNKNOWN if found.saturation is None else f"{found.saturation.whole:,}"),
        Span(found.limited_by or UNKNOWN),
        Span(shown_use(found), Style.BAD if found.overloaded else Style.PLAIN),
        Span(shown_time(found.wait_seconds, found)),
        Span(shown_time(found.p95_seconds, found)),
    )


def _notes(comparison: Comparison) -> Iterator[str]:
    """Say what the numbers are, and which candidates have which trouble."""
    yield (
        "conns: open before newcomers are refused. MiB: at the peak of the load. req/s: at most. "
        "wait and p95: M/M/c, a rough guide."
    )
    for trouble, names in _troubles(comparison).items():
        if names:
            yield f"{trouble}: {', '.join(names)}."
    for one in comparison.candidates:
        for what, why in one.blockers[:1]:
            yield f"{one.name} is blocked by {what}: {why}"
    if not comparison.load.known:
        yield "Nothing is known of the load: --workload FILE tells, or --rps and --service-time."
    predictions = [one.prediction for one in comparison.candidates]
    rates = min(one.trust for one in predictions).word
    memory = min(one.memory.trust for one in predictions).word
    yield f"Throughput and waiting are {rates}, the memory is {memory}."


def _troubles(comparison: Comparison) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {
        f"More than the {comparison.memory.whole // MIB:,} MiB for httpd, at the worst": [],
        "More connections than are admitted, newcomers wait unanswered": [],
        "More arrives than can be answered": [],
        "As if each request needed a backend": [],
    }
    for candidate in comparison.candidates:
        one = candidate.prediction
        marks = (
            one.memory_worst.whole > comparison.memory.whole,
            one.refuses,
            one.overloaded,
            one.limited_by == "backend",
        )
        for trouble, marked in zip(found, marks, strict=True):
            if marked:
                found[trouble].append(candidate.name)
    return found
