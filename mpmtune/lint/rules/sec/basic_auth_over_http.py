"""Passwords cross the network in clear text.

## What it does
Reports ``AuthType Basic`` that is in force without TLS: in a virtual host, or a server without
any, for which ``SSLEngine`` is off. Not reported are places that redirect to https or demand it
(``SSLRequireSSL``, ``Require ssl``), servers that only their own machine reaches, and
configurations that show a proxy in front: mod_remoteip, or ``X-Forwarded-Proto`` in them.

## Why it matters
Name and password go with every single request, merely encoded. Whoever sees the traffic has them.

## When to ignore it
Where TLS ends at a load balancer in front, and the network behind it is trusted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd import authorization
from mpmtune.httpd.access_compat import Admitted
from mpmtune.httpd.rewriting import rule_of
from mpmtune.httpd.url_mapping import How
from mpmtune.httpd.words import split
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.surroundings import (
    at_section,
    is_local,
    listens_locally,
    path_of,
    section_of,
)
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.in_force import Configuration
    from mpmtune.httpd.merged_view import MergedView
    from mpmtune.httpd.virtual_hosts import VirtualHost
    from mpmtune.model.config import Occurrence, Tree

_HTTPS = 443
# What of a client is asked for without its name and password.
_ELSEWHERE = frozenset(
    {"all", "env", "expr", "forward-dns", "host", "ip", "local", "method", "not", "ssl"}
)
_TOLD_BY_PROXY = ("requestheader", "setenvif", "setenvifnocase", "rewritecond")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each place that asks for passwords in clear text."""
    lines = [hit for hit in hits["authtype"] if word_in(hit).lower() == "basic"]
    if not lines or _has_proxy_in_front(hits):
        return
    view = merged_view_of(tree)
    if listens_locally(view):
        return
    plain: dict[int, bool] = {}
    for line in lines:
        host = view.hosts.around(line)
        key = id(host)
        if key not in plain:
            plain[key] = _is_plain(view, host, hits) and not _leads_away(view.url(host, "/"))
        section = section_of(line)
        if not plain[key] or section is None or not _asks_for_password(view, host, section):
            continue
        if not _demands_tls(view, section, hits) and not _is_redirected(view, host, section):
            yield Violation(
                line, "Passwords are sent in clear text: nothing here demands TLS", word=1
            )


def _has_proxy_in_front(hits: Hits) -> bool:
    told = (line for name in _TOLD_BY_PROXY for line in hits[name])
    return bool(hits["remoteipheader"] or hits["remoteipproxyprotocol"]) or any(
        "x-forwarded-" in line.args.lower() for line in told
    )


def _is_plain(view: MergedView, host: VirtualHost | None, hits: Hits) -> bool:
    """Whether requests come in without TLS; a server's own sections hold for all of its hosts."""
    if host is None:
        return all(word_in(line).lower() == "off" for line in hits["sslengine"])
    engine = view.server(host).find("sslengine").last
    ports = {address.port for address in host.addresses}
    encrypted = engine is not None and word_in(engine).lower() != "off"
    return not encrypted and ports != {_HTTPS} and not is_local(host)


def _asks_for_password(view: MergedView, host: VirtualHost | None, section: Occurrence) -> bool:
    """Whether it depends on who somebody is; a directory may inherit that it does."""
    lines = view.containers.of(section).by_family.get("require", ())
    if lines:
        found = authorization.read(lines, lambda one: view.containers.of(one).directives)
    elif section.name == "<directory" and (here := at_section(view, host, section)) is not None:
        found = here.authorization
    else:
        return False
    told = () if found.required is None else found.required.lines()
    return found.admitted is Admitted.SOME and any(
        line.name == "require" and not _ELSEWHERE.intersection(split(line.args.lower())[:1])
        for line in told
    )


def _demands_tls(view: MergedView, section: Occurrence, hits: Hits) -> bool:
    demanding = (section_of(line) for line in hits["sslrequiressl"])
    if any(one is section or (one is not None and path_of(one) == "/") for one in demanding):
        return True
    required = view.containers.of(section).by_family.get("require", ())
    return any(split(line.args.lower())[:1] == ("ssl",) for line in required)


def _is_redirected(view: MergedView, host: VirtualHost | None, section: Occurrence) -> bool:
    """Whether a location's own URL leads to https; asked only where something does so at all."""
    server = view.containers.of(None if host is None else host.occurrence).by_family
    lines = (*server.get("redirect", ()), *server.get("rewriterule", ()))
    if not any("https:" in line.args.lower() for line in lines):
        return False
    here = at_section(view, host, section) if section.name == "<location" else None
    return here is not None and _leads_away(here)


def _leads_away(here: Configuration) -> bool:
    mapping = here.mapping
    return mapping is not None and (
        mapping.how is How.REDIRECT
        or any(
            line.name == "rewriterule" and rule_of(line).substitution.lower().startswith("https:")
            for line in mapping.unless
        )
    )


_AUTH = ("authn_core_module", "authn_file_module", "auth_basic_module", "authz_user_module")
_SSL = (*_AUTH, "ssl_module")
_CERTIFICATE = "SSLCertificateFile /srv/www/cert.pem\nSSLCertificateKeyFile /srv/www/key.pem\n"


def _login(more: str = "") -> str:
    return (
        "<Location /adm>\nAuthType Basic\nAuthName x\nAuthUserFile /srv/www/run/users\n"
        f"Require valid-user\n{more}</Location>\n"
    )


def _host(text: str, address: str = "*:8081") -> str:
    return f"Listen 8081\n<VirtualHost {address}>\nServerName a.example.com\n{text}</VirtualHost>\n"


RULE = Rule(
    code="SEC322",
    name="basic-auth-over-http",
    severity=Severity.WARNING,
    on=(
        *("authtype", "sslengine", "sslrequiressl", "remoteipheader", "remoteipproxyprotocol"),
        *_TOLD_BY_PROXY,
    ),
    whole_tree=True,
    jointly=True,
    cis=("2.9",),
    references=("mod/mod_auth_basic.html", "mod/mod_ssl.html#sslrequiressl"),
    since="0.1.0",
    examples=(
        Example(
            bad=_host(_login()),
            good=_host("Redirect permanent /adm https://a.example.com/adm\n"),
            lines=(5,),
            modules=_AUTH,
        ),
        Example(bad="Listen 8081\n" + _login(), lines=(3,), modules=_AUTH),
        Example(
            good=_host(f"SSLEngine On\n{_CERTIFICATE}{_login()}"),
            modules=_SSL,
        ),
        Example(
            good=_host(f"Redirect permanent / https://a.example.com/\n{_login()}"), modules=_AUTH
        ),
        Example(
            good=_host(
                "RewriteEngine On\nRewriteRule ^/(.*) https://a.example.com/$1 [R=301,L]\n"
                + _login()
            ),
            modules=(*_AUTH, "rewrite_module"),
        ),
        Example(good=_host(_login("SSLRequireSSL\n")), modules=_SSL),
        Example(
            good=_host("SetEnvIf X-Forwarded-Proto https HTTPS=on\n" + _login()),
            modules=(*_AUTH, "setenvif_module"),
        ),
        Example(good=_host(_login(), "127.0.0.1:8081"), modules=_AUTH),
        Example(
            good="Listen 8081\n<Location /adm>\nAuthType Basic\nAuthName x\n</Location>\n",
            modules=_AUTH,
        ),
    ),
    check=check,
)
