"""What given settings may come to need in memory, every worker busy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.quantity import ONE, Quantity

if TYPE_CHECKING:
    from mpmtune.model.httpd import Mpm
    from mpmtune.plan.child_cost import Cost


def one_child(mpm: Mpm, threads: Quantity, cost: Cost) -> Quantity:
    """Bytes of one busy child and its connections; ``threads`` is not looked at under prefork."""
    workers = threads if mpm.threaded else ONE
    return (cost.child + workers * (cost.worker + cost.connection)).named("memory of a busy child")


def all_children(children: Quantity, child: Quantity, cost: Cost) -> Quantity:
    """Bytes of the parent and of all children."""
    return (cost.fixed + children * child).named("memory of all children")
