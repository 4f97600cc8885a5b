"""A change set as text: its steps in order, or a diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.changes import Link, Regular, Rename
from mpmtune.report import diff
from mpmtune.report.safe_text import printable
from mpmtune.report.text import Span, Style, line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.changes import Change, ChangeSet, State
    from mpmtune.report.text import Line


def steps(changes: ChangeSet) -> list[Line]:
    """List the steps, one line each, in the order in which they are carried out."""
    return [
        line(f"{number:>2}. ", Span(verb, Style.STRONG), f" {rest}")
        for number, (verb, rest) in enumerate(map(_step, changes.changes), 1)
    ]


def _step(change: Change) -> tuple[str, str]:
    if isinstance(change, Rename):
        return "rename", f"{printable(change.source)} to {printable(change.target)}"
    path = printable(change.path)
    if change.after is None:
        return "remove", path
    if isinstance(change.after, Link):
        verb = "link" if change.before is None else "relink"
        return verb, f"{path} to {printable(change.after.target)}"
    verb = "write" if change.before is None else "rewrite"
    return verb, f"{path} ({len(change.after.content)} bytes, mode {change.after.mode:04o})"


def difference(changes: ChangeSet) -> list[Line]:
    """Lay out what differs afterwards as a unified diff, secrets masked.

    A link shows as a line that names where it leads.
    """
    before = changes.before
    return [
        made
        for path, after in changes.after.items()
        if before[path] != after
        for made in _differs(path, before[path], after)
    ]


def _differs(path: str, before: State, after: State) -> Iterator[Line]:
    yield from diff.lines(path.removeprefix("/"), _text(before), _text(after))


def _text(state: State) -> str:
    if state is None:
        return ""
    if isinstance(state, Regular):
        return state.content.decode("latin-1")
    # As a comment: the target is no directive whose arguments would be held back.
    return f"# symbolic link to {state.target}\n"
