"""Whoever can write a file below here configures the server.

## What it does
Reports ``AllowOverride All``, and an ``AllowOverrideList`` with a directive that sets a handler.

## Why it matters
A ``.htaccess`` may then set handlers, rewrite rules and access control, so a single file that an
upload or a careless plug-in leaves there becomes code that runs. And for each request httpd looks
for that file in each directory on the way.

## When to ignore it
Where those who can write there are meant to have that power: shared hosting, or an application
that keeps its rules in ``.htaccess``. Name the groups that it needs even then, such as
``AllowOverride FileInfo Indexes``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.sections import canonical_directory
from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.surroundings import path_of, section_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mpmtune.model.config import Occurrence, Tree

_HANDLERS = frozenset({"sethandler", "addhandler", "addtype", "forcetype", "action"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that hands over all of it."""
    del tree
    for hit in _in_force(hits["allowoverride"]):
        if [word.lower() for word in split(hit.args)][:1] == ["all"]:
            yield Violation(
                hit,
                "AllowOverride All: whoever can write a .htaccess here sets handlers, rewrite rules"
                " and access control",
            )
    for hit in _in_force(hits["allowoverridelist"]):
        listed = next((word for word in split(hit.args) if word.lower() in _HANDLERS), None)
        if listed is not None:
            yield Violation(
                hit, f"{listed} is allowed: whoever can write a .htaccess here makes files run"
            )


def _in_force(lines: Iterable[Occurrence]) -> Iterable[Occurrence]:
    """Leave out what a later section for the same directory of the same server replaces."""
    last: dict[tuple[int, str, int], Occurrence] = {}
    for line in lines:
        section = section_of(line)
        path = "" if section is None else path_of(section)
        alone = id(section) if not path else 0
        server = id(section.enclosing) if section is not None else 0
        last[server, canonical_directory(path), alone] = line
    return last.values()


def _directory(line: str, path: str = "/srv/www/htdocs") -> str:
    return f"<Directory {path}>\n{line}\n</Directory>\n"


RULE = Rule(
    code="SEC304",
    name="allowoverride-all",
    severity=Severity.WARNING,
    on=("allowoverride", "allowoverridelist"),
    cis=("4.3", "4.4"),
    references=("mod/core.html#allowoverride", "howto/htaccess.html#when"),
    since="0.1.0",
    examples=(
        Example(
            bad=_directory("AllowOverride All"), good=_directory("AllowOverride None"), lines=(2,)
        ),
        Example(
            bad=_directory("AllowOverride None\nAllowOverrideList Redirect SetHandler"), lines=(3,)
        ),
        Example(bad=_directory("AllowOverride All"), lines=(2,), scope=Scope.FRAGMENT),
        Example(
            bad=_directory("AllowOverride All", "/home/*/public_html")
            + _directory("AllowOverride All"),
            lines=(2, 5),
        ),
        Example(good=_directory("AllowOverride All") + _directory("AllowOverride None")),
        Example(good=_directory("AllowOverride AuthConfig Limit")),
        Example(good=_directory("AllowOverride None\nAllowOverrideList Redirect RedirectMatch")),
    ),
    check=check,
)
