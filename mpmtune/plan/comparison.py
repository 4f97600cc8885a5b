"""The three MPMs as planned, the settings in force and those of a fresh installation, side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.httpd.shipped import shipped
from mpmtune.model.httpd import Mpm
from mpmtune.model.machine import Distro
from mpmtune.model.server import Server
from mpmtune.plan.planner import plan
from mpmtune.plan.policy import DEFAULT
from mpmtune.plan.prediction import predict, settings_of
from mpmtune.plan.switch import BEST_FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.facts import Facts
    from mpmtune.model.load import Load
    from mpmtune.model.prediction import Prediction
    from mpmtune.model.quantity import Quantity
    from mpmtune.plan.policy import Policy

_SAID = {"On": 1, "Off": 0}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Settings that might be chosen, and what they come to.

    Attributes:
        name: ``plan event``, ``current``, ``Debian's``…
        settings: Directive → number.
        prediction: What httpd would do with them.
        blockers: What forbids the MPM on this server, with the reason.
    """

    name: str
    settings: tuple[tuple[str, int], ...]
    prediction: Prediction
    blockers: tuple[tuple[str, str], ...] = ()

    @property
    def mpm(self) -> Mpm:
        """The MPM that they are for."""
        return self.prediction.mpm


@dataclass(frozen=True, slots=True)
class Comparison:
    """Candidates, under one load and against one budget of memory."""

    load: Load
    memory: Quantity
    candidates: tuple[Candidate, ...]


def compare(facts: Facts, policy: Policy = DEFAULT) -> Comparison:
    """Predict what plans, the settings in force and the distribution's come to.

    Raises:
        InputError: if the memory of the host is not known.
    """
    plans = [plan(mpm, "to compare", facts, policy) for mpm in BEST_FIRST]
    planned = tuple(
        Candidate(
            f"plan {made.mpm.value}",
            tuple(settings_of(made).items()),
            predict(made.mpm, settings_of(made), facts, policy),
            tuple((one.what, one.why) for one in made.switch.blockers) if made.switch else (),
        )
        for made in plans
    )
    others = tuple(_others(facts, policy))
    return Comparison(plans[0].load, plans[0].budget.for_httpd, (*planned, *others))


def _others(facts: Facts, policy: Policy) -> Iterator[Candidate]:
    server = facts.server if isinstance(facts.server, Server) else None
    mpm = server.mpm if server is not None and isinstance(server.mpm, Mpm) else Mpm.EVENT
    if server is not None and server.settings:
        current = {
            one.directive: number
            for one in server.settings
            for number in (_number(one.value),)
            if number is not None
        }
        yield Candidate(
            f"now {mpm.value}", tuple(current.items()), predict(mpm, current, facts, policy)
        )
    distro = facts.machine.distro
    family = frozenset({distro.id, *distro.like}) if isinstance(distro, Distro) else frozenset()
    whose, values = shipped(mpm, family)
    yield Candidate(
        f"{whose} {mpm.value}", tuple(values.items()), predict(mpm, values, facts, policy)
    )


def _number(value: float | str) -> int | None:
    """Take a value in force as a number; a time of less than a second counts as one."""
    if isinstance(value, str):
        return _SAID.get(value)
    return math.ceil(value)
