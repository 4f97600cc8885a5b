"""A limit of the MPM is set twice, with different numbers.

## What it does
Reports each line in force that sets an MPM directive which a later line sets to something else,
in any file; an old name counts as the new one.

## Why it matters
The last line wins, in the order of Include, and a wildcard includes by name. Whoever changes the
earlier line sees no effect and no message.

## When to ignore it
Where a file of defaults is followed by one that overrides them on purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the lines that a later one overrides."""
    del tree
    for lines in hits.by_name.values():
        last = lines[-1]
        for line in lines[:-1]:
            if split(line.args) != split(last.args):
                yield Violation(
                    line,
                    f"{line.item.spelling} {line.args} has no effect: a later line sets"
                    f" {last.item.spelling} {last.args}",
                    related=(last,),
                )


RULE = Rule(
    code="MPM024",
    name="mpm-directive-set-twice",
    severity=Severity.WARNING,
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
        "maxconnectionsperchild",
        "asyncrequestworkerfactor",
        "threadstacksize",
        "maxmemfree",
        "gracefulshutdowntimeout",
        "listenbacklog",
        "listencoresbucketsratio",
    ),
    jointly=True,
    references=("mod/core.html#include", "configuring.html"),
    since="0.1.0",
    examples=(
        Example(bad="MaxRequestWorkers 150\nMaxRequestWorkers 400\n"),
        Example(
            bad="MaxRequestWorkers 150\nInclude conf.d/*.conf\n",
            files=(("conf.d/local.conf", "MaxClients 400\n"),),
        ),
        Example(good="MaxRequestWorkers 400\nMaxRequestWorkers 400\n"),
        Example(
            good="<IfModule mpm_prefork_module>\nMaxRequestWorkers 250\n</IfModule>\n"
            "<IfModule mpm_event_module>\nMaxRequestWorkers 400\n</IfModule>\n",
        ),
        Example(
            good="{% if big %}\nMaxRequestWorkers 400\n{% else %}\nMaxRequestWorkers 150\n"
            "{% endif %}\n",
            scope=Scope.FRAGMENT,
        ),
    ),
    check=check,
)
