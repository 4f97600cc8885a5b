"""What one more child costs, by the memory of a whole httpd with few and with many children."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mpmtune.model.quantity import HUNDRED, ZERO_BYTES, Quantity, Unit, measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.model.httpd import Mpm
    from mpmtune.model.load import MemorySample


_A_PAIR = 2


class Slope(NamedTuple):
    """Bytes there once, bytes of each child with its workers, and how many those are.

    ``most`` is the number of children up to which the line is trusted.
    """

    fixed: Quantity
    child: Quantity
    threads: Quantity
    most: Quantity


def slope_of(mpm: Mpm, samples: Sequence[MemorySample], reach: Quantity) -> Slope | None:
    """Draw a line through the two largest httpds of one shape.

    Shared pages count once by this, which neither RSS nor the mean of the children's own memory
    tells. The more children there are, the less often all are at their peak: the line through two
    points lies above what more children take, and below what fewer take. So it is drawn through
    the largest ones, and followed upwards only.

    Args:
        mpm: The MPM.
        samples: What was measured; leave out what a plan must not reach.
        reach: Per cent of the largest up to which the line is followed.

    Returns:
        None when there are no two, or the larger one took no more.
    """
    own = sorted((one for one in samples if one.mpm is mpm), key=lambda one: one.children)
    alike = {one.children: one for one in own if one.threads == own[-1].threads}
    if len(alike) < _A_PAIR:
        return None
    few, many = list(alike.values())[-_A_PAIR:]
    if few.pss_bytes >= many.pss_bytes:
        return None
    less, more = (
        measured(f"httpd with {one.children} children", one.pss_bytes, one.source, Unit.BYTES)
        for one in (few, many)
    )
    apart = measured("children more", many.children - few.children, many.source)
    child = ((more - less) // apart).named("one more child", "slope of the sum of PSS")
    first = measured("children", few.children, few.source)
    fixed = (less - first * child).at_least(ZERO_BYTES).named("parent and shared pages")
    threads = measured("its threads", many.threads, many.source)
    largest = measured("children of the largest", many.children, many.source)
    most = (largest * reach // HUNDRED).named("children up to which the slope is trusted")
    return Slope(fixed, child, threads, most)
