"""The files of a change as they were before it, as far as nobody else has edited them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from mpmtune.apply.atomic import reason
from mpmtune.apply.by_hand import commands
from mpmtune.apply.disk import Disk
from mpmtune.errors import InputError, MpmtuneError, NotRolledBackError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.apply.entry import Entry

# An import fails where the kernel refuses to open a file of ours.
REFUSALS = (OSError, MemoryError, ImportError)
FAILURES = (MpmtuneError, *REFUSALS)


def disk_of(entry: Entry) -> Disk:
    """Give the disk, with the spare name of this change."""
    return Disk(f".mpmtune-{entry.identity}")


def put_back(disk: Disk, entry: Entry) -> tuple[str, ...]:
    """Take back as much of a change as has been carried out.

    Returns:
        Paths that someone else has edited since, left as they are.

    Raises:
        NotRolledBackError: if it cannot be done; the hint holds the commands that do it.
    """
    left: tuple[str, ...] = ()
    todo = entry.changes.invert().changes
    try:
        with suppress(InputError):  # what it leaves is in the way of a step, or is found again
            disk.clear(entry.changes.before)
        back = entry.changes.way_back(disk.states(entry.changes.before))
        todo, left = back.changes, back.foreign
        while todo:
            disk.carry_out(todo[0])
            todo = todo[1:]
        disk.clear(entry.changes.before)
    except FAILURES as failure:
        hint = ["When the cause is gone, run: mpmtune recover", "Or, by hand:", *commands(todo)]
        if entry.action:
            hint.append("Then stop httpd, and start it:")
        raise NotRolledBackError(
            f"{sentence_of(failure)} The change is not taken back.", "\n  ".join(hint)
        ) from failure
    return left


def edited(left: tuple[str, ...], why: str) -> NotRolledBackError:
    """Say that someone else's edit was met."""
    paths = ", ".join(printable(path) for path in left)
    return NotRolledBackError(
        f"{why} {paths} was edited by someone else meanwhile and is left so; the rest is as it was.",
        "Look at it, and run httpd -t before httpd is started again.",
    )


def sentence_of(failure: BaseException) -> str:
    """Give a failure as one sentence."""
    if isinstance(failure, MpmtuneError):
        return failure.sentence
    if isinstance(failure, MemoryError):
        return "Memory ran out."
    if isinstance(failure, ImportError):
        return f"A part of mpmtune cannot be read: {printable(str(failure))}."
    if isinstance(failure, OSError):
        return f"The system refused: {reason(failure)}."
    return "It was interrupted."
