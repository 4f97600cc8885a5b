"""Old children with tunnels are never ended.

## What it does
Reports tunnels (``ProxyPass`` to ``ws://`` or ``wss://``, or with ``upgrade=``) under event and
worker while ``GracefulShutdownTimeout`` is 0 or not set.

## Why it matters
A WebSocket lives for hours. After a graceful stop httpd waits for it without an end; after a
graceful reload the old child keeps its slot just as long, and the slots run out.
``GracefulShutdownTimeout`` ends the wait of a graceful stop; for reloads leave room in
``ServerLimit``.

## When to ignore it
When nobody stops this server gracefully.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.dependencies import scheme_of
from mpmtune.httpd.numbers import atoi
from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.server import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_TUNNELS = frozenset({"ws", "wss"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the first tunnel that a graceful stop would wait for."""
    del tree
    limit = hits.last("gracefulshutdowntimeout")
    if limit is not None and atoi("".join(split(limit.args)[:1])) != 0:
        return
    tunnel = next((hit for hit in hits["proxypass"] if _is_tunnel(hit)), None)
    if tunnel is not None:
        yield Violation(
            tunnel,
            "A graceful stop waits for this tunnel without an end: set GracefulShutdownTimeout,"
            " and leave room in ServerLimit for reloads",
            related=() if limit is None else (limit,),
        )


def _is_tunnel(hit: Occurrence) -> bool:
    words = split(hit.args)
    return any(scheme_of(word) in _TUNNELS or word.lower().startswith("upgrade=") for word in words)


RULE = Rule(
    code="KAL212",
    name="graceful-restart-never-finishes",
    severity=Severity.INFO,
    on=("proxypass", "gracefulshutdowntimeout"),
    mpms=frozenset({Mpm.EVENT, Mpm.WORKER}),
    by_default=False,
    jointly=True,
    whole_tree=True,
    references=("mod/mpm_common.html#gracefulshutdowntimeout",),
    since="0.1.0",
    examples=(
        Example(
            bad='ProxyPass "/ws/" "ws://127.0.0.1:8081/ws/"\n',
            modules=("proxy_module", "proxy_http_module", "proxy_wstunnel_module"),
        ),
        Example(
            good='GracefulShutdownTimeout 60\nProxyPass "/ws/" "ws://127.0.0.1:8081/ws/"\n',
            modules=("proxy_module", "proxy_http_module", "proxy_wstunnel_module"),
        ),
        Example(
            good='ProxyPass "/app/" "http://127.0.0.1:8081/"\n',
            modules=("proxy_module", "proxy_http_module"),
        ),
        Example(good='ProxyPass "/ws/" "ws://127.0.0.1:8081/ws/"\n', scope=Scope.FRAGMENT),
    ),
    check=check,
)
