"""What one more child costs, by the memory of a whole httpd with few and with many children."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mpmtune.model.quantity import HUNDRED, ZERO, ZERO_BYTES, Quantity, Unit, measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.model.httpd import Mpm
    from mpmtune.model.load import MemorySample


_A_PAIR = 2


class Slope(NamedTuple):
    """Bytes there once, bytes of each child with its workers, and how many those are.

    ``seen`` is the number of children of the largest httpd, ``most`` that up to which the line is
    trusted.
    """

    fixed: Quantity
    child: Quantity
    threads: Quantity
    seen: Quantity
    most: Quantity


class Line(NamedTuple):
    """How a line is drawn.

    Attributes:
        connection: Bytes that a process holds for a connection: they are no child's own.
        reach: Per cent of the largest sample up to which the line is followed.
    """

    connection: Quantity
    reach: Quantity


def slope_of(
    mpm: Mpm, samples: Sequence[MemorySample], once: Quantity | None, line: Line
) -> Slope | None:
    """Draw a line through the two largest httpds of one shape; or from what is there once.

    Shared pages count once by this, which neither RSS nor the mean of the children's own memory
    tells. The more children there are, the less often all are at their peak: the line through two
    points lies above what more children take, and below what fewer take. So it is drawn through
    the largest ones, and followed upwards only.

    Args:
        mpm: The MPM.
        samples: What was measured; leave out what a plan must not reach.
        once: Bytes of an httpd without children; None where they were not measured.
        line: How the line is drawn.

    Returns:
        None without a sample, or where the larger one took no more.
    """
    own = sorted((one for one in samples if one.mpm is mpm), key=lambda one: one.children)
    alike = list({one.children: one for one in own if one.threads == own[-1].threads}.values())
    if not alike:
        return None
    many = alike[-1]
    more, less, first = _size(many, line), once, ZERO
    if len(alike) >= _A_PAIR and _size(alike[-2], line).value < more.value:
        few = alike[-2]
        less, first = _size(few, line), measured("children", few.children, few.source)
    if less is None or less.value >= more.value:
        return None
    children = measured("children of the largest", many.children, many.source)
    child = ((more - less) // (children - first)).named("one more child", "slope of the sum of PSS")
    fixed = (less - first * child).at_least(ZERO_BYTES).named("parent and shared pages")
    threads = measured("its threads", many.threads, many.source)
    most = (children * line.reach // HUNDRED).named("children up to which the slope is trusted")
    return Slope(fixed, child, threads, children, most)


def _size(sample: MemorySample, line: Line) -> Quantity:
    label = f"httpd with {sample.children} children"
    size = measured(label, sample.pss_bytes, sample.source, Unit.BYTES)
    if not sample.connections or not line.connection.value:
        return size
    kept = measured("connections open then", sample.connections, sample.source)
    return (size - kept * line.connection).at_least(ZERO_BYTES).named(label, "connections apart")
