"""Percentiles of small samples, exact and without interpolation."""

from collections.abc import Sequence


def percentile(values: Sequence[int], percent: int) -> int:
    """Give the smallest value that at least ``percent`` of the sample do not exceed.

    The nearest-rank definition: the answer is always a value that was measured.

    Raises:
        ValueError: if the sample is empty or ``percent`` is outside 1 to 100.
    """
    if not values or not 1 <= percent <= 100:  # noqa: PLR2004 - per cent
        raise ValueError("a percentile needs values and a rank from 1 to 100")
    rank = -(-len(values) * percent // 100)
    return sorted(values)[rank - 1]
