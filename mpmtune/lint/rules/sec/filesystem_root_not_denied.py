"""Nothing shuts the file system: what is not mentioned is served.

## What it does
Reports a configuration that serves files and has no ``<Directory />`` with ``Require all denied``
or anything else that keeps clients out there.

## Why it matters
httpd grants what no section speaks of. One ``Alias`` too many, one symbolic link or one rewrite
to a file, and whatever the server's user can read goes out.

## When to ignore it
Where every file that the server's user can read is public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import Admitted
from mpmtune.lint.fixes import fix, insert_before
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.surroundings import admitted, path_of, says_who
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree
    from mpmtune.model.finding import Fix

_SERVING = ("documentroot", "alias", "aliasmatch", "scriptalias", "scriptaliasmatch", "userdir")
_BLOCK = ("<Directory />", "    AllowOverride None", "    Require all denied", "</Directory>")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield once that nothing is said of the root."""
    if not any(hits[name] for name in _SERVING):
        return
    view = merged_view_of(tree)
    roots = [hit for hit in hits["<directory"] if path_of(hit) == "/"]
    if any(says_who(view, root) for root in roots):
        return
    if admitted(view, view.directory(None, "/")) is Admitted.ALL:
        yield Violation(
            None,
            "No <Directory /> denies access: httpd serves every file that an Alias, a symbolic link"
            " or a rewrite leads to",
            _fix(hits),
        )


def _fix(hits: Hits) -> Fix | None:
    """Deny above the first directory that is granted by itself; who names none may rely on it."""
    first = next((hit for hit in hits["<directory"] if hit.enclosing is None), None)
    return None if first is None else fix("Deny the root", insert_before(first, *_BLOCK))


_SITE = (
    "DocumentRoot /srv/www/htdocs\n<Directory /srv/www/htdocs>\nRequire all granted\n</Directory>\n"
)
_DENIED = "<Directory />\n    AllowOverride None\n    Require all denied\n</Directory>\n"

RULE = Rule(
    code="SEC301",
    name="filesystem-root-not-denied",
    severity=Severity.WARNING,
    on=(*_SERVING, "<directory"),
    whole_tree=True,
    cis=("4.1",),
    references=("misc/security_tips.html#protectserverfiles", "mod/core.html#directory"),
    since="0.1.0",
    examples=(
        Example(
            bad=_SITE,
            fixed_unsafely=_SITE.replace("<Directory", _DENIED + "<Directory"),
            lines=(0,),
        ),
        Example(bad="Alias /img /srv/www/htdocs\n", lines=(0,)),
        Example(
            good='<DirectoryMatch "^/">\nRequire all denied\n</DirectoryMatch>\nAlias /img /srv/www\n'
        ),
        Example(good="ServerName www.example.com\n"),
        Example(good=_SITE, scope=Scope.FRAGMENT),
    ),
    check=check,
)
