"""Repositories and settings that lie among the pages are sent like any page.

## What it does
Reports, once, a ``DocumentRoot`` of which ``/.git/config``, ``/.svn/wc.db`` and ``/.env`` would be
sent if they were there: nothing that holds for those URLs turns clients away.

## Why it matters
A site that is deployed by ``git pull`` has its whole history in ``/.git``, passwords that were
once committed included; ``/.env`` holds those of today. Scanners ask every server for both.

## When to ignore it
Where nothing but built pages is copied there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import Admitted
from mpmtune.lint.fixes import fix, insert_before
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.served import Served, sent_file
from mpmtune.lint.surroundings import admitted, path_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.merged_view import MergedView
    from mpmtune.model.config import Occurrence, Tree

_Lines = tuple[tuple[str, str], ...]
_PROBES = ("/.git/config", "/.svn/wc.db", "/.env")
_GUARDS = (
    *("redirect", "redirectmatch", "rewriterule", "alias", "aliasmatch"),
    *("<directory", "<directorymatch", "<files", "<filesmatch", "<location", "<locationmatch"),
)
_GUARD = 'RedirectMatch 404 "/\\.(?:git|svn|env)(?:/|$)"'


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the first root that would send them."""
    view = merged_view_of(tree)
    for root in _differently_guarded(hits):
        sent = [probe for probe in _PROBES if _is_sent(view, root, probe)]
        if sent:
            above = root.enclosing or root
            can = "alias_module" in tree.modules
            yield Violation(
                root,
                f"{', '.join(sent)} would be sent, were there such a file",
                fix("Answer that there is nothing", insert_before(above, _GUARD)) if can else None,
            )
            return


def _differently_guarded(hits: Hits) -> Iterator[Occurrence]:
    """Give the roots; of virtual hosts that are guarded by the same lines, the first."""
    roots = hits["documentroot"]
    yield from roots[:1]  # mostly it is unguarded, and nothing more is asked for
    guards = _guards(hits)
    judged = {guards.get(id(root.enclosing), ()) for root in roots[:1]}
    for root in roots[1:]:
        alike = guards.get(id(root.enclosing), ())
        if alike not in judged:
            judged.add(alike)
            yield root


def _guards(hits: Hits) -> dict[int, _Lines]:
    """Give for each virtual host the lines that may guard it, but for its plain directories."""
    found: dict[int, list[tuple[str, str]]] = {}
    for name in _GUARDS:
        for hit in hits[name]:
            if name != "<directory" or not path_of(hit):
                found.setdefault(id(hit.enclosing), []).append((name, hit.item.args))
    return {host: tuple(lines) for host, lines in found.items()}


def _is_sent(view: MergedView, root: Occurrence, probe: str) -> bool:
    here = sent_file(view, Served(root, probe))
    return here is not None and admitted(view, here) is Admitted.ALL


_SITE = (
    "DocumentRoot /srv/www/htdocs\n<Directory /srv/www/htdocs>\nRequire all granted\n</Directory>\n"
)
_DENIED = "<Directory />\nRequire all denied\n</Directory>\n"
_HIDDEN = '<DirectoryMatch "/\\.(git|svn)">\nRequire all denied\n</DirectoryMatch>\n'

RULE = Rule(
    code="SEC318",
    name="vcs-and-backup-files-served",
    severity=Severity.INFO,
    on=("documentroot", *_GUARDS),
    whole_tree=True,
    by_default=False,
    cis=("5.11", "5.12"),
    references=("mod/mod_alias.html#redirectmatch", "mod/core.html#directorymatch"),
    since="0.1.0",
    examples=(
        Example(
            bad=_DENIED + _SITE,
            fixed_unsafely=f"{_DENIED}{_GUARD}\n{_SITE}",
            lines=(4,),
        ),
        Example(
            bad=f"{_DENIED}<VirtualHost *:8080>\n{_SITE}</VirtualHost>\n",
            fixed_unsafely=f"{_DENIED}{_GUARD}\n<VirtualHost *:8080>\n{_SITE}</VirtualHost>\n",
            lines=(5,),
        ),
        Example(bad=_DENIED + _SITE + _HIDDEN, lines=(4,), without=("alias_module",)),
        Example(
            good=f"{_DENIED}<VirtualHost *:8080>\n{_SITE}{_HIDDEN}"
            '<Files ".env">\nRequire all denied\n</Files>\n</VirtualHost>\n'
            f"<VirtualHost *:8080>\nServerName b.example.com\n{_SITE}{_HIDDEN}"
            '<Files ".env">\nRequire all denied\n</Files>\n</VirtualHost>\n'
        ),
        Example(good=f'{_DENIED}RedirectMatch 404 "/\\.(git|svn|hg|env)"\n{_SITE}'),
        Example(
            good=f'{_DENIED}{_SITE}<LocationMatch "/\\.">\nRequire all denied\n</LocationMatch>\n'
        ),
        Example(
            good=f'{_DENIED}{_SITE}RewriteEngine On\nRewriteRule "/\\." - [F]\n',
            modules=("rewrite_module",),
        ),
        Example(good=_DENIED + _SITE.replace("all granted", "ip 192.0.2.0/24")),
        Example(good="ServerName www.example.com\n"),
    ),
    check=check,
)
