"""A .htaccess lies where httpd does not look for one.

## What it does
Reports a ``.htaccess`` whose directory a configuration that is checked with it serves under
``AllowOverride None``: a warning where the file decides who gets in, a remark otherwise. Nothing
else is said of such a file.

## Why it matters
httpd passes over it without a word. Applications ship such files to shut their data, and they
shut nothing here.

## When to ignore it
Where the server's configuration says the same, which is faster: then the file may go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.lint.rule import TEXT, Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_GUARDS = re.compile(r"^[ \t]*(?:Require|Deny|Order|AuthType)[ \t]", re.IGNORECASE | re.MULTILINE)


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield that the file is not read, where that is known."""
    if hits.overrides is None or hits.overrides.is_read:
        return
    allowing = hits.overrides.allowed_by
    guards = any(_GUARDS.search(source.text) for source in tree.sources)
    what = "and with it the access control in it" if guards else "whatever it says"
    yield Violation(
        None,
        f"httpd never reads this file, {what}: AllowOverride is None for its directory",
        severity=None if guards else Severity.INFO,
        related=() if allowing is None else (allowing,),
    )


_NONE = "<Directory /srv/www/htdocs>\nAllowOverride {}\nRequire all granted\n</Directory>\n"

RULE = Rule(
    code="SYN918",
    name="htaccess-never-read",
    severity=Severity.WARNING,
    on=TEXT,
    references=("mod/core.html#allowoverride", "request.c: ap_directory_walk"),
    since="0.1.0",
    examples=(
        Example(
            bad="Require all denied\n",
            lines=(0,),
            scope=Scope.HTACCESS,
            server=_NONE.format("None"),
        ),
        Example(
            bad="Options +Nonsense\n",
            lines=(0,),
            scope=Scope.HTACCESS,
            server=_NONE.format("None\nAllowOverrideList None"),
        ),
        Example(
            good="Require all denied\n", scope=Scope.HTACCESS, server=_NONE.format("AuthConfig")
        ),
        Example(
            good="Require all denied\n",
            scope=Scope.HTACCESS,
            server=_NONE.format("None\nAllowOverrideList Require"),
        ),
        Example(good="Require all denied\n", scope=Scope.HTACCESS),
        Example(good=_NONE.format("None")),
    ),
    check=check,
)
