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

from mpmtune.httpd.dependencies import scheme_of
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.tls_backends import backend_of, is_loopback
from mpmtune.lint.unknown_values import is_known
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.in_force import Configuration
    from mpmtune.model.config import Occurrence, Tree

_BY_TLS = frozenset({"https", "wss", "h2"})
_CHECKS = ("sslproxycheckpeername", "sslproxycheckpeercn", "sslproxycheckpeerexpire")
_VERIFY = "sslproxyverify"
_SAID = {
    _VERIFY: "Any certificate of the backend is taken",
    "sslproxycheckpeername": "A certificate for another name than the backend's is taken",
    "sslproxycheckpeercn": "A certificate for another name than the backend's is taken",
    "sslproxycheckpeerexpire": "A certificate that has expired is taken",
}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that turns a check off, once, with a backend that it is for."""
    said: set[int] = set()
    view = merged_view_of(tree)
    for backend in hits:
        url = backend_of(backend) if backend.name in _BACKENDS else ""
        if scheme_of(url) not in _BY_TLS or is_loopback(url):
            continue
        host = view.hosts.around(backend)
        here = view.server(host)
        for line in _lax(here):
            if id(line) not in said:
                said.add(id(line))
                yield Violation(line, _SAID[line.name], related=(backend,))
        owner = host.occurrence if host else None
        if _says_nothing(here, hits) and id(owner) not in said:
            said.add(id(owner))
            yield Violation(
                backend,
                "Without SSLProxyVerify require the certificate of the backend is not verified",
                severity=Severity.INFO,
            )


_BACKENDS = ("proxypass", "proxypassmatch", "balancermember", "rewriterule", "sethandler")


def _lax(here: Configuration) -> Iterator[Occurrence]:
    """Give the lines in force, outside of sections and in those for backends, that check nothing."""
    for name in (_VERIFY, *_CHECKS):
        found = here.find(name)
        for line in (*found.lines, *found.perhaps):
            word = word_in(line).lower()
            if word in {"none", "optional_no_ca", "off"} and is_known(line.args):
                yield line


def _says_nothing(here: Configuration, hits: Hits) -> bool:
    """Whether no SSLProxyVerify holds, as far as there is to see."""
    return hits.scope is Scope.WHOLE and not (here.find(_VERIFY).lines or hits[_VERIFY])


_HOST = "<VirtualHost *:8080>\nServerName www.example.com\nSSLProxyEngine on\n{}</VirtualHost>\n"
_APP = "ProxyPass /app https://10.0.0.1/app\n"
_CA = "SSLProxyVerify require\nSSLProxyCACertificateFile /srv/www/cert.pem\n"
_MODULES = ("ssl_module", "proxy_module", "proxy_http_module")

RULE = Rule(
    code="TLS412",
    name="backend-certificate-not-verified",
    severity=Severity.WARNING,
    on=(*_BACKENDS, _VERIFY),
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
