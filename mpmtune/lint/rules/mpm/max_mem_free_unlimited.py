"""MaxMemFree lets each thread keep all memory that it ever freed.

## What it does
Reports ``MaxMemFree 0``, which stands for no limit.

## Why it matters
Each thread has an allocator of its own, and without a limit it gives nothing back: a child stays
as large as its largest requests together. httpd's own limit is 2 MiB for each.

## When to ignore it
Where the memory is there, and its growth has been watched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import integer_in, word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the MaxMemFree without limit; what only reads as 0 is mpm-value-not-an-integer."""
    del tree
    line = hits.last("maxmemfree")
    if line is not None and integer_in(word_in(line)) == 0:
        yield Violation(
            line,
            "MaxMemFree 0 is no limit: a thread keeps all memory that it ever freed",
            fix("Set MaxMemFree 2048, httpd's own limit", replace_word(line, 1, "2048")),
            word=1,
        )


RULE = Rule(
    code="MPM027",
    name="max-mem-free-unlimited",
    severity=Severity.INFO,
    by_default=False,
    on=("maxmemfree",),
    references=("mod/mpm_common.html#maxmemfree", "mpm_common.c: ap_mpm_set_max_mem_free"),
    since="0.1.0",
    examples=(
        Example(bad="MaxMemFree 0\n", fixed_unsafely="MaxMemFree 2048\n"),
        Example(good="MaxMemFree 512\n"),
    ),
    check=check,
)
