"""A limit of the MPM is 0 or negative, where httpd needs at least 1.

## What it does
Reports ``ServerLimit``, ``ThreadLimit``, ``ThreadsPerChild``, ``MaxRequestWorkers``,
``StartServers``, ``MinSpareThreads`` and ``MinSpareServers`` below 1.

## Why it matters
Elsewhere 0 means no limit; here httpd warns and works with 1. ``MaxRequestWorkers`` it raises to
one whole child under event and worker, and to a single request at a time under prefork.

## When to ignore it
Never: without the line the built-in value holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.mpm_limits import clamps
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import integer_in, word_in
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_IDS = {
    Mpm.PREFORK: (
        *("AH00177", "AH00178", "AH00182", "AH00183"),
        *("AH00184", "AH00185", "AH00186", "AH00187"),
    ),
    Mpm.WORKER: (
        *("AH00302", "AH00303", "AH00307", "AH00308", "AH00312", "AH00313"),
        *("AH00314", "AH00315", "AH00320", "AH00321", "AH00322", "AH00323"),
    ),
    Mpm.EVENT: (
        *("AH00499", "AH00500", "AH00504", "AH00505", "AH00509", "AH00510"),
        *("AH00511", "AH00512", "AH00517", "AH00518", "AH00519", "AH00520"),
    ),
}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each number below 1; a text that is no number is mpm-value-not-an-integer."""
    for _, clamp in clamps(tree, hits, _IDS):
        if clamp.before < 1 and integer_in(word_in(clamp.at)) == clamp.before:
            yield Violation(
                clamp.at,
                f"{clamp.directive} {clamp.before} is below the least that httpd takes: it works"
                f" with {clamp.after}",
                word=1,
            )


RULE = Rule(
    code="MPM010",
    name="non-positive-mpm-value",
    severity=Severity.ERROR,
    on=(
        "serverlimit",
        "threadlimit",
        "threadsperchild",
        "maxrequestworkers",
        "startservers",
        "minsparethreads",
        "minspareservers",
    ),
    jointly=True,
    httpd_ids=_IDS,
    references=("mod/mpm_common.html", "event.c: event_check_config"),
    since="0.1.0",
    examples=(
        Example(bad="MinSpareThreads 0\n", good="MinSpareThreads 75\n"),
        Example(bad="MaxRequestWorkers 0\n", mpm=Mpm.WORKER),
        Example(
            bad="StartServers 0\nMinSpareServers -1\nMaxRequestWorkers 0\nServerLimit 0\n",
            lines=(1, 2, 3, 4),
            also=("MPM015",),
            mpm=Mpm.PREFORK,
        ),
        Example(
            bad="ThreadLimit 0\nThreadsPerChild 0\nMaxRequestWorkers 16\n",
            lines=(1, 2),
            also=("MPM007",),
        ),
        Example(good="MaxConnectionsPerChild 0\n"),
        Example(good="MinSpareThreads 1\nMaxSpareThreads 250\n"),
    ),
    check=check,
)
