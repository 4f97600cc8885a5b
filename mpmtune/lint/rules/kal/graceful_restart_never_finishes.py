"""Tunnels hold old children, and nothing ends a graceful stop.

## What it does
Looks under worker and event for what becomes a tunnel (``ws://`` and ``wss://`` targets,
``upgrade=``) where ``GracefulShutdownTimeout`` is 0 or not written.

## Why it matters
A child that finishes stays until its last connection has ended, and a WebSocket may stay open for
days. A graceful stop then never ends by itself, and each graceful restart leaves another
generation of children in their slots. The directive bounds the stop; for restarts, slots to spare
help (no-slots-for-graceful-restart), since nothing ends those.

## When to ignore it
Where the backends end idle tunnels themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import number_of
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_PASSES = ("proxypass", "proxypassmatch", "balancermember", "rewriterule")
_SCHEMES = ("ws://", "wss://")
_UPGRADE = "upgrade="


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the first tunnel that a graceful stop may wait for."""
    del tree
    timeout = hits.last("gracefulshutdowntimeout")
    if number_of(timeout):
        return
    lines = (hit for name in _PASSES for hit in hits[name])
    tunnel = next((hit for hit in lines if _becomes_tunnel(hit)), None)
    if tunnel is not None:
        yield Violation(
            tunnel,
            "This becomes a tunnel that holds its child for as long as it is open: without a"
            " GracefulShutdownTimeout a graceful stop may never end",
            related=() if timeout is None else (timeout,),
        )


def _becomes_tunnel(hit: Occurrence) -> bool:
    args = hit.item.args.lower()
    if not any(mark in args for mark in (*_SCHEMES, _UPGRADE)):  # most lines: no need to split
        return False
    words = [word.lower() for word in split(hit.args)]
    return any(
        word.startswith(_SCHEMES) or (word.startswith(_UPGRADE) and word != f"{_UPGRADE}none")
        for word in words
    )


RULE = Rule(
    code="KAL212",
    name="graceful-restart-never-finishes",
    severity=Severity.INFO,
    by_default=False,
    on=("gracefulshutdowntimeout", *_PASSES),
    mpms=frozenset({Mpm.WORKER, Mpm.EVENT}),
    whole_tree=True,
    jointly=True,
    references=(
        "mod/mpm_common.html#gracefulshutdowntimeout",
        "mod/mod_proxy_wstunnel.html",
        "stopping.html#graceful",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad="ProxyPass /ws ws://127.0.0.1:8081/ws\n",
            good="GracefulShutdownTimeout 60\nProxyPass /ws ws://127.0.0.1:8081/ws\n",
            modules=("proxy_module", "proxy_http_module", "proxy_wstunnel_module"),
        ),
        Example(
            bad="GracefulShutdownTimeout 0\n"
            "ProxyPass /app http://127.0.0.1:8081/app upgrade=websocket\n",
            lines=(2,),
            mpm=Mpm.WORKER,
            modules=("proxy_module", "proxy_http_module"),
        ),
        Example(
            good="ProxyPass /app http://127.0.0.1:8081/app\n",
            modules=("proxy_module", "proxy_http_module"),
        ),
        Example(
            good="ProxyPass /ws ws://127.0.0.1:8081/ws\n",
            mpm=Mpm.PREFORK,
            modules=("proxy_module", "proxy_http_module", "proxy_wstunnel_module"),
        ),
    ),
    check=check,
)
