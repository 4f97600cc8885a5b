"""What became of an unfinished change, told by the commands that finish it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.cli import exit_codes
from mpmtune.cli.output import complain
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.apply.transaction import Recovered


def what_became(done: Recovered | None) -> str:
    """Say what became of a change; ``done`` is None where none was unfinished."""
    if done is None:
        return "Nothing is unfinished."
    what = printable(done.entry.summary)
    if done.in_force:
        return f"{what}: it had come into force, and stays so."
    return f"{what}: taken back. {printable(done.entry.why)}"


def left_to_do(done: Recovered | None) -> int:
    """Name what is left to be done by hand; give the exit code."""
    if done is None:
        return exit_codes.DONE
    for sentence in done.remarks:
        complain(sentence)
    if not done.left:
        return exit_codes.DONE
    paths = ", ".join(printable(path) for path in done.left)
    complain(
        f"{paths} was edited by someone else since, and is left so.",
        "Look at it, and run httpd -t before httpd is started.",
    )
    return exit_codes.NOT_ROLLED_BACK
