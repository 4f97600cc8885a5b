"""``mpmtune detect``: what this host and its httpd are."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune.cli import exit_codes
from mpmtune.cli.options import (
    Color,
    ColorOption,
    ConfOption,
    CpusOption,
    DefineOption,
    HostOption,
    HttpdOption,
    MemoryOption,
    OutputOption,
    QuietOption,
    ServerRootOption,
    VerboseOption,
    declare,
)
from mpmtune.cli.output import deliver, terminal_width, wants_color
from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.host.open_host import open_host

if TYPE_CHECKING:
    from mpmtune.model.facts import Facts

app = typer.Typer(add_completion=False)


class Format(Enum):
    """What to print."""

    TEXT = "text"
    JSON = "json"


@app.command()
def detect(
    form: Annotated[Format, typer.Option("-f", "--format", help="How to print it.")] = Format.TEXT,
    host: HostOption = None,
    httpd: HttpdOption = None,
    conf: ConfOption = None,
    server_root: ServerRootOption = None,
    define: DefineOption = None,
    memory: MemoryOption = None,
    cpus: CpusOption = None,
    output: OutputOption = None,
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Show what this host and its httpd are: memory, CPUs, limits, MPM, modules."""
    del quiet  # nothing is said on stderr
    choice = Choice(httpd, conf, server_root, tuple(define or ()))
    facts = declare(detect_facts(open_host(host), choice), memory, cpus)
    deliver(_text(facts, form, wants_color(color, output), verbose), output)
    return exit_codes.DONE


def _text(facts: Facts, form: Format, color: bool, verbose: bool) -> str:
    if form is Format.JSON:
        from mpmtune.report.facts_v1 import facts_v1

        return facts_v1(facts)
    from mpmtune.report.console import styled
    from mpmtune.report.facts_text import facts_lines, host_derivations

    lines = facts_lines(facts, terminal_width())
    if verbose:
        lines += host_derivations(facts)
    return styled(lines, color=color)
