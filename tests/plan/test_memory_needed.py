"""Memory of given settings, in literal numbers."""

from __future__ import annotations

from mpmtune.model.httpd import Mpm
from mpmtune.model.quantity import ZERO_BYTES, Unit, measured
from mpmtune.plan.child_cost import Cost
from mpmtune.plan.memory_needed import all_children, one_child

FOUR = measured("threads", 4, "test")
TEN = measured("children", 10, "test")


def size(value: int) -> Cost:
    """A child of 100 bytes, workers of ``value``, connections of 3, 1000 once."""
    fixed, child, worker, connection = (
        measured("x", number, "test", Unit.BYTES) for number in (1000, 100, value, 3)
    )
    return Cost(fixed, child, worker if value else ZERO_BYTES, connection)


def test_a_child_of_prefork_has_one_connection_whatever_the_threads() -> None:
    assert one_child(Mpm.PREFORK, FOUR, size(0)).value == 103


def test_a_threaded_child_has_a_connection_for_each_thread() -> None:
    assert one_child(Mpm.EVENT, FOUR, size(20)).value == 192


def test_what_is_there_once_is_counted_once() -> None:
    child = one_child(Mpm.EVENT, FOUR, size(20))
    needed = all_children(TEN, child, size(20))
    assert needed.value == 2920
    assert needed.unit is Unit.BYTES
