"""``mpmtune explain``: an MPM, a directive, an AH number or a module, in plain words."""

from __future__ import annotations

from typing import Annotated

import typer

from mpmtune.cli.options import Color, ColorOption, OutputOption
from mpmtune.cli.output import deliver, terminal_width, wants_color
from mpmtune.errors import UsageError
from mpmtune.report.console import styled
from mpmtune.report.explain.topics import explain as explain_topic
from mpmtune.report.explain.topics import nearest, overview
from mpmtune.report.safe_text import printable

# Drawings fit 78 columns, and prose reads best when it is no wider.
_WIDTH = 78

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def explain(
    topic: Annotated[
        str | None,
        typer.Argument(metavar="[TOPIC]", help="event, MaxRequestWorkers, AH00513, php_module."),
    ] = None,
    output: OutputOption = None,
    color: ColorOption = Color.AUTO,
) -> None:
    """Explain an MPM, a directive, a rule code or an AH number.

    Without a topic, the topics are listed. A module, such as php_module, is one too.
    """
    width = min(_WIDTH, terminal_width())
    lines = overview(width) if topic is None else explain_topic(topic, width)
    if lines is None:
        raise UsageError(f"mpmtune knows no topic {printable(repr(topic))}.", _hint(str(topic)))
    deliver(styled(lines, color=wants_color(color, output)), output)


def _hint(topic: str) -> str:
    """Name what comes nearest, or how to see all."""
    close = nearest(topic)
    see = "mpmtune explain lists the topics."
    return f"Did you mean {' or '.join(close)}? {see}" if close else see
