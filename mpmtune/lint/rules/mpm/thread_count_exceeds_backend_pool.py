"""httpd may pass on far more requests at once than the pool behind it works on.

## What it does
Compares ``MaxRequestWorkers`` with ``pm.max_children`` of the PHP-FPM pool that a ``ProxyPass``
or a ``SetHandler`` names, and the threads of a child with ``max=``: more than four times as many,
and nothing that ends the waiting (``timeout=``, ``acquire=`` or ``ProxyTimeout``).

## Why it matters
What the pool does not work on waits, and holds a worker of httpd meanwhile. When the pool is slow
all workers wait for it, and httpd serves not even a picture.

## When to ignore it
Where most requests never reach the pool, and slow ones end by themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.mpm_limits import Limits
from mpmtune.lint.rule import Example, ExampleHost, Hits, HostRule
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.facts import Facts
    from mpmtune.model.server import FpmPool

_MANY = 4
_BOUNDS = ("timeout=", "acquire=")
_PASSES = ("proxypass", "proxypassmatch", "sethandler")


def check(tree: Tree, hits: Hits, facts: Facts) -> Iterator[Violation]:
    """Yield each way to a pool that is far smaller than httpd."""
    limits = Limits.of(tree, hits)
    if limits is None or hits["proxytimeout"] or any(map(_is_bounded, hits["proxyset"])):
        return
    pools = facts.server.fpm_pools if isinstance(facts.server, Server) else ()
    for hit in (hit for name in _PASSES for hit in hits[name]):
        if not _is_bounded(hit):
            yield from _pool(hit, pools, limits)
            yield from _most(hit, limits)


def _is_bounded(hit: Occurrence) -> bool:
    return any(word.lower().startswith(_BOUNDS) for word in split(hit.args))


def _pool(hit: Occurrence, pools: Sequence[FpmPool], limits: Limits) -> Iterator[Violation]:
    pool = next((pool for pool in pools if "fcgi:" in hit.args and pool.listen in hit.args), None)
    if pool is not None and limits["MaxRequestWorkers"] > _MANY * pool.max_children:
        yield Violation(
            hit,
            f"{limits.named('MaxRequestWorkers')} may wait for the {pool.max_children} children"
            f" of the PHP-FPM pool {pool.name}, and no timeout ends the waiting",
            related=limits.lines("MaxRequestWorkers"),
        )


def _most(hit: Occurrence, limits: Limits) -> Iterator[Violation]:
    """Under prefork a child has one connection to a backend, whatever ``max=`` says."""
    words = (word.lower() for word in split(hit.args))
    most = next((word[len("max=") :] for word in words if word.startswith("max=")), "")
    if most.isdigit() and limits.threads > _MANY * int(most[:9]) > 0:
        yield Violation(
            hit,
            f"{limits.threads} threads of a child may wait for its {most} connections to the"
            " backend (max=), and no timeout ends the waiting",
            related=limits.lines("ThreadsPerChild"),
        )


RULE = HostRule(
    code="MPM032",
    name="thread-count-exceeds-backend-pool",
    severity=Severity.WARNING,
    by_default=False,
    on=(
        *_PASSES,
        "proxytimeout",
        "proxyset",
        "maxrequestworkers",
        "serverlimit",
        "threadsperchild",
        "threadlimit",
    ),
    jointly=True,
    references=("mod/mod_proxy.html#proxypass", "mod/mod_proxy.html#proxytimeout"),
    since="0.1.0",
    examples=(
        Example(
            bad="MaxRequestWorkers 400\n"
            "ProxyPassMatch ^/(.*\\.php)$ unix:/run/php.sock|fcgi://localhost/srv/www/htdocs/$1\n",
            good="MaxRequestWorkers 400\nProxyTimeout 30\n"
            "ProxyPassMatch ^/(.*\\.php)$ unix:/run/php.sock|fcgi://localhost/srv/www/htdocs/$1\n",
            lines=(2,),
            modules=("proxy_module", "proxy_fcgi_module"),
            host=ExampleHost(fpm_max_children=20),
        ),
        Example(
            bad="MaxRequestWorkers 400\nProxyPass /app http://127.0.0.1:8081/app max=5\n",
            good="MaxRequestWorkers 400\n"
            "ProxyPass /app http://127.0.0.1:8081/app max=5 acquire=3000 timeout=30\n",
            lines=(2,),
            modules=("proxy_module", "proxy_http_module"),
            host=ExampleHost(),
        ),
        Example(
            good="MaxRequestWorkers 50\n<FilesMatch \\.php$>\n"
            'SetHandler "proxy:unix:/run/php.sock|fcgi://localhost"\n</FilesMatch>\n',
            modules=("proxy_module", "proxy_fcgi_module"),
            host=ExampleHost(fpm_max_children=20),
        ),
        Example(
            good="MaxRequestWorkers 400\nProxyPass /app http://127.0.0.1:8081/app\n",
            modules=("proxy_module", "proxy_http_module"),
            host=ExampleHost(fpm_max_children=20),
        ),
    ),
    check=check,
)
