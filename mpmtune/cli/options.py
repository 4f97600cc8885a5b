"""The options that mean the same in every command."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune.errors import UsageError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from fractions import Fraction

    from mpmtune.model.facts import Facts

_LEAST_MEMORY = 16 * 1024**2
_MOST_MEMORY = 64 * 1024**4
_CPU_PARTS = 100  # a hundredth of a CPU is the least
_MOST_CPUS = 8192


class Color(Enum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


HostOption = Annotated[
    str | None,
    typer.Option(
        "--host", metavar="DIR", help="Answer from a recorded or bare tree, not from here."
    ),
]
HttpdOption = Annotated[
    str | None, typer.Option("--httpd", metavar="PATH", help="The httpd binary to ask.")
]
ConfOption = Annotated[
    str | None, typer.Option("--conf", metavar="FILE", help="Its main configuration file.")
]
ServerRootOption = Annotated[
    str | None, typer.Option("--server-root", metavar="DIR", help="Its ServerRoot.")
]
DefineOption = Annotated[
    list[str] | None, typer.Option("-D", metavar="NAME", help="Define NAME, as httpd's -D does.")
]
MemoryOption = Annotated[
    str | None, typer.Option("--memory", metavar="SIZE", help="Plan for this memory: 512MiB, 4GiB.")
]
CpusOption = Annotated[
    str | None, typer.Option("--cpus", metavar="N", help="Plan for this many CPUs: 2, 0.5.")
]
OutputOption = Annotated[
    str | None, typer.Option("-o", "--output", metavar="FILE", help="Write there, not to stdout.")
]
StateOption = Annotated[
    str,
    typer.Option("--state", metavar="DIR", help="Where the journal and the history are kept."),
]
ColorOption = Annotated[Color, typer.Option("--color", help="Colour the text.")]
QuietOption = Annotated[bool, typer.Option("-q", "--quiet", help="Say less on stderr.")]
VerboseOption = Annotated[bool, typer.Option("-v", "--verbose", help="Say more.")]


def memory_of(text: str | None) -> int | None:
    """Read ``--memory``; give bytes, or None when it was not given.

    Raises:
        UsageError: for text that is no size, or a size no httpd host has.
    """
    if text is None:
        return None
    from mpmtune.model.sizes import parse_size

    try:
        size = parse_size(text)
    except ValueError:
        raise UsageError(
            f"--memory {printable(text)} is no size.", "Write it as 512MiB, 4GiB or 1.5G."
        ) from None
    if not _LEAST_MEMORY <= size <= _MOST_MEMORY:
        raise UsageError(
            f"--memory {printable(text)} is outside what a host can have.",
            "Give a size from 16MiB to 64TiB.",
        )
    return size


def cpus_of(text: str | None) -> Fraction | None:
    """Read ``--cpus``; give an exact number, or None when it was not given.

    Raises:
        UsageError: for text that is no number, or a number no host has.
    """
    if text is None:
        return None
    from fractions import Fraction

    try:
        cpus = Fraction(text) if "/" not in text and "_" not in text else None
    except ValueError:
        cpus = None
    if cpus is None or not 1 <= cpus * _CPU_PARTS <= _MOST_CPUS * _CPU_PARTS:
        raise UsageError(
            f"--cpus {printable(text)} is no number of CPUs.", "Give a number from 0.01 to 8192."
        )
    return cpus


def declare(facts: Facts, memory: str | None, cpus: str | None) -> Facts:
    """Put what ``--memory`` and ``--cpus`` say in the place of what was found.

    With ``--memory`` the plan is for another size of host: what others hold here says nothing.

    Raises:
        UsageError: as ``memory_of`` and ``cpus_of``.
    """
    from mpmtune.model.quantity import Unit, declared
    from mpmtune.model.unknown import Unknown

    machine, unknown = facts.machine, facts.unknown
    size, count = memory_of(memory), cpus_of(cpus)
    if size is not None:
        why = Unknown("host.mem_available_bytes", "--memory is about another size of host")
        total = declared("--memory", size, "--memory", Unit.BYTES)
        machine = replace(machine, memory_total=total, memory_available=why)
        unknown = (*(one for one in unknown if not one.what.startswith("host.mem_")), why)
    if count is not None:
        machine = replace(machine, cpus=declared("--cpus", count, "--cpus", Unit.CPUS))
        unknown = tuple(one for one in unknown if one.what != "host.cpus_effective")
    return replace(facts, machine=machine, unknown=unknown)
