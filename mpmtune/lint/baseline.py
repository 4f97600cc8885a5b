"""A baseline: the findings that were there when a project began, so that only new ones count."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from mpmtune.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mpmtune.model.finding import Finding

SCHEMA = "mpmtune/baseline/v1"


@dataclass(frozen=True, slots=True)
class Entry:
    """Findings that are alike.

    Attributes:
        code: Their rule.
        file: Their file.
        scope: The sections around them, outermost first.
        kinship: The digest they share; lines may move without changing it.
        count: How many there are.
    """

    code: str
    file: str
    scope: tuple[str, ...]
    kinship: str
    count: int


class Compared(NamedTuple):
    """Findings against a baseline.

    Attributes:
        new: Those that the baseline does not hold.
        known: Those that it holds.
        vanished: What it holds and was not found; ``count`` is how many of them are gone.
    """

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    vanished: tuple[Entry, ...]


def make(findings: Iterable[Finding]) -> tuple[Entry, ...]:
    """Make the baseline of some findings, in their order."""
    first: dict[str, Finding] = {}
    counts: Counter[str] = Counter()
    for finding in findings:
        first.setdefault(finding.kinship, finding)
        counts[finding.kinship] += 1
    return tuple(Entry(f.code, f.file, f.scope, kin, counts[kin]) for kin, f in first.items())


def compare(findings: Iterable[Finding], entries: Sequence[Entry]) -> Compared:
    """Tell new findings from those that the baseline holds."""
    left = Counter({entry.kinship: entry.count for entry in entries})
    new: list[Finding] = []
    known: list[Finding] = []
    for finding in findings:
        held = left[finding.kinship] > 0
        left[finding.kinship] -= held
        (known if held else new).append(finding)
    vanished = tuple(
        Entry(entry.code, entry.file, entry.scope, entry.kinship, left[entry.kinship])
        for entry in entries
        if left[entry.kinship] > 0
    )
    return Compared(tuple(new), tuple(known), vanished)


def write(entries: Iterable[Entry]) -> str:
    """Write a baseline: JSON, one entry a line, so that a diff of it can be read."""
    rows = ",\n".join("  " + json.dumps(_row(entry)) for entry in entries)
    inner = f"\n{rows}\n " if rows else ""
    return f'{{"schema": "{SCHEMA}",\n "findings": [{inner}]}}\n'


def read(text: str, name: str) -> tuple[Entry, ...]:
    """Read a baseline.

    Args:
        text: What ``write`` wrote.
        name: The file, for the sentence of an error.

    Raises:
        InputError: if it is no baseline.
    """
    try:
        document = json.loads(text)
        known = document["schema"] == SCHEMA
        entries = tuple(_entry(row) for row in document["findings"])
    except (ValueError, KeyError, TypeError, RecursionError):
        known, entries = False, ()
    if not known:
        raise InputError(
            f"{name} is no baseline of mpmtune.", "Write a new one with --write-baseline."
        )
    return entries


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(
        str(row["code"]),
        str(row["file"]),
        tuple(str(section) for section in row["scope"]),
        str(row["fingerprint"]),
        int(row["count"]),
    )


def _row(entry: Entry) -> dict[str, object]:
    return {
        "code": entry.code,
        "file": entry.file,
        "scope": list(entry.scope),
        "fingerprint": entry.kinship,
        "count": entry.count,
    }
