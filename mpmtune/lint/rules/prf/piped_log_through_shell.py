"""A log goes through a shell that only starts the program behind it.

## What it does
Reports logs to ``|$program`` when nothing in the command line needs a shell.

## Why it matters
One process more stands between httpd and each program. When httpd ends the shell, the program may
live on.

## When to ignore it
Never; ``|program`` starts it directly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.placing import word_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Edit, Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_FOR_THE_SHELL = frozenset("|&;<>()$`\\\"'*?[#~=%!{}\n")
_BY_SHELL = "|$"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the logs that need no shell."""
    del tree
    for hit in hits:
        target = (*split(hit.args), "")[0]
        command = target.removeprefix(_BY_SHELL)
        if command != target and not _FOR_THE_SHELL & set(command):
            yield Violation(hit, "The shell between httpd and this program does nothing", _fix(hit))


def _fix(hit: Occurrence) -> Fix | None:
    """Take the one character away: the command may hold what is not to be shown."""
    source, start, end = word_of(hit, 1)
    at = source.text.find(_BY_SHELL, start, end) + 1
    if not at or replace_word(hit, 1, "") is None:
        return None
    return fix("Start the program directly", Edit(source, at, at + 1, ""))


RULE = Rule(
    code="PRF510",
    name="piped-log-through-shell",
    severity=Severity.INFO,
    by_default=False,
    on=("customlog", "errorlog", "transferlog", "globallog"),
    references=("logs.html#piped", "log.c: piped_log_spawn"),
    since="0.1.0",
    examples=(
        Example(
            bad='CustomLog "|$/bin/cat -u" "%h"\n', fixed_unsafely='CustomLog "|/bin/cat -u" "%h"\n'
        ),
        Example(
            good='CustomLog "|$/bin/cat >/dev/null" "%h"\nCustomLog "|/bin/cat" "%h"\n'
            'ErrorLog "||/bin/cat"\nCustomLog /srv/www/logs/a$b "%h"\n'
        ),
    ),
    check=check,
)
