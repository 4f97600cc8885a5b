"""Everything that is looked at before a server is touched, in order of cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.apply.action import Action
from mpmtune.apply.checks import Check, Preflight, Verdict
from mpmtune.apply.disk import Disk
from mpmtune.apply.guards import (
    comes_through,
    enough_descriptors,
    enough_tasks,
    known_to_run_or_not,
    may_be_changed,
    may_be_started,
    no_blocker,
    not_read_aside,
    ports_free,
    room_for_new_children,
    room_on_disk,
    safe_places,
    trusted,
)
from mpmtune.apply.shadow_boot import shadow_boot
from mpmtune.host.local import LocalHost
from mpmtune.plan.switch import plan_switch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mpmtune.apply.undertaking import Undertaking
    from mpmtune.model.facts import Facts

_SPARE = ".mpmtune-preflight"


def preflight(facts: Facts, work: Undertaking, wanted: Mapping[str, str]) -> Preflight:
    """Look at everything; the trial start only where nothing else forbids the change.

    Args:
        facts: The machine.
        work: What is to be done.
        wanted: Directive → text that shall be in force; empty for a rollback.
    """
    checks = tuple(guards(facts, work, wanted))
    if all(check.verdict is not Verdict.REFUSED for check in checks):
        checks += shadow_boot(work.candidate)
    return Preflight(checks)


def guards(facts: Facts, work: Undertaking, wanted: Mapping[str, str]) -> Iterator[Check]:
    """Look at what can be looked at without trying it; as ``preflight``."""
    yield known_to_run_or_not(facts.unknown)
    yield no_blocker(plan_switch(facts, work.values.mpm))
    yield comes_through(wanted, work.values)
    yield safe_places(Disk(_SPARE), work.changes)
    yield trusted(LocalHost(), work)
    yield not_read_aside(work)
    yield room_on_disk(work.changes)
    yield ports_free(work.tree, work.server.instance)
    yield enough_tasks(work.expected, facts.machine)
    yield enough_descriptors(work.expected, facts.machine)
    if work.action is Action.NOTHING:
        return
    yield may_be_changed(work.server)
    if work.action is Action.GRACEFUL:
        yield room_for_new_children(work.server)
    else:
        yield may_be_started(work.server, work.service)
