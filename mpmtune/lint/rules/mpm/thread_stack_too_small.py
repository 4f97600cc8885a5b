"""The stack of a thread is small.

## What it does
Reports a ``ThreadStackSize`` below 128 KiB under worker and event; 0 is the system's own size.

## Why it matters
A thread that needs more crashes the child with all its requests. Regular expressions, embedded
interpreters and filters need hundreds of kilobytes; with 16 KiB even the status page crashed a
child. A size below the system's minimum is not used at all: httpd logs AH02436 (event) or AH02435
(worker) when it starts, and takes the system's own.

## When to ignore it
Where the modules that are loaded have been tried under load with that size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import number_of
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm
from mpmtune.model.sizes import KIB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_SMALL = 128 * KIB


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the ThreadStackSize that is too small."""
    del tree
    line = hits.last("threadstacksize")
    size = number_of(line)
    if line is not None and size is not None and 0 < size < _SMALL:
        yield Violation(
            line,
            f"A stack of {size} bytes is too small for usual modules: a thread that needs more"
            " crashes its child",
            word=1,
        )


RULE = Rule(
    code="MPM028",
    name="thread-stack-too-small",
    severity=Severity.WARNING,
    by_default=False,
    on=("threadstacksize",),
    mpms=frozenset({Mpm.WORKER, Mpm.EVENT}),
    references=(
        "mod/mpm_common.html#threadstacksize",
        "mpm_common.c: ap_mpm_set_thread_stacksize",
    ),
    since="0.1.0",
    examples=(
        Example(bad="ThreadStackSize 32768\n", good="ThreadStackSize 524288\n"),
        Example(bad="ThreadStackSize 8000\n", mpm=Mpm.WORKER),
        Example(good="ThreadStackSize 0\n"),
        Example(good="ThreadStackSize 131072\n"),
    ),
    check=check,
)
