"""A module: its verdict under each MPM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.compatibility import identifier, verdicts
from mpmtune.model.compatibility import Verdict
from mpmtune.report.explain.page import titled
from mpmtune.report.text import EMPTY, Span, Style, columns, heading, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.report.text import Line

_LOOK = {
    Verdict.OK: Style.GOOD,
    Verdict.FALLBACK: Style.NOTICE,
    Verdict.UNKNOWN: Style.NOTICE,
    Verdict.UNSAFE: Style.BAD,
    Verdict.REFUSED: Style.BAD,
}


def page_of(folded: str, width: int) -> list[Line] | None:
    """Lay out the verdicts of a module; None when nothing is known of it."""
    name = identifier(folded)
    if name is None:
        return None
    found = verdicts((name,), None)
    rows = [
        (Span(v.mpm.value), Span(v.verdict.value, _LOOK[v.verdict]), Span(v.why)) for v in found
    ]
    page = [*titled(name, "under the three MPMs", width), *columns(rows, width)]
    for title, sentences in (
        ("WHAT TO DO", [v.way_out for v in found if v.way_out]),
        ("KNOWN FROM", [v.source for v in found]),
    ):
        page += _section(title, sentences, width)
    return page


def _section(title: str, sentences: Iterable[str], width: int) -> list[Line]:
    """Lay out each different sentence once; nothing when there is none."""
    lines = [made for text in dict.fromkeys(sentences) for made in paragraph(text, width, indent=2)]
    return [EMPTY, heading(title), *lines] if lines else []
