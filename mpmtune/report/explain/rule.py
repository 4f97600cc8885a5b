"""A lint rule: its documentation, its first example, its facts."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from mpmtune.lint.listing import module_name
from mpmtune.lint.profiles import Profile
from mpmtune.lint.registry import find
from mpmtune.report.explain.page import lay_out, titled
from mpmtune.report.safe_text import printable
from mpmtune.report.text import EMPTY, Span, Style, columns, heading, line, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.rule import AnyRule
    from mpmtune.report.text import Line

_SEVERITY = {"error": Style.BAD, "warning": Style.NOTICE, "info": Style.PLAIN}
# Rule pages are typeset; this one may go to a terminal that knows ASCII only.
_ASCII = str.maketrans(
    {"÷": "/", "×": "x", "−": "-", "–": "-", "—": "-", "…": "...", "→": "->", "≤": "<=", "≥": ">="}
)


def page_of(topic: str, width: int) -> list[Line] | None:
    """Lay out a rule, found by code or name; None when there is none."""
    rule = find(topic)
    if rule is None:
        return None
    summary, _, text = (
        import_module(module_name(rule.code, rule.name)).__doc__ or rule.name
    ).partition("\n")
    return [
        *titled(rule.code, rule.name, width),
        *paragraph(_plain(summary), width, indent=2),
        *lay_out("\n".join(_headed(_plain(text))), width),
        *_example(rule, width),
        EMPTY,
        heading("FACTS"),
        *columns(list(_facts(rule)), width),
    ]


def _plain(text: str) -> str:
    return text.replace("``", "").translate(_ASCII)


def _headed(text: str) -> Iterator[str]:
    """Turn ``## Why it matters`` into a heading of a page."""
    for raw in text.splitlines():
        yield raw.removeprefix("## ").upper() if raw.startswith("## ") else raw


def _example(rule: AnyRule, width: int) -> list[Line]:
    """Show the first text that is flagged, and the one to write instead where there is one."""
    example = next(example for example in rule.examples if example.bad)
    lines = [EMPTY, heading("EXAMPLE"), *_drawn(example.bad)]
    if example.all_good:
        lines += [*paragraph("is flagged; write", width, indent=2), *_drawn(example.all_good[0])]
    return lines


def _drawn(text: str) -> list[Line]:
    return [line(f"    {printable(raw)}") for raw in text.splitlines()]


def _facts(rule: AnyRule) -> Iterator[tuple[Span, Span]]:
    severity = rule.severity.value
    yield Span("severity"), Span(severity, _SEVERITY[severity])
    yield Span("fix"), Span(_FIX[rule.fixability.value])
    said = [f"{', '.join(ids)} ({mpm.value})" for mpm, ids in rule.httpd_ids.items() if ids]
    if said:
        yield Span("httpd says"), Span(", ".join(said))
    profiles = ", ".join(profile.value for profile in Profile if profile.takes(rule))
    yield Span("profiles"), Span(profiles if rule.by_default else f"{profiles}; not in default")
    for name, numbers in (("CIS 2.4", rule.cis), ("STIG 2.4", rule.stig)):
        if numbers:
            yield Span(name), Span(", ".join(numbers))
    if rule.references:
        yield Span("see"), Span(", ".join(rule.references))


_FIX = {"safe": "--fix", "unsafe": "--fix --unsafe-fixes", "manual": "by hand"}
