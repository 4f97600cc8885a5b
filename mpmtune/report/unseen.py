"""How what could not be seen is named to a reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_STATISTIC = re.compile(r"_(?:p50|p95|max)$")


def short_names(names: Iterable[str]) -> tuple[str, ...]:
    """Give each name once, without saying which statistic of it."""
    return tuple(dict.fromkeys(_STATISTIC.sub("", name) for name in names))
