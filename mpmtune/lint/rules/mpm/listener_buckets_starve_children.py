"""There are more listener buckets than the limits were written for.

## What it does
Divides the processors of the machine by ``ListenCoresBucketsRatio``, as httpd does, and reports
the limits that the number of buckets raises above what is written.

## Why it matters
Each bucket needs children of its own. httpd raises ``StartServers``, the spare limits and even
``MaxRequestWorkers`` when it starts and says nothing. Beyond ``ServerLimit`` it breaks: under
prefork and worker the parent dies of a segmentation fault, and event leaves buckets without a
child, whose connections nobody answers.

## When to ignore it
Where the raised numbers are what is wanted, and ``ServerLimit`` allows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.startup import listener_buckets, start
from mpmtune.lint.mpm_limits import Limits
from mpmtune.lint.rule import Example, ExampleHost, Hits, HostRule
from mpmtune.lint.written_values import number_of
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm
from mpmtune.model.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.startup import Started
    from mpmtune.model.config import Tree
    from mpmtune.model.facts import Facts


def check(tree: Tree, hits: Hits, facts: Facts) -> Iterator[Violation]:
    """Yield the ratio whose buckets the limits do not suit."""
    limits = Limits.of(tree, hits)
    line = hits.last("listencoresbucketsratio")
    ratio, cpus = number_of(line), facts.machine.cpus
    if limits is None or line is None or ratio is None or not isinstance(cpus, Quantity):
        return
    buckets = listener_buckets(int(ratio), cpus.whole)
    values = limits.values
    version = tree.target.version
    started = start(limits.mpm, values.corrected.effective, buckets=buckets, version=version)
    raised = _raised(values.started, started)
    if started.overruns_scoreboard:
        consequence = f"above {limits.named('ServerLimit')}, where httpd cannot work"
    else:
        consequence = f"httpd raises {' and '.join(raised)} without a word"
    if raised:
        yield Violation(
            line,
            f"{cpus.whole} processors make {buckets} listener buckets: {consequence}",
            related=limits.lines("StartServers", "ServerLimit"),
        )


def _raised(alone: Started, together: Started) -> list[str]:
    """Name what one bucket would leave as it is."""
    return [
        f"{name} from {before} to {together.effective[name]}"
        for name, before in alone.effective.items()
        if together.effective[name] != before
    ]


RULE = HostRule(
    code="MPM030",
    name="listener-buckets-starve-children",
    severity=Severity.WARNING,
    by_default=False,
    on=(
        "listencoresbucketsratio",
        "startservers",
        "serverlimit",
        "maxrequestworkers",
        "threadsperchild",
        "threadlimit",
        "minsparethreads",
        "maxsparethreads",
        "minspareservers",
        "maxspareservers",
    ),
    jointly=True,
    httpd_since=(2, 4, 17),
    references=(
        "mod/mpm_common.html#listencoresbucketsratio",
        "listen.c: ap_duplicate_listeners",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad="ListenCoresBucketsRatio 1\nStartServers 1\n",
            good="ListenCoresBucketsRatio 8\nStartServers 4\n",
            host=ExampleHost(cpus=8),
        ),
        Example(
            bad="ServerLimit 2\nMaxRequestWorkers 2\nMinSpareServers 1\nListenCoresBucketsRatio 2\n",
            lines=(4,),
            also=("MPM013",),
            mpm=Mpm.PREFORK,
            host=ExampleHost(cpus=16),
        ),
        Example(
            good="ListenCoresBucketsRatio 4\nMinSpareThreads 75\nMaxSpareThreads 250\n",
            host=ExampleHost(cpus=8),
        ),
    ),
    check=check,
)
