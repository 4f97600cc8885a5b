"""A plan as one screen of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.plan import NEXT, Effect
from mpmtune.model.sizes import MIB
from mpmtune.report.derivation import Derivations, derivation_lines, show
from mpmtune.report.plan_load import load_lines
from mpmtune.report.plan_v1 import assumptions
from mpmtune.report.prediction_text import prediction_lines
from mpmtune.report.safe_text import printable
from mpmtune.report.text import EMPTY, Line, Span, Style, columns, heading, line, paragraph
from mpmtune.report.unseen import short_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.model.plan import Budget, Plan, Setting, Switch
    from mpmtune.model.quantity import Quantity

_RESTART = "*"
_OF_WORKLOAD = "workload."


def plan_lines(plan: Plan, width: int) -> list[Line]:
    """Lay the plan out: why this MPM, the memory, the settings, what was assumed."""
    return [
        *_title(plan, width),
        *_switch(plan.switch, width),
        *_warnings(plan.warnings, width),
        EMPTY,
        *_budget(plan.budget, width),
        *load_lines(plan.load, width),
        EMPTY,
        *_settings(plan, width),
        *_system_limits(plan.system_limits, width),
        *prediction_lines(plan.prediction, width),
        *_assumptions(plan, width),
        *_unknown(plan, width),
    ]


def derivations(plan: Plan) -> list[Line]:
    """Give the derivation of every number of the plan, one setting after the other."""
    settings = (*plan.settings, *plan.system_limits)
    trees = Derivations(frozenset(made.directive for made in settings))
    numbers = [made.proposed for made in settings] + [
        plan.budget.for_httpd,
        plan.budget.expected_peak,
    ]
    lines: list[Line] = [EMPTY, heading("Derivations")]
    numbers += [part for _, part in plan.load.parts() if part is not None]
    held = {made.proposed.label: _held(made) for made in settings if made.bounds}
    for number in numbers:
        lines += [line(printable(text)) for text in derivation_lines(trees.of(number), 1)]
        if number.label in held:
            lines.append(line(f"    {held[number.label]}"))
    return lines


def _held(made: Setting) -> str:
    """Say what a number was held against, the tightest first."""
    bounds = ", ".join(f"{NEXT[bound.name]} {bound.value.whole:,}" for bound in made.bounds)
    return f"held against: {bounds}"


def _title(plan: Plan, width: int) -> list[Line]:
    name = Span(f"MPM {plan.mpm.value}", Style.STRONG)
    bound = plan.bound_sentence
    meant = f"For {printable(plan.planned_for)}." if plan.planned_for else ""
    return [
        line(name, Span(" recommended for this host", Style.HEADING)),
        *(paragraph(meant, width, indent=2) if meant else ()),
        *paragraph(
            f"Because {printable(plan.chosen_because)}; {bound}{_next(plan)}.", width, indent=2
        ),
    ]


def _next(plan: Plan) -> str:
    """Say what would hold the workers next; nothing where it is the same number."""
    after = plan.next_bound
    workers = plan.setting("MaxRequestWorkers").proposed
    if after is None or after.value.value <= workers.value:
        return ""
    return f", the next bound is {NEXT[after.name]} at {after.value.whole:,}"


def _switch(switch: Switch | None, width: int) -> list[Line]:
    if switch is None:
        return []
    change = f"{switch.source.value} → {switch.target.value}"
    if not switch.blockers:
        return [
            EMPTY,
            line(Span(f"Change of MPM {change}: nothing found that forbids it.", Style.NOTICE)),
            *paragraph(
                "It needs a stop and a start: a reload with another MPM ends httpd.",
                width,
                indent=2,
            ),
        ]
    lines = [EMPTY, line(Span(f"Change of MPM {change} is blocked:", Style.BAD))]
    for blocker in switch.blockers:
        lines.append(line("  ", Span(printable(blocker.what), Style.BAD)))
        lines += paragraph(printable(blocker.why), width, indent=4)
        if blocker.way_out:
            lines += paragraph(f"Way out: {printable(blocker.way_out)}", width, indent=4, hang=2)
    return lines


def _warnings(warnings: Sequence[str], width: int) -> list[Line]:
    lines: list[Line] = []
    for warning in warnings:
        text = paragraph(f"! {printable(warning)}", width, hang=2)
        lines += [tuple(Span(span.text, Style.BAD) for span in made) for made in text]
    return [EMPTY, *lines] if lines else []


def _tenths(number: int) -> int:
    return (number * 10 + MIB // 2) // MIB


def _budget(budget: Budget, width: int) -> list[Line]:
    """The account in MiB with one decimal; the line for httpd is the difference of those shown."""
    total, others, reserve = (
        _tenths(part.whole) for part in (budget.total, budget.others, budget.reserve)
    )
    ours = max(0, total - others - reserve)
    peak = _tenths(budget.expected_peak.whole)
    fits = budget.expected_peak.value <= budget.for_httpd.value
    share = f"{max(1, peak * 100 // ours)} % of it: " if ours else ""
    rows = [
        (" ", "total", total, Style.PLAIN, _source(budget.total)),
        ("−", "others", others, Style.PLAIN, budget.others.because),
        ("−", "reserve", reserve, Style.PLAIN, budget.reserve.because),
        ("=", "for httpd", ours, Style.HEADING, ""),
        (
            " ",
            "expected peak",
            peak,
            Style.GOOD if fits else Style.BAD,
            f"{share}{budget.expected_peak.because}",
        ),
    ]
    size = max(len(_mib(value)) for _, _, value, _, _ in rows)
    return [
        heading("Memory (MiB)"),
        *columns(
            [
                (
                    Span(f"{sign} {label}"),
                    Span(_mib(value).rjust(size), style),
                    Span(printable(why), Style.FAINT),
                )
                for sign, label, value, style, why in rows
            ],
            width,
        ),
    ]


def _mib(tenths: int) -> str:
    return f"{tenths // 10:,}.{tenths % 10}"


def _source(quantity: Quantity) -> str:
    """Name where a number comes from: the evidence of the leaf that decided it."""
    leaf = next(iter(quantity.deciding_leaves()), None)
    if leaf is None or leaf.evidence is None:
        return ""
    return f"{leaf.evidence.trust.word}: {leaf.evidence.source}"


def _settings(plan: Plan, width: int) -> list[Line]:
    known = any(made.current is not None for made in plan.settings)
    title = "Settings, now → recommended" if known else "Settings"
    return [heading(title), *setting_lines(plan.settings, width)]


def setting_lines(settings: Sequence[Setting], width: int) -> list[Line]:
    """Lay settings out, one a row: name, value now, value proposed, why; and what that takes."""
    rows = [_row(made) for made in settings]
    current = max(len(row[1].text) for row in rows)
    proposed = max(len(row[3].text) for row in rows)
    aligned = [
        (
            row[0],
            Span(row[1].text.rjust(current), row[1].style),
            row[2],
            Span(row[3].text.rjust(proposed) + row[4].text, row[3].style),
            row[5],
        )
        for row in rows
    ]
    marks = any(row[4].text == _RESTART for row in rows)
    note = f"{_RESTART} needs a stop and a start of httpd; a reload keeps the old value."
    return [
        *columns(aligned, width, gap=1),
        *([line("  ", Span(note, Style.FAINT))] if marks else []),
    ]


def _row(made: Setting) -> tuple[Span, Span, Span, Span, Span, Span]:
    changes = made.changes
    now = printable(str(made.current.value)) if made.current is not None else ""
    arrow = "→" if changes else "="
    restart = _RESTART if made.effect is Effect.RESTART and changes else " "
    style = Style.STRONG if changes else Style.FAINT
    return (
        Span(f"{made.directive} ", Style.PLAIN if changes else Style.FAINT),
        Span(now, Style.PLAIN if changes else Style.FAINT),
        Span(arrow, style),
        Span(made.text, style),
        Span(restart),
        Span(printable(made.because), Style.FAINT),
    )


def _system_limits(limits: Sequence[Setting], width: int) -> list[Line]:
    if not limits:
        return []
    rows = [
        (
            Span(made.directive),
            Span(f"{made.current.value if made.current else ''} → {made.text}", Style.NOTICE),
            Span(printable(made.because), Style.FAINT),
        )
        for made in limits
    ]
    return [
        EMPTY,
        heading("Limits that hold the plan down, as a systemd unit sets them"),
        *columns(rows, width),
    ]


def _assumptions(plan: Plan, width: int) -> list[Line]:
    """Group the assumptions by the way to measure them."""
    groups: dict[str, list[str]] = {}
    for leaf in assumptions(plan):
        if leaf.evidence is not None:
            shown = f"{leaf.label} {show(leaf.value, leaf.unit)}"
            groups.setdefault(leaf.evidence.measure, []).append(shown)
    if not groups:
        return []
    lines = [EMPTY, heading("Assumed, not measured")]
    for measure, labels in groups.items():
        lines += paragraph(printable(", ".join(labels)), width, indent=2)
        if measure:
            lines += [
                tuple(Span(span.text, Style.FAINT) for span in made)
                for made in paragraph(f"to know: {measure}", width, indent=4, hang=2)
            ]
    return lines


def _unknown(plan: Plan, width: int) -> list[Line]:
    """Name what could not be seen here, and what the workload does not tell."""
    own = [one.what for one in plan.unknown if not one.what.startswith(_OF_WORKLOAD)]
    told = [one.what.removeprefix(_OF_WORKLOAD) for one in plan.unknown if one.what not in own]
    sentences = []
    if own:
        sentences.append(f"Could not see: {', '.join(short_names(own))}. mpmtune detect says why.")
    if told:
        sentences.append(f"The workload does not tell: {', '.join(told)}.")
    return [made for text in sentences for made in (EMPTY, *paragraph(printable(text), width))]
