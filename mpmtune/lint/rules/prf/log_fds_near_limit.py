"""Log files and listeners take most of the descriptors that a process may have.

## What it does
Counts the logs that httpd opens and its listeners, and compares them with the limit of open files
of the machine: more than half of it is reported. Error logs of the same name are one; access logs
are opened again for each line.

## Why it matters
Every child holds all of them. Beyond the limit httpd does not start: "Too many open files"; near
it, requests fail, because each takes descriptors for its connection and its file.

## When to ignore it
Where ``LimitNOFILE`` will be raised before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, ExampleHost, Hits, HostRule
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree
    from mpmtune.model.facts import Facts


def check(tree: Tree, hits: Hits, facts: Facts) -> Iterator[Violation]:
    """Yield one sentence for the whole configuration."""
    del tree
    limit = facts.machine.nofile_limit
    if not isinstance(limit, Quantity):
        return
    error_logs = {(*split(line.args), "")[0] for line in hits["errorlog"]}
    access_logs = len(hits["customlog"]) + len(hits["transferlog"]) + len(hits["globallog"])
    held = len(error_logs) + access_logs + len(hits["listen"])
    if 2 * held > limit.value:
        yield Violation(
            None,
            f"Each child holds {held} logs and listeners open, of at most {limit.whole} files",
        )


_LOGS = "CustomLog /srv/www/logs/a.log %h\n"

RULE = HostRule(
    code="PRF511",
    name="log-fds-near-limit",
    severity=Severity.WARNING,
    by_default=False,
    on=("errorlog", "customlog", "transferlog", "globallog", "listen"),
    whole_tree=True,
    references=(
        "vhosts/fd-limits.html",
        "log.c: ap_open_logs",
        "mod_log_config.c: open_multi_logs",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad="ErrorLog /srv/www/logs/e.log\n" + _LOGS * 17,
            good='ErrorLog /srv/www/logs/e.log\nCustomLog /srv/www/logs/a.log "%v %h"\n',
            lines=(0,),
            host=ExampleHost(descriptors=40),
        ),
        Example(
            good="ErrorLog /srv/www/logs/e.log\n" + _LOGS * 16, host=ExampleHost(descriptors=40)
        ),
        Example(
            good="ErrorLog /srv/www/logs/e.log\n" + _LOGS * 17, host=ExampleHost(descriptors=1024)
        ),
    ),
    check=check,
)
