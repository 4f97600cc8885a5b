"""A ``${NAME}`` is used that neither Define nor the environment gives a value.

## What it does
Reports the first use of each name that no ``Define`` above it, no ``-D`` and no variable of the
environment has. What a distribution's start script puts into the environment counts as defined.

## Why it matters
httpd warns and leaves the text as it is: a path, a name or a number then is literally
``${NAME}``. Numbers are read as 0, and a ``DocumentRoot`` stops the server.

## When to ignore it
When a service manager sets the variable; name it with ``-D`` then, or in the settings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.model.config import Fault
from mpmtune.model.finding import Passage, Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Diagnostic, Tree

_VARIABLE = re.compile(r"\$\{[^}]*\}")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the first use of each name."""
    del tree
    told: set[str] = set()
    for fault in hits.faults:
        variable = _VARIABLE.search(fault.text)
        if variable and variable[0] not in told:
            told.add(variable[0])
            yield Violation(
                _passage(fault, variable[0]),
                f"Nothing defines {variable[0]} here: httpd uses the text as it stands",
            )


def _passage(fault: Diagnostic, variable: str) -> Passage | Diagnostic:
    """Point at the variable itself, where it is written as it is read."""
    source = fault.source
    at = source.text.find(variable, fault.start, fault.end) if source else -1
    if source is None or at < 0:
        return fault
    return Passage(source, at, at + len(variable))


RULE = Rule(
    code="SYN909",
    name="undefined-variable",
    severity=Severity.WARNING,
    on=(),
    faults=frozenset({Fault.UNDEFINED_VARIABLE}),
    whole_tree=True,
    httpd_ids=ids("AH00111"),
    references=("mod/core.html#define", "core.c: ap_resolve_env"),
    since="0.1.0",
    examples=(
        Example(
            bad="ServerAdmin ${ADMIN_MAIL}\n",
            good="Define ADMIN_MAIL ops@example.com\nServerAdmin ${ADMIN_MAIL}\n",
        ),
        Example(
            bad="Timeout 60\nServerAdmin ${USER_AT}${HOST_AT}\nErrorLog ${HOST_AT}\n",
            lines=(2,),
        ),
        Example(
            good="RewriteEngine On\nRewriteMap lower int:tolower\n"
            "RewriteRule ^/(.*)$ /${lower:$1} [R]\n# ${ABSENT}\n"
            "<IfDefine Absent>\nServerAdmin ${ABSENT}\n</IfDefine>\n",
            modules=("rewrite_module",),
        ),
        Example(good="ServerAdmin ${ADMIN_MAIL}\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
