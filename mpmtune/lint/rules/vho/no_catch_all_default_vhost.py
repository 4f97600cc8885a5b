"""A real site answers to every name that no virtual host has.

## What it does
Looks at the first virtual host of each address, which serves all names that the others do not
have, and reports it when it has a name of its own and serves a site: files, or a backend. One that
redirects or refuses everything is what is wanted; so is one without a ``ServerName``, with
``ServerAlias *``, or named ``localhost``, ``default`` or below ``.invalid``.

## Why it matters
Whoever knows the address gets the site, by whatever name: by scans of address ranges, by foreign
domains that point here, and by a ``Host`` that poisons caches and links in mails.

## When to ignore it
Where the application itself checks the name it is asked by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import Admitted
from mpmtune.httpd.url_mapping import How
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.surroundings import admitted
from mpmtune.lint.unknown_values import is_known
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.merged_view import MergedView
    from mpmtune.httpd.virtual_hosts import VirtualHost
    from mpmtune.model.config import Tree

_CATCH_ALL = frozenset({"localhost", "default", "_default_", "_", "*"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each first virtual host that is a site."""
    del hits
    view = merged_view_of(tree)
    said: set[int] = set()
    for hosts in view.hosts.lists:
        host = hosts.first
        if id(host) in said or not _has_a_name(host) or not _is_site(view, host):
            continue
        said.add(id(host))
        yield Violation(
            host.occurrence,
            f"At {hosts.address} every name that no virtual host has is served by this one",
        )


def _has_a_name(host: VirtualHost) -> bool:
    names = {host.server_name, *host.aliases}
    catches = _CATCH_ALL & names or any(name.endswith(".invalid") for name in names)
    return host.named_by is not None and not catches and is_known(host.server_name)


def _is_site(view: MergedView, host: VirtualHost) -> bool:
    """Whether / leads to something that somebody may see, and nothing redirects or refuses it."""
    here = view.url(host, "/")
    if here.mapping is None or here.mapping.how not in {How.FILE, How.BACKEND}:
        return False
    return not here.mapping.unless and admitted(view, here) is Admitted.ALL


_SITE = "<VirtualHost *:8080>\nServerName {}\nDocumentRoot /srv/www/htdocs\n</VirtualHost>\n"
_DEFAULT = "<VirtualHost *:8080>\nServerName default.example\n{}\n</VirtualHost>\n"
_BACKEND = _SITE.replace("DocumentRoot /srv/www/htdocs", "ProxyPass / http://127.0.0.1:8081/")

RULE = Rule(
    code="VHO710",
    name="no-catch-all-default-vhost",
    severity=Severity.INFO,
    by_default=False,
    on=("<virtualhost",),
    whole_tree=True,
    jointly=True,
    cis=("5.14",),
    references=("vhosts/name-based.html#using", "vhosts/examples.html#default"),
    since="0.1.0",
    examples=(
        Example(
            bad=_SITE.format("www.example.com"),
            good=_DEFAULT.format("Redirect 404 /") + _SITE.format("www.example.com"),
        ),
        Example(
            bad=_BACKEND.format("www.example.com"), modules=("proxy_module", "proxy_http_module")
        ),
        Example(
            good=_DEFAULT.format("<Location />\nRequire all denied\n</Location>")
            + _SITE.format("www.example.com")
        ),
        Example(
            good=_DEFAULT.format("RewriteEngine On\nRewriteRule ^ - [F]")
            + _SITE.format("www.example.com"),
            modules=("rewrite_module",),
        ),
        Example(good=_SITE.format("localhost") + _SITE.format("www.example.com")),
        Example(
            good="<VirtualHost *:8080>\nDocumentRoot /srv/www/htdocs\n</VirtualHost>\n"
            + _SITE.format("www.example.com")
        ),
    ),
    check=check,
)
