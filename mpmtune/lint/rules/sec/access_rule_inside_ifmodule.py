"""Access is restricted only where a module happens to be loaded.

## What it does
Reports ``<IfModule>`` right inside of a section, or in a ``.htaccess``, around the ``Require`` or
``Deny`` that keeps clients out, where nothing else in that section does. Left alone are the
modules that decide about access themselves, whose blocks are for httpd 2.2 and 2.4, and blocks
that set the section's handler as well: without the module nothing answers there.

## Why it matters
When the module is gone, after an upgrade or on the next machine, httpd skips the lines in silence
and the section is open. Without the guard it refuses to start, and says why.

## When to ignore it
Never.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from mpmtune.httpd.words import arguments, split
from mpmtune.lint.fixes import fix
from mpmtune.lint.rule import Example, Hits, Over, Rule, Scope
from mpmtune.lint.section_ends import closing_of, unwrap
from mpmtune.model.config import ItemKind
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_DECIDING = frozenset({"core", "authz_core", "authz_host", "access_compat", "authz_user"})
_PARTS = ("<limit", "<require")
_PLACES = ("<directory", "<location", "<files", "<proxy")
_ACCESS = ("auth", "require", "<require", "</require", "order", "allow", "deny", "satisfy")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each guard that leaves a section open when its module is gone."""
    del tree
    guarded: dict[int, tuple[Occurrence, int]] = {}
    settled: set[int] = set()
    handling = {id(hit.enclosing) for hit in hits["sethandler"]}
    for hit in (*hits["require"], *hits["deny"]):
        if [word.lower() for word in split(hit.args)] == ["all", "granted"]:
            continue
        guards, place = _around(hit)
        if not guards:
            settled.add(id(place))
        elif _is_place(place, hits.scope) and id(guards[0]) not in handling:
            guarded.setdefault(id(guards[0]), (guards[0], id(place)))
    for guard, place_id in guarded.values():
        if place_id not in settled:
            yield Violation(
                guard,
                f"Without {_module(guard)} httpd skips this in silence, and everybody is let in",
                _fix(guard),
            )


def _around(line: Occurrence) -> tuple[list[Occurrence], Occurrence | None]:
    """Give the guards between a line and the section it is for, the inner first; and the section."""
    guards: list[Occurrence] = []
    section = line.enclosing
    while section is not None and section.name.startswith(("<if", *_PARTS)):
        if section.name == "<ifmodule" and _may_be_gone(section):
            guards.append(section)
        section = section.enclosing
    return guards, section


def _module(guard: Occurrence) -> str:
    return next(iter(arguments(guard.name, guard.args)), "")


def _may_be_gone(guard: Occurrence) -> bool:
    name = _module(guard).removeprefix("mod_").removesuffix(".c").removesuffix("_module")
    return name not in _DECIDING and name[:1] not in {"!", ""}


def _is_place(section: Occurrence | None, scope: Scope) -> bool:
    return scope is Scope.HTACCESS if section is None else section.name.startswith(_PLACES)


def _fix(guard: Occurrence) -> Fix | None:
    """Take the guard away from around lines that are about access alone."""
    closing = closing_of(guard)
    items = guard.source.items
    at = bisect_left(items, guard.item.end, key=lambda item: item.start)
    while closing is not None and items[at].start < closing.start:
        item = items[at]
        if item.kind in {ItemKind.DIRECTIVE, ItemKind.OPEN} and not item.name.startswith(_ACCESS):
            return None
        at += 1
    return fix("Restrict it in any case", *unwrap(guard))


_AUTH = ("authn_core_module", "authn_file_module", "auth_basic_module", "authz_user_module")


def _section(*lines: str) -> str:
    return "\n".join(("<Directory /srv/www/htdocs>", *lines, "</Directory>", ""))


RULE = Rule(
    code="SEC333",
    name="access-rule-inside-ifmodule",
    severity=Severity.WARNING,
    on=("require", "deny", "sethandler"),
    over=Over.WRITTEN,
    references=("mod/core.html#ifmodule",),
    since="0.1.0",
    examples=(
        Example(
            bad=_section("<IfModule mod_authz_dbd.c>", "Require all denied", "</IfModule>"),
            fixed_unsafely=_section("Require all denied"),
            lines=(2,),
        ),
        Example(
            bad=_section(
                "<IfModule authn_file_module>",
                *("AuthName x", "AuthUserFile /srv/www/run/users"),
                *("<RequireAny>", "Require valid-user", "</RequireAny>", "</IfModule>"),
            ),
            fixed_unsafely=_section(
                *("AuthName x", "AuthUserFile /srv/www/run/users"),
                *("<RequireAny>", "Require valid-user", "</RequireAny>"),
            ),
            lines=(2,),
            modules=_AUTH,
        ),
        Example(
            bad="<IfModule mod_env.c>\nSetEnv X 1\nRequire all denied\n</IfModule>\n",
            scope=Scope.HTACCESS,
        ),
        Example(
            good=_section(
                *("<IfModule mod_authz_core.c>", "Require all denied", "</IfModule>"),
                *("<IfModule !mod_authz_core.c>", "Deny from all", "</IfModule>"),
            )
        ),
        Example(
            good=_section(
                *("<IfModule mod_authz_dbd.c>", "Require all denied", "</IfModule>"),
                *("<IfModule !mod_authz_dbd.c>", "Require ip 192.0.2.1", "</IfModule>"),
            )
        ),
        Example(
            good=_section(
                *(
                    "<IfModule mod_authz_dbd.c>",
                    "Require local",
                    "</IfModule>",
                    "Require all denied",
                )
            )
        ),
        Example(good=_section("<IfModule mod_version.c>", "Require all granted", "</IfModule>")),
        Example(
            good="<Location /s>\n<IfModule mod_status.c>\nSetHandler server-status\nRequire local\n"
            "</IfModule>\n</Location>\n",
            modules=("status_module",),
        ),
        Example(
            good="<IfModule mod_userdir.c>\n<Directory /home/*/private>\nRequire all denied\n"
            "</Directory>\n</IfModule>\n"
        ),
    ),
    check=check,
)
