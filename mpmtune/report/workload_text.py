"""A workload as one screen of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.messages import find
from mpmtune.model.sizes import show_size
from mpmtune.model.workload import MICROSECONDS, SLOT_SECONDS, Trouble
from mpmtune.report.chart import bars, narrowed
from mpmtune.report.safe_text import printable
from mpmtune.report.text import EMPTY, Line, Span, Style, columns, heading, line, paragraph
from mpmtune.report.workload_unknown import better_format, unknown_of
from mpmtune.report.workload_v1 import utc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mpmtune.model.distribution import Distribution
    from mpmtune.model.workload import LogEvent, Workload

    _Show = Callable[[float], str]

_RANKS = (("p50", 500), ("p90", 900), ("p95", 950), ("p99", 990), ("p99.9", 999))
_HEIGHT = 4
_HOURS_A_MARK = 3
_OOM = "oom_kill"
_TROUBLES = {
    Trouble.CLOCK_SET_BACK: "The time went back {n} times: a clock was set, or logs were joined out of "
    "order. Seconds that came twice count their requests together.",
    Trouble.TRUNCATED: "{n} compressed logs end before their end; what was there has been read.",
    Trouble.DAMAGED: "{n} compressed logs are damaged; what comes before the damage has been read.",
    Trouble.SHRANK: "{n} logs became shorter while they were read; what was still there counts.",
    Trouble.TOO_DENSE: "{n} compressed logs grow more than 200 times and were left there: no log "
    "does that.",
    Trouble.LATE: "{n} seconds came so much later than the rest of their hour that only the totals "
    "and the day hold them.",
    Trouble.OVERLONG: "{n} requests took more than a day; they are left out of all times.",
    Trouble.PARTIAL: "{n} logs are written for some requests only (env= or expr=): the server has "
    "more to do than they say.",
}


def workload_lines(workload: Workload, width: int) -> list[Line]:
    """Lay a workload out: its numbers, its day, and what is not known."""
    return [
        *_title(workload, width),
        *(_numbers(workload, width) if workload.requests.read else ()),
        *_day(workload, width),
        *_events(workload.events, width),
        *_status(workload, width),
        *_troubles(workload, width),
        *_unknown(workload, width),
    ]


def _title(workload: Workload, width: int) -> Iterator[Line]:
    counts = workload.requests
    yield line(Span(f"{counts.read:,} requests", Style.STRONG), *_period(workload))
    for text in workload.formats:
        yield from paragraph(f"read as {printable(text)}", width, indent=2, hang=2)
    if counts.bad:
        share = f"{counts.bad:,} of {counts.read + counts.bad:,} lines could not be read, such as:"
        yield line(Span(f"  {share}", Style.NOTICE))
        for sample in workload.samples:
            yield line("    ", Span(sample[: max(20, width - 4)], Style.FAINT))


def _period(workload: Workload) -> Iterator[str]:
    if workload.first is None:
        return
    hours = workload.observed_seconds / 3600
    parts = f" of {workload.parts} parts" if workload.parts > 1 else ""
    yield f" from {utc(workload.first)} to {utc(workload.last)}, {hours:,.1f} hours{parts}"


def _numbers(workload: Workload, width: int) -> Iterator[Line]:
    yield EMPTY
    names = ("", "mean", *(name for name, _ in _RANKS), "peak")
    rows = [tuple(Span(name.rjust(8) if name else "", Style.FAINT) for name in names)]
    rows.append(_row("requests a second", workload.arrivals, _plain))
    if workload.busy.counts:
        rows.append(_row("busy workers", workload.busy, _workers))
        rows.append(_row("time a request takes", workload.service, _time))
    yield from columns(rows, width, gap=1)
    yield EMPTY
    yield from columns(
        [(Span(name, Style.PLAIN), Span(text)) for name, text in _facts(workload)], width
    )


def _row(name: str, values: Distribution, show: _Show) -> tuple[Span, ...]:
    cells = (values.mean, *(values.at(rank) for _, rank in _RANKS), values.largest)
    return (Span(name), *(Span(show(float(cell)).rjust(8)) for cell in cells))


def _plain(value: float) -> str:
    return f"{value:,.1f}" if value < 100 and value != int(value) else f"{value:,.0f}"  # noqa: PLR2004 - digits


def _workers(microseconds: float) -> str:
    return f"{microseconds / MICROSECONDS:,.1f}"


def _time(microseconds: float) -> str:
    for unit, size in (("s", MICROSECONDS), ("ms", 1000)):
        if microseconds >= size:
            value = microseconds / size
            return f"{value:.3g} {unit}" if value < 1000 else f"{value:.0f} {unit}"  # noqa: PLR2004 - digits
    return f"{microseconds:.0f} µs"


def _facts(workload: Workload) -> Iterator[tuple[str, str]]:
    counts = workload.requests
    rise = f"{workload.rise:,} requests"
    if counts.timed:
        rise += f", {_workers(workload.rise_microseconds)} busy workers"
    yield "rise in a second", f"at most {rise} more than in the one before"
    if workload.requests_per_connection is not None:
        opened = float(workload.connections_per_second or 0)
        per = float(workload.requests_per_connection)
        yield "connections", f"{per:.2f} requests each, {_plain(opened)} opened a second (HTTP/1)"
    if workload.http2_share is not None:
        yield "HTTP/2", f"{float(workload.http2_share):.1%} of requests"
    if counts.sized:
        rate = counts.bytes_sent // workload.observed_seconds
        each = show_size(counts.bytes_sent // counts.sized)
        yield (
            "bytes sent",
            f"{show_size(counts.bytes_sent)}, {show_size(rate)} a second, {each} each",
        )
    if workload.status_classes:
        shares = (f"{name}xx {count / counts.read:.1%}" for name, count in workload.status_classes)
        yield "answers", ", ".join(shares)
    if counts.long:
        held = _workers(counts.long_microseconds / workload.busy.count)
        yield "10 s or longer", f"{counts.long:,} requests, which keep {held} workers busy"
    if counts.slow:
        held = _workers(counts.slow_microseconds / workload.busy.count)
        yield "slow readers", f"{counts.slow:,} of 1 MiB and more, which keep {held} workers busy"


def _day(workload: Workload, width: int) -> Iterator[Line]:
    timed = any(workload.day_microseconds)
    values = workload.day_microseconds if timed else workload.day_requests
    if not any(values):
        return
    slots = narrowed(values, 1 if width > len(values) + 2 else 2)
    what = "busy workers" if timed else "requests"
    top = values.index(max(values)) * SLOT_SECONDS // 60
    yield EMPTY
    yield line(
        Span(f"The day, {what} by the log's own clock", Style.HEADING),
        f" (most from {top // 60:02}:{top % 60:02} on)",
    )
    for row in bars(slots, _HEIGHT):
        yield line("  ", Span(row, Style.GOOD))
    step = len(slots) * _HOURS_A_MARK // 24
    marks = "".join(str(hour).ljust(step) for hour in range(0, 24, _HOURS_A_MARK))
    yield line("  ", Span(marks.rstrip(), Style.FAINT))


def _events(events: tuple[LogEvent, ...], width: int) -> Iterator[Line]:
    if not events:
        return
    yield EMPTY
    yield heading("What the error logs say")
    yield from columns(
        [
            (
                Span(printable(event.id), Style.BAD),
                Span(f"{event.count:,}×"),
                Span(f"{_meaning(event.id)} {_between(event)}".strip()),
            )
            for event in events
        ],
        width,
    )


def _meaning(name: str) -> str:
    if name == _OOM:
        return "The kernel killed a process of httpd or PHP-FPM: memory ran out."
    found = find(name)
    return found.meaning if found is not None else ""


def _between(event: LogEvent) -> str:
    if event.first is None:
        return ""
    first, last = event.first.replace("T", " "), (event.last or "").replace("T", " ")
    return f"({first})" if event.count == 1 else f"({first} to {last})"


def _status(workload: Workload, width: int) -> Iterator[Line]:
    samples = workload.status
    if not samples.busy.counts:
        return
    yield EMPTY
    yield heading(f"What mod_status says, {samples.busy.count:,} times")
    kinds = (
        ("busy workers", samples.busy),
        ("idle workers", samples.idle),
        ("open connections", samples.connections),
        ("kept alive", samples.keepalive),
    )
    yield from columns(
        [
            (Span(name), Span(f"{float(values.mean):,.1f} on the mean, {values.largest:,} at most"))
            for name, values in kinds
            if values.counts
        ],
        width,
    )


def _troubles(workload: Workload, width: int) -> Iterator[Line]:
    for trouble, count in workload.troubles:
        yield EMPTY
        for made in paragraph("! " + _TROUBLES[trouble].format(n=f"{count:,}"), width, hang=2):
            yield tuple(Span(span.text, Style.NOTICE) for span in made)


def _unknown(workload: Workload, width: int) -> Iterator[Line]:
    unknown = unknown_of(workload)
    if not unknown:
        return
    yield EMPTY
    yield heading("Not known, and not guessed")
    yield from columns([(Span(one.what), Span(one.why)) for one in unknown], width)
    better = better_format(workload)
    if better is not None and workload.requests.read:
        yield line("  With this, a log tells it:")
        yield line("    ", Span(printable(better), Style.STRONG))
