"""The history of changes as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.apply.entry import Phase
from mpmtune.apply.rolling_back import in_force
from mpmtune.apply.waiting import waits, when
from mpmtune.report.changes_text import difference
from mpmtune.report.safe_text import printable
from mpmtune.report.text import Span, Style, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.apply.entry import Entry
    from mpmtune.report.text import Line

_DIGITS = 12


def history_lines(
    history: Sequence[Entry], under_way: Entry | None, *, with_diff: bool
) -> list[Line]:
    """Lay out the history, the newest change first.

    Args:
        history: The oldest first.
        under_way: The change that is not finished; None where there is none.
        with_diff: Whether what each changed follows it.
    """
    if not history and under_way is None:
        return [line("mpmtune has changed nothing here.")]
    standing = {entry.number for entry in in_force(history)}
    lines: list[Line] = []
    for entry in (*((under_way,) if under_way is not None else ()), *reversed(history)):
        lines += _entry(entry, standing=entry.number in standing)
        if with_diff:
            lines += difference(entry.changes)
    return lines


def _entry(entry: Entry, *, standing: bool) -> list[Line]:
    number = f"{entry.number or '-':>3}"
    if waits(entry):
        became = Span(f"waits for its confirmation, is taken back {when(entry)}", Style.NOTICE)
    elif not entry.number:
        became = Span("unfinished", Style.BAD)
    elif standing:
        became = Span("in force", Style.GOOD)
    elif entry.phase is Phase.IN_FORCE:
        became = Span("taken back later", Style.FAINT)
    else:
        became = Span("taken back", Style.BAD)
    digest = entry.changes.digest[:_DIGITS]
    made = line(
        Span(f"{number}  ", Style.STRONG),
        f"{printable(entry.began)}  {printable(entry.who)}  {printable(entry.summary)}  {digest}  ",
        became,
    )
    return [made, line(f"     {printable(entry.why)}")] if entry.why else [made]
