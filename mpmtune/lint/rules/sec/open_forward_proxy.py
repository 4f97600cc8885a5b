"""The server is a proxy to everywhere, for everybody.

## What it does
Reports ``ProxyRequests On`` where no ``<Proxy>`` section in force restricts who may use it. Only
those sections count: for a proxied request httpd looks at no ``<Directory>``, ``<Files>`` or
``<Location>``. A server that only its own machine reaches is left alone.

## Why it matters
Scanners find an open proxy within hours. From then on attacks and spam come from its address, and
it reaches what stands behind the firewall. A reverse proxy needs ``ProxyPass`` alone, and
``ProxyRequests Off``.

## When to ignore it
Where a firewall lets only known clients reach the port.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import Admitted
from mpmtune.httpd.sections import Walk
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.surroundings import admitted, is_local, listens_locally
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_SOMEWHERE = "http://www.example.com/"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each server that proxies for everybody."""
    last = {id(hit.enclosing): hit for hit in hits}
    for hit in last.values():
        if word_in(hit).lower() != "on":
            continue
        view = merged_view_of(tree)
        host = view.hosts.around(hit)
        here = view.server(host)
        here.meet(here.here(Walk.PROXY), lambda _: _SOMEWHERE)
        local = is_local(host) or listens_locally(view)
        if not local and admitted(view, here) is Admitted.ALL:
            yield Violation(
                hit,
                "Everybody may use this server as a proxy to anywhere: no <Proxy> section restricts"
                " it",
                fix("Switch forward proxying off", replace_word(hit, 1, "Off")),
                word=1,
            )


_PROXY = ("proxy_module", "proxy_http_module")
_PUBLIC = "Listen 8081\n"

RULE = Rule(
    code="SEC315",
    name="open-forward-proxy",
    severity=Severity.ERROR,
    on=("proxyrequests",),
    whole_tree=True,
    cis=("2.6",),
    stig=("V-214241",),
    references=("mod/mod_proxy.html#access", "mod_proxy.c: proxy_walk"),
    since="0.1.0",
    examples=(
        Example(
            bad=f'{_PUBLIC}ProxyRequests On\n<Proxy "*">\nRequire all granted\n</Proxy>\n',
            fixed_unsafely=(
                f'{_PUBLIC}ProxyRequests Off\n<Proxy "*">\nRequire all granted\n</Proxy>\n'
            ),
            lines=(2,),
            modules=_PROXY,
        ),
        Example(
            bad=f"{_PUBLIC}ProxyRequests On\n<Location />\nRequire ip 192.0.2.0/24\n</Location>\n",
            fixed_unsafely=(
                f"{_PUBLIC}ProxyRequests Off\n<Location />\nRequire ip 192.0.2.0/24\n</Location>\n"
            ),
            lines=(2,),
            modules=_PROXY,
        ),
        Example(
            good=f'{_PUBLIC}ProxyRequests On\n<Proxy "*">\nRequire ip 192.0.2.0/24\n</Proxy>\n',
            modules=_PROXY,
        ),
        Example(
            good=f"{_PUBLIC}ProxyRequests On\n<ProxyMatch .*>\nRequire all denied\n</ProxyMatch>\n",
            modules=_PROXY,
        ),
        Example(
            good=f"{_PUBLIC}<VirtualHost 127.0.0.1:8081>\nProxyRequests On\n</VirtualHost>\n",
            modules=_PROXY,
        ),
        Example(good=f"{_PUBLIC}ProxyRequests Off\n", modules=_PROXY),
    ),
    check=check,
)
