"""A plan: settings for one MPM, each with its derivation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from mpmtune.model.load import NOTHING_KNOWN

if TYPE_CHECKING:
    from mpmtune.model.load import Load
    from mpmtune.model.prediction import Prediction
    from mpmtune.model.quantity import Quantity
    from mpmtune.model.server import EffectiveSetting, Mpm
    from mpmtune.model.unknown import Unknown


class Effect(Enum):
    """What puts a changed value in force: a graceful reload, or a stop and a start."""

    GRACEFUL = "graceful"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Bound:
    """How far a resource, or the demand, lets a number go.

    Attributes:
        name: ``memory``, ``demand``, ``backend``, ``cpu``, ``pids`` or ``nofile``.
        value: The number that it would allow, in the number's own unit.
    """

    name: str
    value: Quantity


@dataclass(frozen=True, slots=True)
class Setting:
    """One directive of a plan.

    Attributes:
        directive: Name in the manual's spelling.
        current: The value in force now; None when nothing is known of it.
        proposed: The number; for a flag (``KeepAlive``) 1 is On and 0 is Off.
        effect: What a change needs.
        because: One clause for an administrator.
        module: ``IfModule`` guard it needs; empty for core and the MPM.
        flag: Written as On or Off.
        bounds: What it was held against, the tightest first; empty where nothing holds it.
    """

    directive: str
    current: EffectiveSetting | None
    proposed: Quantity
    effect: Effect
    because: str
    module: str = ""
    flag: bool = False
    bounds: tuple[Bound, ...] = ()

    @property
    def bound_by(self) -> str | None:
        """What fixed the number."""
        return self.bounds[0].name if self.bounds else None

    @property
    def next_bound(self) -> Bound | None:
        """What would hold the number if the first bound did not."""
        return self.bounds[1] if len(self.bounds) > 1 else None

    @property
    def text(self) -> str:
        """The argument as httpd.conf has it."""
        if self.flag:
            return "On" if self.proposed.value else "Off"
        return str(self.proposed.whole)

    @property
    def changes(self) -> bool:
        """Whether the proposed value differs from the one in force."""
        return self.current is None or str(self.current.value) != self.text


@dataclass(frozen=True, slots=True)
class Budget:
    """Where the memory goes; ``total − others − reserve = for_httpd`` holds exactly.

    Attributes:
        total: Effective memory of the machine for httpd.
        others: What everything that is not httpd holds now.
        reserve: Kept free.
        for_httpd: What is left.
        expected_peak: What this plan takes at its worst.
    """

    total: Quantity
    others: Quantity
    reserve: Quantity
    for_httpd: Quantity
    expected_peak: Quantity


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that forbids a switch of MPM, with the way out."""

    what: str
    why: str
    way_out: str


@dataclass(frozen=True, slots=True)
class Switch:
    """A change of MPM."""

    source: Mpm
    target: Mpm
    blockers: tuple[Blocker, ...]


# What fixed MaxRequestWorkers, as a sentence says it.
BOUNDS = {
    "memory": "memory bounds the number of workers",
    "pids": "the task limit bounds the number of workers",
    "backend": "what the backends can do bounds the number of workers",
    "cpu": "what the CPUs can do bounds the number of workers",
    "demand": "the workload asks for no more workers",
}
NEXT = {
    "memory": "memory",
    "pids": "the task limit",
    "nofile": "the descriptors of a child",
    "backend": "the backends",
    "cpu": "the CPUs",
    "demand": "the demand",
}
_UNKNOWN_LOAD = "CPUs bound the number of workers (no workload is known)"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run, and why.

    Attributes:
        mpm: The MPM the settings are for.
        chosen_because: Why this MPM.
        settings: In the order of the snippet.
        system_limits: systemd directives that would otherwise bind (``LimitNOFILE``, ``TasksMax``).
        budget: The memory account.
        bound_by: The resource that fixed MaxRequestWorkers, a key of ``BOUNDS``.
        switch: When the mode differs from the active one.
        warnings: Sentences that must be read before use.
        unknown: What could not be known.
        planned_for: The httpd that is meant, as one clause; empty where there is none.
        load: The demand that it was made for.
        prediction: What it comes to under that; None where nothing is known of it.
    """

    mpm: Mpm
    chosen_because: str
    settings: tuple[Setting, ...]
    system_limits: tuple[Setting, ...]
    budget: Budget
    bound_by: str
    switch: Switch | None
    warnings: tuple[str, ...]
    unknown: tuple[Unknown, ...]
    planned_for: str = ""
    load: Load = NOTHING_KNOWN
    prediction: Prediction | None = None

    @property
    def bound_sentence(self) -> str:
        """What fixed MaxRequestWorkers, as a sentence."""
        if self.bound_by == "demand" and not self.load.known:
            return _UNKNOWN_LOAD
        return BOUNDS[self.bound_by]

    @property
    def next_bound(self) -> Bound | None:
        """What would hold MaxRequestWorkers next, and where."""
        return self.setting("MaxRequestWorkers").next_bound

    def setting(self, directive: str) -> Setting:
        """Find a directive of the plan.

        Raises:
            KeyError: if the plan has none of that name.
        """
        for found in (*self.settings, *self.system_limits):
            if found.directive == directive:
                return found
        raise KeyError(directive)
