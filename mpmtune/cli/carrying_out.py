"""What apply and rollback have in common: a change carried out, and told about."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune.apply.action import Action
from mpmtune.apply.applying import apply_change
from mpmtune.cli.output import complain, remark, tell
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from mpmtune.apply.applying import Applied, Request
    from mpmtune.apply.checks import Preflight
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
_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


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
            remark(f"{len(found.checks)} checks passed. To do: {work.action.value}.")

    with _signals_interrupt():
        applied = apply_change(request, state, looked_at)
    for sentence in applied.remarks:
        complain(sentence)
    tell("".join(f"{sentence}\n" for sentence in _outcome(applied)))


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Let a lost login or a polite kill be an interruption, which takes the change back."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    before = {one: signal.signal(one, interrupt) for one in _SIGNALS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _outcome(applied: Applied) -> Iterator[str]:
    summary = printable(applied.entry.summary)
    if applied.done is None:
        yield f"{summary}: written. httpd is stopped and reads it when it is started."
    elif applied.work.action is Action.GRACEFUL:
        yield f"{summary}: in force. No connection was cut."
    else:
        closed = applied.done.closed_seconds
        yield f"{summary}: in force. The ports were closed for {closed:.1f} s."
    if applied.entry.confirm_by:
        yield f"It is taken back at {applied.entry.confirm_by}, unless you run: mpmtune confirm"
    else:
        yield "To take it back: mpmtune rollback"
