"""A backend is to be asked by TLS, and SSLProxyEngine is off.

## What it does
Reports ``ProxyPass``, ``BalancerMember``, ``RewriteRule`` with flag ``P`` and
``SetHandler "proxy:…"`` to ``https:``, ``wss:`` or ``h2:`` where no ``SSLProxyEngine on`` is in
force for the server, and none stands in a ``<Proxy>`` section that it has.

## Why it matters
``-t`` and the start are content; then every request answers 500 (AH01961: failed to enable ssl
support).

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.dependencies import scheme_of
from mpmtune.lint.fixes import fix, insert_before
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.server_sections import server_of
from mpmtune.lint.tls_backends import tls_backend_of
from mpmtune.lint.tls_servers import may_lack_lines
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_ENGINES = ("sslproxyengine", "tlsproxyengine")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each backend that cannot be asked, and one fix for each server."""
    asked = [line for line in hits if tls_backend_of(line)]
    if (
        not asked
        or may_lack_lines(tree)
        or not hits.unknown.isdisjoint(_ENGINES)
        or hits["tlsproxyengine"]
    ):
        return
    view = merged_view_of(tree)
    on = [line for line in hits["sslproxyengine"] if word_in(line).lower() == "on"]
    in_sections = {
        id(server_of(line)) for line in on if line.enclosing not in {None, server_of(line)}
    }
    fixed: set[int] = set()
    for line in asked:
        server = server_of(line)
        if not in_sections.isdisjoint({id(None), id(server)}):
            continue
        engine = view.server(view.hosts.around(line)).find("sslproxyengine").last
        somewhere = server is None and on  # a balancer of all virtual hosts
        if (engine is not None and word_in(engine).lower() == "on") or somewhere:
            continue
        yield Violation(
            line,
            f"{scheme_of(tls_backend_of(line))} needs SSLProxyEngine on: every request answers 500"
            " (AH01961)",
            None if id(server) in fixed or engine is not None else _fix(line),
        )
        fixed.add(id(server))


def _fix(line: Occurrence) -> Fix | None:
    """Turn it on above the line, outside of all sections but the virtual host."""
    inside = [one for one in (*line.sections(), line) if one.name != "<virtualhost"]
    return fix("Turn it on", insert_before(inside[0], "SSLProxyEngine on"))


_APP = "ProxyPass /app https://backend.example.com/app\n"
_ON = "SSLProxyEngine on\n"
_HOST = "<VirtualHost *:8080>\nServerName www.example.com\n{}</VirtualHost>\n"
_MODULES = ("ssl_module", "proxy_module", "proxy_http_module")

RULE = Rule(
    code="TLS411",
    name="proxy-https-without-sslproxyengine",
    severity=Severity.ERROR,
    on=("proxypass", "proxypassmatch", "balancermember", "rewriterule", "sethandler", *_ENGINES),
    whole_tree=True,
    references=("mod/mod_ssl.html#sslproxyengine", "mod_ssl.c: ssl_engine_set"),
    since="0.1.0",
    examples=(
        Example(bad=_APP, fixed_unsafely=_ON + _APP, modules=_MODULES),
        Example(
            bad=_HOST.format(f"<Location /x>\nProxyPass https://192.0.2.1/x\n</Location>\n{_APP}"),
            fixed_unsafely=_HOST.format(
                f"{_ON}<Location /x>\nProxyPass https://192.0.2.1/x\n</Location>\n{_APP}"
            ),
            lines=(4, 6),
            modules=_MODULES,
        ),
        Example(
            bad=_ON + _HOST.format(f"SSLProxyEngine off\n{_APP}"), lines=(5,), modules=_MODULES
        ),
        Example(
            bad="RewriteEngine on\nRewriteRule ^/app(.*) wss://backend.example.com/app$1 [P]\n",
            lines=(2,),
            modules=(*_MODULES, "rewrite_module"),
        ),
        Example(
            bad='<Location /app>\nSetHandler "proxy:https://backend.example.com/"\n</Location>\n',
            lines=(2,),
            modules=_MODULES,
        ),
        Example(good=_ON + _HOST.format(_APP), modules=_MODULES),
        Example(
            good=_HOST.format(f"<Proxy https://backend.example.com/>\n{_ON}</Proxy>\n{_APP}"),
            modules=_MODULES,
        ),
        Example(
            good="<Proxy balancer://app>\nBalancerMember https://192.0.2.1\n</Proxy>\n"
            + _HOST.format(f"{_ON}ProxyPass / balancer://app/\n"),
            modules=(
                *_MODULES,
                *("proxy_balancer_module", "lbmethod_byrequests_module", "slotmem_shm_module"),
            ),
        ),
        Example(
            good="RewriteEngine on\nRewriteRule ^(.*)$ https://www.example.com$1 [R=301,L]\n",
            modules=("rewrite_module",),
        ),
        Example(good=_APP, scope=Scope.FRAGMENT),
    ),
    check=check,
)
