"""``mpmtune confirm``: keep a change that would otherwise be taken back."""

from __future__ import annotations

import typer

from mpmtune.apply.recovering import confirm_change
from mpmtune.apply.state_directory import DEFAULT
from mpmtune.cli import exit_codes
from mpmtune.cli.options import QuietOption, StateOption
from mpmtune.cli.output import complain, tell
from mpmtune.report.safe_text import printable

app = typer.Typer(add_completion=False)


@app.command()
def confirm(state: StateOption = DEFAULT, quiet: QuietOption = False) -> int:
    """Keep the change that apply --confirm-within has put in force on trial."""
    confirmed = confirm_change(state)
    for sentence in confirmed.remarks:
        complain(sentence)
    if not quiet:
        tell(f"{printable(confirmed.entry.summary)}: confirmed.\n")
    return exit_codes.DONE
