"""A proxy does not look whom it talks to by TLS.

## What it does
Reports ``SSLProxyVerify`` other than ``require``, and ``SSLProxyCheckPeerName``,
``SSLProxyCheckPeerCN`` or ``SSLProxyCheckPeerExpire`` that are off, in force for a server that has
a backend by TLS on another machine. Where no ``SSLProxyVerify`` is written, its default ``none``
holds: that is reported as information.

## Why it matters
Whoever gets between the proxy and the backend can take the backend's place, with any certificate,
and reads and writes all that is to be kept secret.

## When to ignore it
Where the network between the two is trusted as much as one machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import arguments
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.server_sections import server_of
from mpmtune.lint.tls_backends import is_loopback, tls_backend_of
from mpmtune.lint.unknown_values import is_known
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mpmtune.model.config import Occurrence, Tree

_BACKENDS = ("proxypass", "proxypassmatch", "balancermember", "rewriterule", "sethandler")
_LAX = frozenset({"none", "optional_no_ca", "off"})
_VERIFY = "sslproxyverify"
_SAID = {
    _VERIFY: "Any certificate of the backend is taken",
    "sslproxycheckpeername": "A certificate for another name than the backend's is taken",
    "sslproxycheckpeercn": "A certificate for another name than the backend's is taken",
    "sslproxycheckpeerexpire": "A certificate that has expired is taken",
}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that turns a check off, once, with a backend that it is for."""
    view = merged_view_of(tree)
    sections = _lax_in_sections(hits)
    said: set[int] = set()
    seen: set[int] = set()
    for backend, url in _backends(hits):
        server = id(server_of(backend))
        for line in _lax_for(url, server, sections):
            if id(line) not in said:
                said.add(id(line))
                yield Violation(line, _SAID[line.name], related=(backend,))
        if server in seen:
            continue
        seen.add(server)
        here = view.server(view.hosts.around(backend))
        for line in (one for name in _SAID for one in here.of_server(name)):
            if id(line) not in said and _is_lax(line):
                said.add(id(line))
                yield Violation(line, _SAID[line.name], related=(backend,))
        if hits.scope is Scope.WHOLE and not (here.of_server(_VERIFY) or hits[_VERIFY]):
            yield Violation(
                backend,
                "Without SSLProxyVerify require the certificate of the backend is not verified",
                severity=Severity.INFO,
            )


def _backends(hits: Hits) -> Iterator[tuple[Occurrence, str]]:
    """Give what is asked by TLS on another machine, each with its URL."""
    for name in _BACKENDS:
        for line in hits[name]:
            url = tls_backend_of(line)
            if url and not is_loopback(url):
                yield line, url


def _is_lax(line: Occurrence) -> bool:
    return word_in(line).lower() in _LAX and is_known(line.args)


def _lax_in_sections(hits: Hits) -> Mapping[int, Sequence[Occurrence]]:
    """Give the lines in ``<Proxy>`` sections that check nothing, by their server."""
    found: dict[int, list[Occurrence]] = {}
    for name in _SAID:
        for line in hits[name]:
            if line.enclosing is not server_of(line) and _is_lax(line):
                found.setdefault(id(server_of(line)), []).append(line)
    return found


def _lax_for(
    url: str, server: int, sections: Mapping[int, Sequence[Occurrence]]
) -> Iterator[Occurrence]:
    """Give those of them that are for a backend: by the beginning of its URL, or by a pattern."""
    for line in (*sections.get(server, ()), *sections.get(id(None), ())):
        words = arguments(line.enclosing.name, line.enclosing.args) if line.enclosing else ()
        if any(word in {"*", "~"} or url.startswith(word) for word in words[:1]):
            yield line


_HOST = "<VirtualHost *:8080>\nServerName www.example.com\nSSLProxyEngine on\n{}</VirtualHost>\n"
_APP = "ProxyPass /app https://10.0.0.1/app\n"
_CA = "SSLProxyVerify require\nSSLProxyCACertificateFile /srv/www/cert.pem\n"
_MODULES = ("ssl_module", "proxy_module", "proxy_http_module")

RULE = Rule(
    code="TLS412",
    name="backend-certificate-not-verified",
    severity=Severity.WARNING,
    on=(*_BACKENDS, *_SAID),
    references=("mod/mod_ssl.html#sslproxyverify", "ssl_engine_io.c: ssl_io_filter_handshake"),
    since="0.1.0",
    examples=(
        Example(
            bad=_HOST.format(f"SSLProxyVerify none\nSSLProxyCheckPeerName off\n{_APP}"),
            good=_HOST.format(_CA + _APP),
            lines=(4, 5),
            modules=_MODULES,
        ),
        Example(bad=f"SSLProxyCheckPeerExpire off\n{_CA}" + _HOST.format(_APP), modules=_MODULES),
        Example(bad=_HOST.format(_APP + _APP.replace("app", "b")), lines=(4,), modules=_MODULES),
        Example(
            bad=_HOST.format(f"SSLProxyCheckPeerCN off\n{_APP}"),
            lines=(4,),
            scope=Scope.FRAGMENT,
        ),
        Example(
            good=_HOST.format(
                "SSLProxyVerify none\nSSLProxyCheckPeerName off\n"
                "ProxyPass /app https://127.0.0.1:8443/app\nProxyPass /b https://localhost/b\n"
            ),
            modules=_MODULES,
        ),
        Example(
            good="SSLProxyCheckPeerName off\n"
            "<VirtualHost *:8080>\nServerName www.example.com\n"
            "ProxyPass /app http://10.0.0.1/app\n</VirtualHost>\n",
            modules=_MODULES,
        ),
        Example(good=_HOST.format(_APP), scope=Scope.FRAGMENT),
    ),
    check=check,
)
