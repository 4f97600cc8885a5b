"""A page about the server's inside is open to everybody.

## What it does
Reports ``server-status``, ``server-info``, ``balancer-manager`` and ``ldap-status`` where nothing
that holds at the same place keeps anybody out: neither ``Require`` nor ``Order`` and ``Deny``, nor
a client certificate. A virtual host that only its own machine reaches is left alone.

## Why it matters
The status page shows the addresses of clients and the URLs that they ask for, tokens in them
included; server-info shows the configuration; and whoever opens the balancer manager switches
backends off.

## When to ignore it
Where a firewall or another proxy lets nobody reach that URL. Behind a proxy on the same machine
``Require local`` admits all of its clients, unless mod_remoteip is told of the proxy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import Admitted
from mpmtune.httpd.dependencies import HANDLERS
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, insert_after, replace_arguments
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.surroundings import admitted, admitted_by, around, is_local, section_of
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.merged_view import MergedView
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_SHOWS = {
    "server-status": "who asks for which URL",
    "server-info": "the server's configuration",
    "balancer-manager": "the backends, and switches them off",
    "ldap-status": "what is cached of a directory",
}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each page that nobody is kept from."""
    for hit in hits:
        handler = word_in(hit).lower()
        if handler not in _SHOWS or HANDLERS[handler] not in tree.modules:
            continue
        view = merged_view_of(tree)
        if _is_open(view, hit, hits.scope):
            yield Violation(
                hit,
                f"{handler} shows everybody {_SHOWS[handler]}",
                _fix(view, hit),
                word=1,
            )


def _is_open(view: MergedView, hit: Occurrence, scope: Scope) -> bool:
    section = section_of(hit)
    if section is None or is_local(view.hosts.around(hit)):
        return False
    own = admitted_by(view, section)
    if own in {Admitted.SOME, Admitted.NONE} or scope is not Scope.WHOLE:
        return own is Admitted.ALL
    here = around(view, hit)
    if here is None:
        return own is Admitted.ALL
    certificate = here.find("sslverifyclient").last
    if certificate is not None and word_in(certificate).lower() == "require":
        return False
    return admitted(view, here) is Admitted.ALL


def _fix(view: MergedView, hit: Occurrence) -> Fix | None:
    section = section_of(hit)
    lines = view.containers.of(section).by_family.get("require", ())
    title = "Admit this machine alone"
    if not lines:
        return fix(title, insert_after(hit, "Require local"))
    words = [word.lower() for word in split(lines[0].args)]
    if len(lines) > 1 or words != ["all", "granted"]:
        return None
    return fix(title, replace_arguments(lines[0], "local"))


_STATUS = ("status_module",)


def _page(rest: str, handler: str = "server-status") -> str:
    return f"<Location /{handler}>\n    SetHandler {handler}\n{rest}</Location>\n"


_OPEN = _page("Require all granted\n")

RULE = Rule(
    code="SEC314",
    name="status-page-exposed",
    severity=Severity.ERROR,
    on=("sethandler",),
    cis=("2.4", "2.8"),
    stig=("V-214242",),
    references=("mod/mod_status.html#security", "mod/mod_info.html#security"),
    since="0.1.0",
    examples=(
        Example(
            bad=_page("    Require all granted\n"),
            fixed_unsafely=_page("    Require local\n"),
            lines=(2,),
            modules=_STATUS,
        ),
        Example(
            bad=_page(""),
            fixed_unsafely=_page("    Require local\n"),
            lines=(2,),
            modules=_STATUS,
        ),
        Example(
            bad="<LocationMatch ^/status>\nSetHandler server-info\nRequire all granted\n</LocationMatch>\n",
            fixed_unsafely="<LocationMatch ^/status>\nSetHandler server-info\nRequire local\n"
            "</LocationMatch>\n",
            lines=(2,),
            modules=("info_module",),
        ),
        Example(
            bad=_page("Require all granted\n", "balancer-manager"),
            fixed_unsafely=_page("Require local\n", "balancer-manager"),
            lines=(2,),
            scope=Scope.FRAGMENT,
        ),
        Example(good=_page("    Require local\n"), modules=_STATUS),
        Example(good=_page("    Require ip 192.0.2.0/24\n"), modules=_STATUS),
        Example(
            good="<Location />\nRequire ip 192.0.2.0/24\n</Location>\n" + _page(""), modules=_STATUS
        ),
        Example(
            good=_page("")
            + "<LocationMatch ^/server-(status|info)$>\nRequire local\n</LocationMatch>\n",
            modules=_STATUS,
        ),
        Example(
            good=f"<VirtualHost 127.0.0.1:8080>\n{_OPEN}</VirtualHost>\n",
            modules=_STATUS,
        ),
        Example(
            good="<VirtualHost *:8080>\nSSLEngine On\nSSLCertificateFile /srv/www/cert.pem\n"
            "SSLCertificateKeyFile /srv/www/key.pem\nSSLCACertificateFile /srv/www/cert.pem\n"
            f"SSLVerifyClient require\n{_page('')}</VirtualHost>\n",
            modules=(*_STATUS, "ssl_module"),
        ),
        Example(good=_page(""), scope=Scope.FRAGMENT),
        Example(
            good="<Location /x>\nSetHandler default-handler\nRequire all granted\n</Location>\n"
        ),
    ),
    check=check,
)
