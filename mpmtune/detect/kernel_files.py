"""Numbers that the kernel states in files, and those that had to be passed over."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent
from mpmtune.model.quantity import Evidence, Number, Quantity, Trust, Unit, leaf
from mpmtune.model.unknown import Unknown

if TYPE_CHECKING:
    from mpmtune.host.doorway import Files

_NUMBER = re.compile(r"[0-9]{1,20}")
# What cgroup v1 says for "no limit": LONG_MAX rounded down to a page, of whatever size.
NO_LIMIT = 1 << 62


def parse_limit(text: str) -> int | None:
    """Read the content of a limit file: a number, ``max`` or cgroup v1's number for none.

    Returns:
        The limit; None when there is none.

    Raises:
        ValueError: when it says neither.
    """
    word = text.strip(" \t\n")
    if word == "max":
        return None
    if not _NUMBER.fullmatch(word):
        raise ValueError("it holds no number")
    return int(word) if int(word) < NO_LIMIT else None


def parse_keyed(text: str) -> dict[str, int]:
    """Read lines of a name and a number (memory.stat); others are passed over."""
    found: dict[str, int] = {}
    for line in text.split("\n"):
        key, _, number = line.partition(" ")
        if _NUMBER.fullmatch(number.strip()):
            found.setdefault(key, int(number))
    return found


class KernelFiles:
    """Reads what the kernel says, each number with the file that said it.

    Args:
        files: Where to read.
        borrowed: Why what stands in files about a process is only assumed to hold for httpd;
            empty when they are httpd's own.
    """

    def __init__(self, files: Files, borrowed: str = "") -> None:
        self._files = files
        self._borrowed = borrowed
        self._read: dict[str, str | None] = {}
        self._passed_over: dict[str, Unknown] = {}

    @property
    def passed_over(self) -> tuple[Unknown, ...]:
        """What was there but said nothing of use; it counts as no limit."""
        return tuple(self._passed_over.values())

    def text(self, path: str) -> str | None:
        """Read a file, once; None when it is not there or cannot be read."""
        if path not in self._read:
            content = self._files.read(path)
            if isinstance(content, Absent) and not content.missing:
                self.pass_over(path, content.why)
            self._read[path] = None if isinstance(content, Absent) else os.fsdecode(content)
        return self._read[path]

    def pass_over(self, path: str, why: str) -> None:
        """Note a file that said nothing of use."""
        self._passed_over[path] = Unknown(path, f"{why}; it counts as no limit")

    def limit(self, path: str, label: str, unit: Unit = Unit.COUNT) -> Quantity | None:
        """Read a limit that holds for httpd; None when there is none."""
        text = self.text(path)
        if text is None:
            return None
        try:
            value = parse_limit(text)
        except ValueError as error:
            self.pass_over(path, str(error))
            return None
        return None if value is None else self.of_httpd(label, value, path, unit)

    def of_httpd(self, label: str, value: Number, source: str, unit: Unit = Unit.COUNT) -> Quantity:
        """Make a leaf of what a file says about httpd."""
        if not self._borrowed:
            return leaf(label, value, Evidence(Trust.MEASURED, source), unit)
        evidence = Evidence(Trust.ASSUMED, f"{source}: {self._borrowed}", "start httpd, ask again")
        return leaf(label, value, evidence, unit)
