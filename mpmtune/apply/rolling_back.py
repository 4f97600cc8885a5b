"""Which changes of the history are still in force, and what takes them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.apply.entry import Kind, Phase
from mpmtune.errors import InputError
from mpmtune.model.changes import ChangeSet
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mpmtune.apply.entry import Entry
    from mpmtune.model.changes import State


def in_force(history: Sequence[Entry]) -> tuple[Entry, ...]:
    """Find what was done and not taken back since, rollbacks included; the oldest first."""
    undone: set[int] = set()
    found: list[Entry] = []
    for entry in reversed(history):
        if entry.phase is Phase.IN_FORCE and entry.number not in undone:
            undone.update(entry.undoes)
            found.append(entry)
    return tuple(reversed(found))


def last_applied(history: Sequence[Entry], count: int) -> tuple[Entry, ...]:
    """Choose the last changes in force; the newest first.

    Raises:
        InputError: if there are not so many.
    """
    applied = [entry for entry in in_force(history) if entry.kind is Kind.APPLY]
    if not applied:
        raise InputError("There is nothing to roll back: no change of mpmtune's is in force.")
    if count > len(applied):
        changes = "change is" if len(applied) == 1 else "changes are"
        raise InputError(
            f"{count} changes cannot be rolled back: {len(applied)} {changes} in force.",
            "mpmtune rollback --list shows them.",
        )
    return tuple(reversed(applied[-count:]))


def numbered(history: Sequence[Entry], number: int) -> tuple[Entry, ...]:
    """Choose one change in force by its number, an earlier rollback for instance.

    Raises:
        InputError: if it is not in force, or a later one stands on it.
    """
    standing = in_force(history)
    found = next((entry for entry in standing if entry.number == number), None)
    if found is None:
        raise InputError(
            f"Change {number} is not in force.", "mpmtune rollback --list shows what is."
        )
    for later in (entry for entry in standing if entry.number > number):
        for path in later.changes.after:
            if path in found.changes.after:
                raise InputError(
                    f"Change {number} cannot be taken back alone: change {later.number} came after "
                    f"it and is about {printable(path)}, too.",
                    f"Take that one back first: mpmtune rollback --entry {later.number}",
                )
    return (found,)


def taking_back(entries: Sequence[Entry], there: Mapping[str, State]) -> ChangeSet:
    """Make the changes that take entries back.

    Args:
        entries: The newest first.
        there: What lies at each of their paths now.

    Raises:
        InputError: if someone else has edited a file since: it is named.
    """
    made = ChangeSet()
    for entry in entries:
        for path, after in entry.changes.after.items():
            if made.after.get(path, there[path]) != after:
                raise InputError(
                    f"{printable(path)} was edited since change {entry.number}; nothing was done.",
                    "Keep the edit and undo the rest by hand, or put the file back first.",
                )
        made = made.then(entry.changes.invert())
    return made
