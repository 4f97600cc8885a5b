"""Files and server as they were, after a crash or without a confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.apply.action import Action
from mpmtune.apply.entry import Phase
from mpmtune.apply.lock import only_one, without_certbot
from mpmtune.apply.putting_back import FAILURES, sentence_of
from mpmtune.apply.putting_in_force import BACK, bring_back, change_of, server_not_back
from mpmtune.apply.state_directory import state_directory, typed
from mpmtune.apply.transaction import confirm, recover
from mpmtune.apply.undertaking import undertake
from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.errors import HttpdError, InputError, NotRolledBackError
from mpmtune.host.local import LocalHost
from mpmtune.model.changes import ChangeSet
from mpmtune.model.server import Server
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.apply.bringing_up import Change
    from mpmtune.apply.entry import Entry
    from mpmtune.apply.state_directory import StateDirectory
    from mpmtune.apply.transaction import Recovered, Transaction


def recover_files(path: str, why: str = "It was interrupted.") -> Recovered | None:
    """Finish what a crash has left of the files; httpd does not run yet, or is left alone.

    Raises:
        LockedError: if the change is still under way.
        NotRolledBackError: if a file cannot be put back.
    """
    with state_directory(path) as state, only_one(state):
        entry = state.journal()
        if entry is None:
            return None
        with without_certbot(entry.server_root):
            return recover(state, why)


def recover_all(path: str, why: str = "It was interrupted.") -> Recovered | None:
    """Finish what a crash has left of the files, and of httpd where something was done to it.

    Raises:
        LockedError: if the change is still under way.
        NotRolledBackError: if a file cannot be put back, or httpd does not run as it did.
    """
    with state_directory(path) as state, only_one(state):
        return recover_held(state, why)


def recover_held(state: StateDirectory, why: str) -> Recovered | None:
    """Do what ``recover_all`` does, with the lock held."""
    entry = state.journal()
    if entry is None:
        return None

    def restore() -> None:
        change = _change_back(entry)
        try:
            bring_back(change)
        except FAILURES as failure:
            raise server_not_back(change, sentence_of(failure)) from failure

    with without_certbot(entry.server_root):
        return recover(state, why, restore) if entry.action else recover(state, why)


def _change_back(entry: Entry) -> Change:
    """Find the httpd of a change again, and say what puts its files in force."""
    host = LocalHost()
    choice = Choice(entry.httpd or None, entry.conf or None, entry.server_root)
    try:
        facts = detect_facts(host, choice)
        if not isinstance(facts.server, Server):
            raise HttpdError(f"httpd is not found: {facts.server.why}.")
        work = undertake(host, choice, facts, facts.server, ChangeSet())
    except FAILURES as failure:
        raise NotRolledBackError(
            f"The files are as they were, and httpd may not be: {sentence_of(failure)}",
            "When the cause is gone, run: mpmtune recover\n  Or stop httpd and start it by hand.",
        ) from failure
    return change_of(work, BACK, Action[entry.action.upper()])


def confirm_change(path: str) -> Transaction:
    """Make the change last that awaits its confirmation.

    Returns:
        The finished transaction, with remarks.

    Raises:
        InputError: if none does.
        LockedError: if it is being taken back at this moment.
    """
    with state_directory(path) as state, only_one(state):
        entry = state.journal()
        if entry is None:
            raise InputError(
                "No change awaits its confirmation.",
                f"{typed('rollback --list', path)} shows what became.",
            )
        if entry.phase is not Phase.AWAITING_CONFIRM:
            raise InputError(
                f"{printable(entry.summary)} is unfinished, and not to be confirmed.",
                f"Run: {typed('recover', path)}",
            )
        return confirm(state, entry)
