"""Finds the workloads: every file of ``workloads/`` has one."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

from mpmtune.bench import workloads
from mpmtune.errors import UsageError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.bench.scenario import BenchWorkload


def names() -> list[str]:
    """Give the names of all workloads, sorted."""
    return sorted(found.name for found in pkgutil.iter_modules(workloads.__path__))


def find(name: str) -> BenchWorkload:
    """Find a workload by its name, that of its file.

    Raises:
        UsageError: when there is none.
    """
    if name not in names():
        raise UsageError(
            f"{printable(name)} is no workload.", f"There are: {', '.join(names())}, claims."
        )
    found: BenchWorkload = import_module(f"{workloads.__name__}.{name}").WORKLOAD
    return found


def choose(wanted: Sequence[str]) -> list[BenchWorkload]:
    """Give the workloads that are named, each once, or all.

    Raises:
        UsageError: when one is not there.
    """
    return [find(name) for name in dict.fromkeys(wanted) or names()]
