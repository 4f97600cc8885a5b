"""A whole change, from the lock to the history: looked at, tried, written, in force, watched."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mpmtune.apply.entry import TIME
from mpmtune.apply.lock import only_one, without_certbot
from mpmtune.apply.preflight import preflight
from mpmtune.apply.putting_in_force import put_in_force
from mpmtune.apply.state_directory import state_directory
from mpmtune.apply.transaction import begin, require_none
from mpmtune.apply.undertaking import undertake
from mpmtune.apply.watchdog import arm
from mpmtune.errors import InputError
from mpmtune.model.changes import ChangeSet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mpmtune.apply.bringing_up import Done
    from mpmtune.apply.checks import Preflight
    from mpmtune.apply.entry import Entry
    from mpmtune.apply.putting_in_force import Patience
    from mpmtune.apply.undertaking import Undertaking
    from mpmtune.detect.choice import Choice
    from mpmtune.host.doorway import Host
    from mpmtune.model.facts import Facts
    from mpmtune.model.server import Server


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for.

    Attributes:
        host: The machine.
        choice: Which httpd is meant.
        facts: What was found.
        server: The httpd.
        entry: What is changed, for journal and history.
        wanted: Directive → text that shall be in force; empty for a rollback.
        patience: How long things may take.
        confirm_seconds: Taken back after so long unless confirmed; None for never.
    """

    host: Host
    choice: Choice
    facts: Facts
    server: Server
    entry: Entry
    wanted: Mapping[str, str]
    patience: Patience
    confirm_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it.

    Attributes:
        work: What was done.
        done: What httpd made of it; None where it is stopped.
        entry: The entry of the history, or the journal that awaits its confirmation.
        remarks: What could not be tidied up, as sentences.
    """

    work: Undertaking
    done: Done | None
    entry: Entry
    remarks: tuple[str, ...]


def apply_change(
    request: Request, state_path: str, looked_at: Callable[[Undertaking, Preflight], None]
) -> Applied:
    """Carry out a change of files and server, or leave both as they are.

    Args:
        request: What is asked for.
        state_path: The state directory.
        looked_at: Is told what the preflight found, before anything is touched.

    Raises:
        LockedError: if someone else is changing the configuration.
        InputError: if it was refused before anything was touched.
        RolledBackError: if it failed, and everything is as it was.
        NotRolledBackError: if taking it back failed too.
    """
    entry = request.entry
    with (
        state_directory(state_path) as state,
        only_one(state),
        without_certbot(entry.server_root),
    ):
        require_none(state)
        work = _undertaken(request, entry.changes)
        was = _undertaken(request, ChangeSet()).expected
        found = preflight(request.facts, work, request.wanted)
        looked_at(work, found)
        if found.refusals:
            first = found.refusals[0]
            raise InputError(f"Nothing was touched. {first.why}", first.way_out)
        transaction = begin(state, replace(entry, confirm_by=_deadline(request)))
        if request.confirm_seconds is not None:
            with transaction.or_undone():
                arm(state_path, request.entry.identity, time.time() + request.confirm_seconds)
        done = put_in_force(
            work,
            was,
            transaction,
            request.patience,
            lambda: _undertaken(request, ChangeSet()).expected,
        )
        if request.confirm_seconds is None:
            transaction.file_away()
        return Applied(work, done, transaction.entry, tuple(transaction.remarks))


def _undertaken(request: Request, changes: ChangeSet) -> Undertaking:
    return undertake(request.host, request.choice, request.facts, request.server, changes)


def _deadline(request: Request) -> str:
    if request.confirm_seconds is None:
        return ""
    return time.strftime(TIME, time.gmtime(time.time() + request.confirm_seconds))
