"""A module is loaded before the one whose symbols it needs.

## What it does
Reports ``LoadModule`` of ``proxy_…`` before ``proxy``, ``cache_disk`` and ``cache_socache``
before ``cache``, ``dav_fs`` and ``dav_lock`` before ``dav``, ``session_cookie``,
``session_crypto`` and ``session_dbd`` before ``session``; and also when the base is loaded
nowhere.

## Why it matters
The file of such a module takes symbols from the other one. The loader does not find them, says
"undefined symbol", and httpd stops while it reads. Files in a directory are read in the order of
their names, so a new file can put a module first.

mod_authnz_ldap before mod_ldap is accepted, whatever is said of it: it looks its functions up
later.

## When to ignore it
With a build in which the base is compiled in and the target does not say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.dependencies import BASE
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, insert_before, remove
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Linkage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each LoadModule that comes before its base."""
    loaded = {name for name, module in tree.modules.items() if module.linkage is Linkage.STATIC}
    later = {words[0]: hit for hit in reversed(hits["loadmodule"]) if (words := split(hit.args))}
    moved: set[str] = set()
    for hit in hits:
        words = split(hit.args)
        module = words[0] if words else ""
        base = BASE.get(module)
        if base is not None and base not in loaded:
            where = later.get(base)
            yield Violation(
                hit,
                f"{module} takes symbols from {base}, which has to be loaded before it",
                _move(where, hit) if where is not None and base not in moved else None,
                word=1,
                related=() if where is None else (where,),
            )
            moved.add(base)
        loaded.add(module)


def _move(base: Occurrence, before: Occurrence) -> Fix | None:
    if base.source is not before.source:
        return None
    line = f"{base.item.spelling} {base.args}"
    return fix("Load the base first", insert_before(before, line), remove(base), safe=True)


RULE = Rule(
    code="MOD109",
    name="module-loaded-before-its-base",
    severity=Severity.ERROR,
    on=("loadmodule",),
    whole_tree=True,
    references=("mod/mod_so.html#loadmodule", "mod_so.c: load_module"),
    since="0.1.0",
    examples=(
        Example(
            bad=(
                "LoadModule proxy_fcgi_module /usr/lib/apache2/modules/mod_proxy_fcgi.so\n"
                "LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so\n"
            ),
            fixed=(
                "LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so\n"
                "LoadModule proxy_fcgi_module /usr/lib/apache2/modules/mod_proxy_fcgi.so\n"
            ),
        ),
        Example(bad="LoadModule dav_fs_module /usr/lib/apache2/modules/mod_dav_fs.so\n"),
        Example(
            good=(
                "LoadModule authnz_ldap_module /usr/lib/apache2/modules/mod_authnz_ldap.so\n"
                "LoadModule ldap_module /usr/lib/apache2/modules/mod_ldap.so\n"
            ),
        ),
        Example(
            good="LoadModule proxy_fcgi_module /usr/lib/apache2/modules/mod_proxy_fcgi.so\n",
            scope=Scope.FRAGMENT,
        ),
    ),
    check=check,
)
