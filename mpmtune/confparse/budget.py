"""The limits of a reading, as they are used up."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from mpmtune.confparse.refusal import Refusal
from mpmtune.model.config import Fault

if TYPE_CHECKING:
    from mpmtune.confparse.start import Limits


class Exhausted(Refusal):
    """A limit is hit: the reading ends here."""

    def __init__(self, text: str) -> None:
        super().__init__(Fault.LIMIT, f"{text}: mpmtune stops reading here")


class Budget:
    """What is left of the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._ends = monotonic() + limits.seconds
        self._files = limits.files
        self._bytes = limits.total_bytes
        self._lines = limits.lines
        self._macro_lines = limits.macro_lines
        self._nested_macro_lines = limits.nested_macro_lines
        self._substituted = limits.substituted_bytes

    def file(self, size: int, lines: int) -> None:
        """Spend for a file that is read.

        Raises:
            Exhausted: when a limit is hit; so do the others.
        """
        self._files -= 1
        self._bytes -= size
        if self._files < 0:
            raise Exhausted(f"more than {self._limits.files} files")
        if self._bytes < 0:
            raise Exhausted(f"more than {self._limits.total_bytes} bytes in all files")
        if monotonic() > self._ends:
            raise Exhausted(f"more than {self._limits.seconds:g} seconds")
        self._lines -= lines
        if self._lines < 0:
            raise Exhausted(f"more than {self._limits.lines} lines")

    def macro(self, lines: int, depth: int) -> None:
        """Spend for a macro that is used; ``depth`` is 1 outside of other macros."""
        if depth > self._limits.macro_depth:
            raise Exhausted(f"macros used more than {self._limits.macro_depth} deep")
        self._macro_lines -= lines
        self._nested_macro_lines -= lines if depth > 1 else 0
        if self._macro_lines < 0:
            raise Exhausted(f"more than {self._limits.macro_lines} lines from macros")
        if self._nested_macro_lines < 0:
            most = self._limits.nested_macro_lines
            raise Exhausted(f"more than {most} lines from macros used in macros")

    def substitution(self, size: int) -> None:
        """Spend for a line in which ``${}`` was replaced."""
        self._substituted -= size
        if self._substituted < 0:
            raise Exhausted(f"more than {self._limits.substituted_bytes} bytes made by ${{}}")
