"""A change put in force in files and server, or everything as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mpmtune.apply.action import Action
from mpmtune.apply.bringing_up import Change, Done, NotInForceError, bring_up, running_parent
from mpmtune.apply.entry import Phase
from mpmtune.apply.interruptions import no_more_interruptions
from mpmtune.apply.putting_back import FAILURES, sentence_of
from mpmtune.apply.undertaking import parent_of
from mpmtune.apply.verification import WATCH_SECONDS
from mpmtune.detect.answers import parse_messages
from mpmtune.errors import NotRolledBackError, RolledBackError
from mpmtune.host.doorway import Absent
from mpmtune.host.local import LocalHost

if TYPE_CHECKING:
    from collections.abc import Callable

    from mpmtune.apply.transaction import Transaction
    from mpmtune.apply.undertaking import Undertaking
    from mpmtune.apply.verification import Expectation


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take, in seconds: requests before a stop, and the watch afterwards."""

    drain: float = 5.0
    watch: float = WATCH_SECONDS


# The old server runs again, and its children have come: more need not be seen of what ran before.
BACK = Patience(drain=1.0, watch=0.25)


def change_of(work: Undertaking, patience: Patience, action: Action) -> Change:
    """Give the part of a change that concerns httpd."""
    return Change(
        work.service,
        action,
        work.expected,
        work.candidate.error_log,
        patience.drain,
        patience.watch,
        work.php_pages,
    )


def put_in_force(
    work: Undertaking,
    was: Expectation,
    transaction: Transaction,
    patience: Patience,
    read_again: Callable[[], Expectation],
) -> Done | None:
    """Write the files, have httpd read them, and watch it; take all of it back if that fails.

    Args:
        work: What is to be done.
        was: What is in force now.
        transaction: Has begun.
        patience: How long things may take.
        read_again: Reads the configuration once more, as it now is.

    Returns:
        What came of it; None where httpd is stopped.

    Raises:
        RolledBackError: if it failed, and files and server are as they were.
        NotRolledBackError: if taking it back failed too.
    """
    transaction.write()
    change = change_of(work, patience, work.action)
    try:
        _require_unchanged(work, read_again())
        _require_accepted(work)
        done = None
        if work.action is not Action.NOTHING:
            transaction.note(Phase.ACTING, action=work.action.name.lower())
            done = bring_up(change, parent_of(work.server))
        no_more_interruptions()
        waits = bool(transaction.entry.confirm_by)
        transaction.note(Phase.AWAITING_CONFIRM if waits else Phase.IN_FORCE)
    except FAILURES as failure:
        why = sentence_of(failure)
        take_back(change, was, transaction, why)
        raise RolledBackError(
            f"{why} Files and server are as they were.", "\n  ".join(transaction.remarks)
        ) from failure
    except BaseException:
        take_back(change, was, transaction, "It was interrupted.")
        raise
    return done


def take_back(change: Change, was: Expectation, transaction: Transaction, why: str) -> None:
    """Put the files back, and httpd where something was done to it.

    Raises:
        NotRolledBackError: if that failed: the hint says what to type.
    """
    acted = bool(transaction.entry.action)
    back = replace(change, expected=was, drain_seconds=BACK.drain, watch_seconds=BACK.watch)

    def restore() -> None:
        try:
            bring_back(back)
        except FAILURES as failure:
            raise server_not_back(change, f"{why} {sentence_of(failure)}") from failure

    try:
        left = transaction.undo(why, restore) if acted else transaction.undo(why)
    except NotRolledBackError as failure:
        if not acted:
            raise
        stop, start = change.service.commands
        if start in failure.hint:
            raise
        raise NotRolledBackError(
            failure.sentence, f"{failure.hint}\n  {stop}\n  {start}"
        ) from failure
    if left:
        raise NotRolledBackError(
            f"{why} {', '.join(left)} was edited by someone else meanwhile and is left so.",
            "Look at it, and run httpd -t before httpd is started again.",
        )


def bring_back(back: Change) -> Done | None:
    """Have httpd run with the files that are back.

    A dead one is started; one that had been restarted gracefully is so again.

    Raises:
        NotInForceError: if it does not run as it did.
    """
    parent = running_parent(back.service)
    if parent is None and back.action is Action.NOTHING:
        return None
    try:
        return bring_up(back, parent)
    except NotInForceError:
        # What was still ending when it was started, or starting when it was ended, is settled now.
        return bring_up(back, running_parent(back.service))


def server_not_back(change: Change, why: str) -> NotRolledBackError:
    """Say that httpd is not as it was, and what to type."""
    stop, start = change.service.commands
    return NotRolledBackError(
        f"{why} The files are as they were, and httpd is not.",
        f"By hand: {stop}\n  then: {start}",
    )


def _require_unchanged(work: Undertaking, now: Expectation) -> None:
    if now != work.expected:
        raise NotInForceError("Someone else has changed the configuration at the same time.")


def _require_accepted(work: Undertaking) -> None:
    """Ask ``-t`` about the very tree that httpd will read, with everything as it will meet it."""
    command = work.service.invocation.syntax()
    answer = LocalHost().run(command)
    if isinstance(answer, Absent):
        raise NotInForceError(f"httpd could not be asked: {answer.why}.")
    said = parse_messages(answer.stderr.decode("utf-8", "replace"))
    new = [one for one in said if one not in work.server.messages]
    if answer.status or answer.timed_out or new:
        raise NotInForceError(" ".join(new) or "httpd -t refuses the configuration.")
