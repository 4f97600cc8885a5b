"""What holds a number down: the tightest bound first, and the next one after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.plan import Bound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mpmtune.model.quantity import Quantity

MORE_WOULD = {
    "memory": "more do not fit into memory",
    "pids": "the task limit carries no more",
    "nofile": "the descriptors of a child carry no more",
    "backend": "more would only wait for the backends",
    "cpu": "more would only wait for the CPUs",
    "demand": "the workload asks for no more",
}
_UNKNOWN_LOAD = "more would only wait for the CPUs"


def in_order(bounds: Mapping[str, Quantity]) -> tuple[Bound, ...]:
    """Sort bounds, the tightest first; of equal ones the first named."""
    found: Iterable[Bound] = (Bound(name, value) for name, value in bounds.items())
    return tuple(sorted(found, key=lambda bound: bound.value.value))


def more_would(name: str, *, load_known: bool) -> str:
    """Say why a bound holds: what more would do."""
    return MORE_WOULD[name] if load_known or name != "demand" else _UNKNOWN_LOAD
