"""A DocumentRoot is not there.

## What it does
Reports a ``DocumentRoot`` that is no directory, when the configuration is that of the machine
itself: an error for the main server, a warning in a virtual host.

## Why it matters
For the main server httpd refuses the line and does not start. In a virtual host it warns, AH00112,
and answers 404 to everything.

## When to ignore it
Where the directory is mounted later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.lint.served import absolute
from mpmtune.lint.unknown_values import is_known
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each that is known to be missing."""
    stands = tree.is_directory
    if stands is None:
        return
    for line in hits["documentroot"]:
        for word in split(line.args)[:1]:
            path = absolute(tree.server_root, word)
            if is_known(word) and stands(path) is False:
                main = line.enclosing is None
                does = "httpd does not start" if main else "every request answers 404 (AH00112)"
                yield Violation(
                    line,
                    f"{path} is no directory: {does}",
                    word=1,
                    severity=None if main else Severity.WARNING,
                )


_HOST = "<VirtualHost *:8080>\nServerName www.example.com\nDocumentRoot {}\n</VirtualHost>\n"

RULE = Rule(
    code="VHO712",
    name="document-root-missing",
    severity=Severity.ERROR,
    by_default=False,
    on=("documentroot",),
    whole_tree=True,
    httpd_ids=ids("AH00526", "AH00112"),
    references=("mod/core.html#documentroot", "core.c: set_document_root"),
    since="0.1.0",
    examples=(
        Example(bad="DocumentRoot /srv/www/nowhere\n", good="DocumentRoot /srv/www/htdocs\n"),
        Example(
            bad=_HOST.format("/srv/www/nowhere"),
            good=_HOST.format('"/srv/www/htdocs/"'),
            lines=(3,),
        ),
        Example(good="DocumentRoot /srv/www/nowhere\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
