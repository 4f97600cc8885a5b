"""``mpmtune recover``: finish what a crash has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from mpmtune.apply.files_only import finish
from mpmtune.apply.state_directory import DEFAULT
from mpmtune.cli import exit_codes
from mpmtune.cli.options import QuietOption, StateOption
from mpmtune.cli.output import complain, remark
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.apply.transaction import Recovered

app = typer.Typer(add_completion=False)


@app.command()
def recover(state: StateOption = DEFAULT, quiet: QuietOption = False) -> int:
    """Put back what an interrupted change has left half done; run it before httpd starts.

    A change that was in force already stays so. It can be interrupted, and run again, at any time.
    """
    done = finish(state)
    if done is None:
        if not quiet:
            remark("Nothing is unfinished.")
        return exit_codes.DONE
    for sentence in done.remarks:
        complain(sentence)
    if not quiet:
        remark(_what_became(done))
    if not done.left:
        return exit_codes.DONE
    paths = ", ".join(printable(path) for path in done.left)
    complain(
        f"{paths} was edited by someone else since, and is left so.",
        "Look at it, and run httpd -t before httpd is started.",
    )
    return exit_codes.NOT_ROLLED_BACK


def _what_became(done: Recovered) -> str:
    what = printable(done.entry.summary)
    if done.in_force:
        return f"{what}: it had come into force, and stays so."
    return f"{what}: taken back. {printable(done.entry.why)}"
