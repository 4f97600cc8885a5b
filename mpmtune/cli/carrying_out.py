"""What apply and rollback have in common: a change carried out, and told about."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune.apply.action import Action
from mpmtune.apply.applying import apply_change
from mpmtune.apply.entry import Kind
from mpmtune.apply.interruptions import one_interruption
from mpmtune.apply.state_directory import typed
from mpmtune.apply.waiting import when
from mpmtune.cli.output import complain, remark, tell
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.apply.applying import Applied, Request
    from mpmtune.apply.checks import Preflight
    from mpmtune.apply.entry import Entry
    from mpmtune.apply.undertaking import Undertaking

DrainOption = Annotated[
    float,
    typer.Option(
        "--drain",
        metavar="SECONDS",
        min=0,
        max=3600,
        help="Before a stop, let requests finish for so long.",
    ),
]
ConfirmOption = Annotated[
    int | None,
    typer.Option(
        "--confirm-within",
        metavar="SECONDS",
        min=10,
        max=86_400,
        help="Take it back after so long unless mpmtune confirm says that it is good.",
    ),
]
FilesOnlyOption = Annotated[
    bool, typer.Option("--files-only", help="Write the files and leave httpd alone.")
]

_DOING = {
    Action.NOTHING: "Writing …",
    Action.GRACEFUL: "Writing, restarting httpd gracefully and watching it …",
    Action.STOP_AND_START: "Writing, stopping and starting httpd and watching it …",
}


def carry_out(request: Request, state: str, *, quiet: bool) -> None:
    """Carry a change out and say what came of it.

    Raises:
        MpmtuneError: as ``apply_change``.
        KeyboardInterrupt: if it was interrupted, or told to end; it has taken itself back.
    """

    def looked_at(work: Undertaking, found: Preflight) -> None:
        for check in found.unseen:
            complain(f"Not looked at whether {check.name}: {printable(check.why)}")
        if not quiet and not found.refusals:
            count = len(found.checks) - len(found.unseen)
            remark(f"{count} checks passed. {_DOING[work.action]}")

    if not quiet:
        remark("Looking at everything, and trying it in a private copy of this machine …")
    with _told_of_interruption():
        applied = apply_change(request, state, looked_at)
    for sentence in applied.remarks:
        complain(sentence)
    tell("".join(f"{sentence}\n" for sentence in _outcome(applied, state)))


def write_files(entry: Entry, state: str) -> None:
    """Carry the files of a change out, and leave httpd alone.

    Raises:
        MpmtuneError: as ``files_only.carry_out``.
        KeyboardInterrupt: as ``carry_out``.
    """
    from mpmtune.apply import files_only

    with _told_of_interruption():
        remarks = files_only.carry_out(state, entry).remarks
    for sentence in remarks:
        complain(sentence)


@contextmanager
def _told_of_interruption() -> Iterator[None]:
    with one_interruption():
        try:
            yield
        except KeyboardInterrupt:
            remark("")  # the terminal has shown ^C
            complain("It was interrupted: files and server are as they were.")
            raise


def _outcome(applied: Applied, state: str) -> Iterator[str]:
    summary = printable(applied.entry.summary)
    if applied.done is None:
        yield f"{summary}: written. httpd is stopped and reads it when it is started."
    elif applied.work.action is Action.GRACEFUL:
        yield f"{summary}: in force, by a graceful restart."
    else:
        closed = applied.done.closed_seconds
        yield f"{summary}: in force. The ports were closed for {closed:.1f} s."
    if applied.entry.confirm_by:
        confirm = typed("confirm", state)
        yield f"It is taken back {when(applied.entry)}, unless you run: {confirm}"
    elif applied.entry.number:
        yield f"To take it back: {typed(_rollback_of(applied.entry), state)}"


def _rollback_of(entry: Entry) -> str:
    """Give what takes a change back; a rollback is not among those that ``rollback`` counts."""
    return "rollback" if entry.kind is Kind.APPLY else f"rollback --entry {entry.number}"
