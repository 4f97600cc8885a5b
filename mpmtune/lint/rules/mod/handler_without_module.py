"""A handler is set whose module is not loaded.

## What it does
Reports ``SetHandler`` and ``AddHandler`` with ``server-status``, ``server-info``, ``balancer-
manager``, ``ldap-status``, ``type-map``, ``imap-file`` or ``send-as-is`` when the module that
answers for it is not loaded.

## Why it matters
httpd takes any name there. The URL then answers 404, or the file is sent as it is, and nothing in
the log says why.

## When to ignore it
When the module is loaded by a file that is not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.dependencies import HANDLERS
from mpmtune.httpd.words import split
from mpmtune.lint.loading import load
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the handlers that nobody answers for."""
    for hit in hits:
        words = split(hit.args)
        module = HANDLERS.get(words[0].lower()) if words else None
        if module is not None and module not in tree.modules:
            yield Violation(
                hit,
                f"Nobody answers for {words[0]}: {module} is not loaded",
                load(tree, hit, module),
                word=1,
            )


RULE = Rule(
    code="MOD114",
    name="handler-without-module",
    severity=Severity.WARNING,
    on=("sethandler", "addhandler"),
    whole_tree=True,
    references=("handler.html", "mod/core.html#sethandler"),
    since="0.1.0",
    examples=(
        Example(
            bad="<Location /server-status>\nSetHandler server-status\nRequire local\n</Location>\n",
            fixed_unsafely=(
                "LoadModule status_module /usr/lib/apache2/modules/mod_status.so\n"
                "<Location /server-status>\nSetHandler server-status\nRequire local\n</Location>\n"
            ),
            lines=(2,),
        ),
        Example(
            good="<Location /server-status>\nSetHandler server-status\nRequire local\n</Location>\n",
            modules=("status_module",),
        ),
        Example(good="<Location /x>\nSetHandler default-handler\n</Location>\n"),
        Example(
            good="<Location /server-info>\nSetHandler server-info\n</Location>\n",
            scope=Scope.FRAGMENT,
        ),
    ),
    check=check,
)
