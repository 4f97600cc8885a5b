"""httpd reads another number than the one that is written.

## What it does
Reports the arguments of MPM directives that are more than decimal digits, or too large: units,
fractions, words, powers. A negative ``MaxConnectionsPerChild`` is one of them.

## Why it matters
httpd reads as many digits as there are, drops the rest and never complains: ``25k`` is 25,
``150.5`` is 150, ``auto`` is 0, and 999999999999 is a negative number. ``MaxMemFree`` counts
kilobytes in 32 bits, and 4194304 of them are none, which is no limit. With a negative
``MaxConnectionsPerChild`` each child of worker and event ends before it answers anything, and
``-t`` still says that all is well.

## When to ignore it
Never: write the number that is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.names import manual, modern
from mpmtune.httpd.numbers import connections_per_idle_worker
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.values_in_force import active_mpm
from mpmtune.lint.written_values import integer_in, number_of, word_in
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm
from mpmtune.model.sizes import KIB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_UNITS = {"maxmemfree": KIB}
_FACTOR = "asyncrequestworkerfactor"
_LIFETIME = "maxconnectionsperchild"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the arguments that mean something else to httpd."""
    mpm = active_mpm(tree)
    for hit in hits:
        name = modern(hit.name)
        if name == _FACTOR:
            yield from _factor(tree, hit)
            continue
        read = number_of(hit)
        written = integer_in(word_in(hit))
        if read is None:
            continue
        unit = _UNITS.get(name, 1)
        if written is None or written * unit != read:
            yield _misread(hit, read // unit)
        elif name == _LIFETIME and written < 0 and mpm is not None:
            yield _endless(hit, mpm)


def _misread(hit: Occurrence, number: float, severity: Severity | None = None) -> Violation:
    name = manual(modern(hit.name))
    text = f"{name} {word_in(hit)} is read as {number}"
    return Violation(hit, text, word=1, severity=severity)


def _endless(hit: Occurrence, mpm: Mpm) -> Violation:
    text = f"{manual(modern(hit.name))} {word_in(hit)}"
    if mpm is Mpm.PREFORK:
        text += " is taken for 0, no limit, by prefork alone"
        return Violation(hit, text, word=1, severity=Severity.WARNING)
    text += f" ends each child of {mpm.value} before it answers anything; 0 is no limit"
    return Violation(hit, text, word=1)


def _factor(tree: Tree, hit: Occurrence) -> Iterator[Violation]:
    """The manual offers fractions; since 2.4.33 event counts whole connections."""
    factor = number_of(hit)
    if factor is None:
        return
    used = connections_per_idle_worker(factor, tree.target.version)
    if used != factor:
        yield _misread(hit, used, Severity.WARNING)


RULE = Rule(
    code="MPM033",
    name="mpm-value-not-an-integer",
    severity=Severity.ERROR,
    on=(
        "maxrequestworkers",
        "serverlimit",
        "threadlimit",
        "threadsperchild",
        "startservers",
        "minspareservers",
        "maxspareservers",
        "minsparethreads",
        "maxsparethreads",
        _LIFETIME,
        _FACTOR,
        "threadstacksize",
        "maxmemfree",
        "gracefulshutdowntimeout",
        "listenbacklog",
        "listencoresbucketsratio",
    ),
    references=(
        "mod/mpm_common.html",
        "mpm_common.c: ap_mpm_set_max_requests",
        "event.c: set_max_workers",
    ),
    since="0.1.0",
    examples=(
        Example(bad="MaxRequestWorkers 999999999999\n", good="MaxRequestWorkers 400\n"),
        Example(
            bad="ServerLimit 0x20\nStartServers 3.5\nMaxRequestWorkers 25k\n",
            lines=(1, 2, 3),
            also=("MPM013",),
        ),
        Example(
            bad="MaxMemFree 4194304\nThreadStackSize 8M\nMaxConnectionsPerChild -1\n"
            "AsyncRequestWorkerFactor 1.5\n",
            lines=(1, 2, 3, 4),
        ),
        Example(bad="MaxClients 1e3\n", good="MaxClients 256\n", mpm=Mpm.PREFORK),
        Example(bad="MaxConnectionsPerChild -1\n", mpm=Mpm.PREFORK),
        Example(good='MaxRequestWorkers "400"\nThreadsPerChild 025\n'),
        Example(good="AsyncRequestWorkerFactor 4.0\nMaxMemFree 2048\n"),
    ),
    check=check,
)
