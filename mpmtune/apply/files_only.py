"""Whole operations on files: locked, looked at, carried out, filed away. httpd is told by others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mpmtune.apply.disk import Disk
from mpmtune.apply.entry import Kind
from mpmtune.apply.lock import only_one, without_certbot
from mpmtune.apply.new_entry import new_entry
from mpmtune.apply.rolling_back import taking_back
from mpmtune.apply.state_directory import state_directory
from mpmtune.apply.transaction import begin
from mpmtune.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mpmtune.apply.entry import Entry
    from mpmtune.apply.transaction import Transaction

    # Of the history, the changes to take back, the newest first.
    Choice = Callable[[Sequence[Entry]], Sequence[Entry]]


def carry_out(path: str, entry: Entry) -> Transaction:
    """Put changes in force on the disk, or leave everything as it is.

    Args:
        path: The state directory.
        entry: What is to be done.

    Returns:
        The finished transaction, with remarks.

    Raises:
        LockedError: if someone else is changing the configuration.
        InputError: if it was refused before anything was touched.
        RolledBackError: if it failed, and every file is as it was.
        NotRolledBackError: if it failed, and could not be taken back either.
    """
    with state_directory(path) as state, only_one(state), without_certbot(entry.server_root):
        transaction = begin(state, entry)
        transaction.write()
        transaction.commit()
        return transaction


def rollback(choose: Choice, path: str) -> Entry:
    """Prepare the taking back of changes: what ``carry_out`` is to be given.

    Raises:
        InputError: if there is nothing to take back, or someone else has edited a file since.
    """
    with state_directory(path) as state:
        chosen = choose(state.history())
    roots = {entry.server_root for entry in chosen}
    if len(roots) > 1:
        raise InputError(
            "These changes are of more than one httpd.", "Roll them back one by one, with --entry."
        )
    paths = {changed for entry in chosen for changed in entry.changes.after}
    changes = taking_back(chosen, Disk(".mpmtune").states(paths))
    numbers = tuple(entry.number for entry in chosen)
    what = "change" if len(numbers) == 1 else "changes"
    summary = f"rollback of {what} {', '.join(map(str, numbers))}"
    made = new_entry(Kind.ROLLBACK, summary, roots.pop(), changes)
    return replace(made, undoes=numbers, httpd=chosen[0].httpd, conf=chosen[0].conf)
