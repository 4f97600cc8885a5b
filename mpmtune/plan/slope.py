"""What one more child costs, by the memory of a whole httpd with few and with many children."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mpmtune.model.quantity import ZERO_BYTES, Quantity, Unit, measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.model.httpd import Mpm
    from mpmtune.model.load import MemorySample


class Slope(NamedTuple):
    """Bytes there once, bytes of each child with its workers, and how many those are."""

    fixed: Quantity
    child: Quantity
    threads: Quantity


def slope_of(mpm: Mpm, samples: Sequence[MemorySample]) -> Slope | None:
    """Draw a line through the smallest and the largest httpd of one shape.

    Shared pages count once by this, which neither RSS nor the mean of the children's own memory
    tells. None when there are no two, or the larger one took no more.
    """
    alike = sorted((one for one in samples if one.mpm is mpm), key=lambda one: one.children)
    alike = [one for one in alike if one.threads == alike[-1].threads]
    if not alike or alike[0].children == alike[-1].children:
        return None
    few, many = alike[0], alike[-1]
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
    return Slope(fixed, child, threads)
