"""Colour: the same lines through rich, which knows terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.report.text import Line, Style, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

# The 16 colours of the terminal's own theme: readable on dark and on light.
_LOOKS = {
    Style.PLAIN: "",
    Style.HEADING: "bold",
    Style.STRONG: "bold cyan",
    Style.FAINT: "dim",
    Style.GOOD: "green",
    Style.NOTICE: "yellow",
    Style.BAD: "bold red",
}


def styled(lines: Sequence[Line], *, color: bool) -> str:
    """Write the lines, with terminal colours when asked."""
    if not color:
        return plain(lines)
    import io

    from rich.console import Console
    from rich.text import Text

    out = io.StringIO()
    console = Console(file=out, force_terminal=True, color_system="standard", width=10_000)
    for made in lines:
        text = Text()
        for span in made:
            text.append(span.text, _LOOKS[span.style])
        text.rstrip()
        console.print(text, soft_wrap=True, markup=False, highlight=False, emoji=False)
    return out.getvalue()
