"""A bench as tables for a terminal, 80 columns wide or more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.bench import GRID
from mpmtune.model.sizes import show_size
from mpmtune.report.safe_text import printable
from mpmtune.report.text import EMPTY, Line, Span, Style, heading, line, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.model.bench import Bench, Claim, Compared, Measured

_HEAD = ("setting", "MPM", "score", "spread", "of best", "memory", "budget", "runs")
_VERDICTS = {
    "true": Style.GOOD,
    "partly": Style.NOTICE,
    "false": Style.BAD,
    "unknown": Style.FAINT,
}
_GOOD = 0.95
_POOR = 0.5
_GAP = 2


def bench_lines(bench: Bench, width: int) -> list[Line]:
    """Lay out what was measured."""
    lines: list[Line] = []
    for compared in bench.compared:
        lines += [*_compared(compared, width), EMPTY]
    for claim in bench.claims:
        lines += [*_claim(claim, width), EMPTY]
    for remark in bench.remarks:
        lines += paragraph(printable(remark), width)
    lines += paragraph("; ".join(f"{name} {value}" for name, value in bench.machine), width)
    return lines


def _compared(compared: Compared, width: int) -> Iterator[Line]:
    yield heading(compared.workload)
    yield from paragraph(compared.about, width)
    budget = compared.budget_bytes
    bound = f"; httpd may have {show_size(budget)}" if budget is not None else ""
    note = " A guard: it shows losses, it does not rank." if compared.guard else ""
    yield from paragraph(f"Score: {compared.scored}{bound}.{note}", width)
    rows = [tuple(Span(word, Style.FAINT) for word in _HEAD)]
    rows += [_row(compared, one) for one in compared.settings]
    yield from _table(rows, width)
    for one in compared.settings:
        if one.refused:
            yield from paragraph(f"{one.name}: {printable(one.refused)}", width, indent=2, hang=2)
    for remark in compared.remarks:
        yield from paragraph(printable(remark), width, indent=2, hang=2)


def _row(compared: Compared, one: Measured) -> tuple[Span, ...]:
    best = one is compared.best
    name = Span(printable(one.name), Style.STRONG if best else Style.PLAIN)
    kind = Span("grid " if one.role == GRID else "", Style.FAINT)
    mpm = Span(kind.text + one.mpm.value)
    if one.refused:
        return (name, mpm, Span("refused", Style.BAD), *(Span("") for _ in _HEAD[3:]))
    if not one.runs:
        return (name, mpm, Span("–"), *(Span("") for _ in _HEAD[3:]))
    spread = "" if one.spread is None else f"±{one.spread / 2:.0%}"
    return (
        name,
        mpm,
        Span(score_text(one.score)),
        Span(spread, Style.FAINT),
        _ratio(compared, one),
        Span(show_size(one.pss_bytes)),
        _against(compared, one),
        Span(str(len(one.runs)), Style.FAINT),
    )


def score_text(score: float) -> str:
    """Write a score with three digits that count."""
    return f"{score:,.0f}" if score >= 100 else f"{score:.3g}"  # noqa: PLR2004 - three digits


def _ratio(compared: Compared, one: Measured) -> Span:
    ratio = compared.ratio(one)
    if ratio is None:
        return Span("–")
    look = Style.GOOD if ratio >= _GOOD else Style.BAD if ratio < _POOR else Style.NOTICE
    return Span(f"{ratio:.2f}", look)


def _against(compared: Compared, one: Measured) -> Span:
    if compared.budget_bytes is None:
        return Span("")
    share = f"{one.pss_bytes / compared.budget_bytes:.0%}"
    return Span(f"{share} !", Style.BAD) if one.over_budget else Span(share)


def _table(rows: Sequence[tuple[Span, ...]], width: int) -> Iterator[Line]:
    """Align: the name to the left and cut where there is no room, numbers to the right."""
    widths = [max(len(row[at].text) for row in rows) for at in range(len(_HEAD))]
    others = sum(widths[1:]) + _GAP * len(widths)
    widths[0] = min(widths[0], max(12, width - others))
    for row in rows:
        parts: list[str | Span] = ["  "]
        for at, cell in enumerate(row):
            text = cell.text if len(cell.text) <= widths[at] else cell.text[: widths[at] - 1] + "…"
            left = at < len(("setting", "MPM"))
            padded = text.ljust(widths[at]) if left else text.rjust(widths[at])
            parts += [Span(padded, cell.style), " " * _GAP]
        yield line(*parts[:-1])


def _claim(claim: Claim, width: int) -> Iterator[Line]:
    yield from (
        (*made[:-1], Span(made[-1].text, Style.HEADING)) for made in paragraph(claim.text, width)
    )
    yield line("  ", Span(claim.verdict, _VERDICTS[claim.verdict]))
    yield from paragraph(claim.finding, width, indent=2)
    for name, figures in claim.rows:
        shown = ", ".join(_figure(word, value) for word, value in figures)
        yield from paragraph(f"{name}: {shown}", width, indent=4, hang=2)


def _figure(word: str, value: float) -> str:
    """Show a figure with the unit that ends its name: ``p99_seconds``, ``pss_bytes``."""
    name, _, unit = word.replace("_", " ").rpartition(" ")
    if unit == "bytes":
        return f"{name} {show_size(int(value))}"
    if unit == "seconds":
        return f"{name} {value:.3g} s"
    if unit == "share":
        return f"{name} {value:.0%}"
    return f"{name} {unit} {value:,.4g}".lstrip()
