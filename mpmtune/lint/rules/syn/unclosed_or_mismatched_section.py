"""A section is not closed, or closed where none is open.

## What it does
Reports a section without its closing tag, a closing tag without its section, two that cross,
and a tag without its ``>``: also where they stand in a section that is false, which must be well
nested all the same.

## Why it matters
httpd stops reading there and does not start. One case depends on what is loaded: an
``<IfModule>`` that nobody closes is accepted at the end of a file when it is true, and refused
when it is false.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.config import Fault
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield what the reader found out of balance, in its own words."""
    del tree
    for fault in hits.faults:
        said = fault.text.removeprefix(f"{fault.file}:{fault.line}: ")
        yield Violation(fault, said.removesuffix("."))


RULE = Rule(
    code="SYN901",
    name="unclosed-or-mismatched-section",
    severity=Severity.ERROR,
    on=(),
    faults=frozenset(
        {
            Fault.UNCLOSED_SECTION,
            Fault.STRAY_CLOSE,
            Fault.MISMATCHED_CLOSE,
            Fault.MISSING_BRACKET,
            Fault.UNCLOSED_FALSE_SECTION,
            Fault.UNCLOSED_TRUE_SECTION,
        }
    ),
    references=("sections.html", "config.c: ap_build_config_sub"),
    since="0.1.0",
    examples=(
        Example(
            bad="<Directory /srv/www/htdocs>\nRequire all granted\n",
            good="<Directory /srv/www/htdocs>\nRequire all granted\n</Directory>\n",
        ),
        Example(bad="ServerName www.example.com\n</VirtualHost>\n", lines=(2,)),
        Example(bad="<IfModule mod_absent.c>\n<Directory /srv/www/htdocs>\n</IfModule>\n"),
        Example(
            good="<IfModule mod_absent.c>\n<Directory x>\nAny thing\n</Directory>\n</IfModule>\n"
        ),
    ),
    check=check,
)
