"""Everything that is looked at before a server is touched, in order of cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.apply.checks import Check, Preflight, Verdict
from mpmtune.apply.disk import Disk
from mpmtune.apply.guards import (
    enough_descriptors,
    enough_tasks,
    no_blocker,
    ports_free,
    room_for_new_children,
    room_on_disk,
    safe_places,
)
from mpmtune.apply.shadow_boot import shadow_boot
from mpmtune.model.plan import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.apply.shadow_boot import Candidate
    from mpmtune.model.config import Tree
    from mpmtune.model.facts import Facts
    from mpmtune.model.plan import Plan
    from mpmtune.model.server import Server

_SPARE = ".mpmtune-preflight"


@dataclass(frozen=True, slots=True)
class Intention:
    """What is to be done.

    Attributes:
        facts: The machine.
        server: The server on it.
        plan: What it shall run with.
        tree: The configuration as it will be read.
        candidate: How it is tried.
        action: What will put it in force.
    """

    facts: Facts
    server: Server
    plan: Plan
    tree: Tree
    candidate: Candidate
    action: Effect


def preflight(intention: Intention) -> Preflight:
    """Look at everything; the trial start only where nothing else forbids the change."""
    checks = tuple(_guards(intention))
    if all(check.verdict is not Verdict.REFUSED for check in checks):
        checks += shadow_boot(intention.candidate)
    return Preflight(checks)


def _guards(intention: Intention) -> Iterator[Check]:
    plan, machine = intention.plan, intention.facts.machine
    changes = intention.candidate.changes
    yield no_blocker(plan)
    yield safe_places(Disk(_SPARE), changes)
    yield room_on_disk(changes)
    yield ports_free(intention.tree, intention.server.instance)
    yield enough_tasks(plan, machine)
    yield enough_descriptors(plan, machine)
    if intention.action is Effect.GRACEFUL:
        yield room_for_new_children(intention.server)
