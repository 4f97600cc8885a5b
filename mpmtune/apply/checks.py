"""What was looked at before anything is touched, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """What came of a check. What could not be looked at says so, and forbids nothing."""

    PASSED = "passed"
    REFUSED = "refused"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What should be so, as a clause.
        verdict: Whether it is.
        why: One sentence; empty where there is nothing to say.
        way_out: What to do, one sentence; may be empty.
    """

    name: str
    verdict: Verdict
    why: str = ""
    way_out: str = ""


def passed(name: str) -> Check:
    """Say that it is so."""
    return Check(name, Verdict.PASSED)


def refused(name: str, why: str, way_out: str = "") -> Check:
    """Say that it is not so, which forbids the change."""
    return Check(name, Verdict.REFUSED, why, way_out)


def unseen(name: str, why: str) -> Check:
    """Say that it could not be looked at."""
    return Check(name, Verdict.UNSEEN, why)


@dataclass(frozen=True, slots=True)
class Preflight:
    """All that was looked at, in order."""

    checks: tuple[Check, ...]

    @property
    def refusals(self) -> tuple[Check, ...]:
        """What forbids the change."""
        return tuple(check for check in self.checks if check.verdict is Verdict.REFUSED)

    @property
    def unseen(self) -> tuple[Check, ...]:
        """What could not be looked at."""
        return tuple(check for check in self.checks if check.verdict is Verdict.UNSEEN)
