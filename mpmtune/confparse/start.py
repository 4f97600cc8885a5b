"""What a reading starts from, and how far it may go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mpmtune.confparse.lines import CONFIG_LINE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.model.config import Target
    from mpmtune.model.httpd import Mpm

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that no real configuration reaches; each one that is hit becomes a diagnostic.

    Attributes:
        file_bytes: Size of one file.
        total_bytes: Size of all files, one that is included twice counted twice.
        files: Number of files opened, counted in the same way.
        lines: Lines of all files, counted in the same way.
        macro_lines: Lines that ``Use`` brings in.
        nested_macro_lines: Lines that come from a ``Use`` inside a macro: they can double at
            every level.
        macro_depth: Macros used in macros.
        substituted_bytes: Text that ``${}`` makes: it can double with every ``Define``.
        nesting: Sections within sections. httpd itself crashes at some 20,000.
        diagnostics: Things that are wrong.
        seconds: Time for everything that Include brings in.
    """

    file_bytes: int = 64 * _MIB
    total_bytes: int = 256 * _MIB
    files: int = 20_000
    lines: int = 2_000_000
    macro_lines: int = 150_000
    nested_macro_lines: int = 10_000
    macro_depth: int = 32
    substituted_bytes: int = 32 * _MIB
    nesting: int = 1_000
    diagnostics: int = 1_000
    seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Start:
    """How httpd would be started.

    Attributes:
        conf: The main file (``-f``).
        target: What is assumed of the httpd.
        server_root: ``-d``; None for the target's.
        defines: Names given with ``-D``.
        environment: What ``${}`` finds beyond Define; None for what the target's envvars set.
        mpm: Read as if this MPM were compiled in: ``LoadModule`` lines of MPMs are passed over.
        root: Nothing outside this directory is read.
        here: Directories and modules that are named should exist on the machine that is asked;
            False when the files come from another one.
        keep_written: Fill ``Tree.written``.
        written_names: The folded names that are kept there; None for all.
        line_limit: Characters of one line: 16 MiB, 8 KiB in .htaccess.
        limits: How far to go.
    """

    conf: str
    target: Target
    server_root: str | None = None
    defines: tuple[str, ...] = ()
    environment: Mapping[str, str] | None = None
    mpm: Mpm | None = None
    root: str | None = None
    here: bool = True
    keep_written: bool = False
    written_names: frozenset[str] | None = None
    line_limit: int = CONFIG_LINE_LIMIT
    limits: Limits = field(default_factory=Limits)
