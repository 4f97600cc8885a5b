"""The whole file system is opened.

## What it does
Reports a ``<Directory />`` that lets everybody in: ``Require all granted``, or ``Allow from all``
of httpd 2.2.

## Why it matters
It is the popular answer to a 403, and it grants each directory that no section shuts again. From
then on a single ``Alias``, symbolic link or rewrite is enough to serve any file that the server's
user can read. Grant the directory that is meant.

## When to ignore it
In a container that holds nothing but what it serves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import Admitted
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_arguments
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.surroundings import admitted, admitted_by, at_section, path_of, says_who
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each section that opens the root."""
    for hit in hits["<directory"]:
        if path_of(hit) != "/":
            continue
        view = merged_view_of(tree)
        if not says_who(view, hit) or admitted_by(view, hit) is not Admitted.ALL:
            continue
        here = at_section(view, view.hosts.around(hit), hit)
        if here is not None and admitted(view, here) is Admitted.ALL:
            lines = view.containers.of(hit).by_family.get("require", ())
            granted = lines[0] if len(lines) == 1 else None
            yield Violation(
                granted or hit,
                "This grants the whole file system: every file that an Alias, a symbolic link or a"
                " rewrite leads to is served",
                None if granted is None else _fix(granted),
            )


def _fix(granted: Occurrence) -> Fix | None:
    if [word.lower() for word in split(granted.args)] != ["all", "granted"]:
        return None
    return fix("Deny the root", replace_arguments(granted, "all denied"))


_GRANTED = "<Directory />\n    Require all granted\n</Directory>\n"
_DENIED = "<Directory />\n    Require all denied\n</Directory>\n"

RULE = Rule(
    code="SEC302",
    name="filesystem-root-granted",
    severity=Severity.ERROR,
    on=("<directory",),
    cis=("4.1", "4.2"),
    references=("misc/security_tips.html#protectserverfiles", "mod/core.html#directory"),
    since="0.1.0",
    examples=(
        Example(bad=_GRANTED, fixed_unsafely=_DENIED, lines=(2,)),
        Example(
            bad='<Directory "/">\nOrder allow,deny\nAllow from all\n</Directory>\n',
            also=("DEP801",),
            modules=("access_compat_module",),
        ),
        Example(bad=_GRANTED, lines=(2,), fixed_unsafely=_DENIED, scope=Scope.FRAGMENT),
        Example(good=_GRANTED + _DENIED),
        Example(good=_DENIED + "<Directory /srv/www>\nRequire all granted\n</Directory>\n"),
        Example(good="<Directory />\nAllowOverride None\nOptions FollowSymLinks\n</Directory>\n"),
        Example(good="<Directory />\nRequire ip 192.0.2.0/24\n</Directory>\n"),
        Example(good="<Location />\nRequire all granted\n</Location>\n"),
    ),
    check=check,
)
