"""A directive has arguments that httpd refuses.

## What it does
Reports a wrong number of arguments, and arguments that the directive's own code refuses: flags
other than ``On`` and ``Off``, words that are not among those it knows, numbers and times that it
cannot read. The message is httpd's.

## Why it matters
httpd does not start. Several of these were fine in 2.2: ``KeepAlive`` then took a number.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.options import MIXED_SIGNS
from mpmtune.httpd.removed import DIRECTIVES
from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.lint.trailing_comments import trailing_comment
from mpmtune.lint.typography import typographic
from mpmtune.model.config import Fault, Level
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Diagnostic, Occurrence, Tree

# With these httpd looks at the sections around, which a fragment does not have.
_BY_PLACE = frozenset({"alias", "scriptalias", "serveralias"})
# Those that a rule of its own tells more about.
_OWN_RULE = frozenset({"asyncrequestworkerfactor"}) | DIRECTIVES.keys()


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield what httpd refuses for its arguments, in its own words."""
    del tree
    for fault in hits.faults:
        hit = fault.occurrence
        if hit is None or fault.level is not Level.ERROR or _told_elsewhere(hit, fault):
            continue
        if _open_here(hit, hits.scope):
            continue
        about_one = fault.fault is Fault.BAD_ARGUMENT and hit.name != "error"
        yield Violation(hit, fault.text.rstrip(". "), word=1 if about_one else None)


def _told_elsewhere(hit: Occurrence, fault: Diagnostic) -> bool:
    """Whether SYN905, SYN906, SYN911 or a rule about the directive says what is wrong."""
    return (
        hit.name in _OWN_RULE
        or fault.text == MIXED_SIGNS
        or trailing_comment(hit) is not None
        or any(typographic(word) for word in split(hit.args))
    )


def _open_here(hit: Occurrence, scope: Scope) -> bool:
    """Whether the place that the file is included at decides about the directive."""
    if scope is Scope.WHOLE:
        return False
    return hit.name == "error" or (hit.enclosing is None and hit.name in _BY_PLACE)


RULE = Rule(
    code="SYN904",
    name="bad-argument",
    severity=Severity.ERROR,
    on=(),
    faults=frozenset({Fault.ARGUMENT_COUNT, Fault.BAD_ARGUMENT}),
    httpd_ids=ids("AH00526"),
    references=("mod/directive-dict.html#Syntax", "config.c: invoke_cmd"),
    since="0.1.0",
    examples=(
        Example(bad="KeepAlive yes\n", good="KeepAlive On\n"),
        Example(bad="ServerAdmin web master\n", good='ServerAdmin "web master"\n'),
        Example(bad="KeepAliveTimeout 5 s\n", good="KeepAliveTimeout 5s\n"),
        Example(
            bad="<Directory /srv/www/htdocs>\nAllowOverride On\n</Directory>\n",
            good="<Directory /srv/www/htdocs>\nAllowOverride FileInfo AuthConfig\n</Directory>\n",
            lines=(2,),
        ),
        Example(bad="LogLevel warning\n", good="LogLevel warn\n"),
        Example(good="keepalive ON\nServerTokens ProductOnly\nUseCanonicalName off\n"),
        Example(good="KeepAlive ${KEEP_ALIVE}\nScriptAlias /srv/www/cgi\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
