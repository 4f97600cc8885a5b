"""Two lines share the connections to a backend and set them differently.

## What it does
Reports ``ProxyPass`` and ``BalancerMember`` with parameters, or a socket, that an earlier line of the
same server or balancer has set otherwise or not at all, when the URL begins with that line's URL.

## Why it matters
httpd makes one worker for a URL and uses it for all that begin with it, letter by letter:
``http://app/a`` serves ``http://app/ab`` too. The parameters of the later line are ignored (AH01146, AH01150;
inside of a virtual host ``-t`` does not even say so). A socket is no part of that URL: with
``unix:/run/b.sock|http://localhost/`` behind ``unix:/run/a.sock|http://localhost/``, both lead to a.

## When to ignore it
Never: give both the same parameters, put the longer URL first, or behind sockets invent a host
for each: ``http://a/``, ``http://b/``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.proxy_passes import ProxyPass
from mpmtune.httpd.words import arguments, split
from mpmtune.lint.proxy_lines import passes_of, server_of
from mpmtune.lint.rule import Example, Hits, Rule, ids
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mpmtune.model.config import Occurrence, Tree

_LONGEST = 1_000
_Worker = tuple["Occurrence", ProxyPass]
_Line = tuple["Occurrence", str, ProxyPass]


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the lines whose parameters are ignored."""
    pools: dict[tuple[int, str], dict[str, _Worker]] = {}
    for hit, balancer, said in (*_passes(tree, hits), *_members(hits)):
        url = said.url
        if said.regex or not url or url.startswith("balancer:") or len(url) > _LONGEST:
            continue
        workers = pools.setdefault((id(server_of(hit)), balancer), {})
        worker = _serving(url, workers)
        if worker is None:
            workers[_folded(url)] = hit, said
            continue
        ignored = _ignored(said, worker[1])
        if ignored:
            yield Violation(
                hit,
                f"An earlier line has made the worker for this URL: {ignored} is ignored here",
                related=(worker[0],),
            )


def _passes(tree: Tree, hits: Hits) -> Iterator[_Line]:
    passes = passes_of(tree)
    for hit in hits["proxypass"]:
        yield hit, "", passes[id(hit)]


def _members(hits: Hits) -> Iterator[_Line]:
    """Read members of balancers, whose workers are those of the balancer: mod_proxy.c, add_member."""
    for hit in hits["balancermember"]:
        around = hit.enclosing
        words = list(split(hit.args))
        if around is not None and around.name == "<proxy":
            words = [*arguments(around.name, around.args)[:1], *words]
        balancer, url = [*words, "", ""][:2]
        pairs = (word.partition("=") for word in words[2:])
        parameters = tuple((key.lower(), value) for key, _, value in pairs)
        said = ProxyPass("", url, parameters, regex=False, located=False)
        yield hit, balancer.lower().rstrip("/"), said


def _ignored(said: ProxyPass, first: ProxyPass) -> str:
    """Name what a line says of a worker that it did not make."""
    socket = [] if said.socket == first.socket else ["the socket" if said.socket else "the host"]
    keys = sorted(key for key, value in said.parameters if (key, value) not in first.parameters)
    return ", ".join([*socket, *keys])


def _folded(url: str) -> str:
    host = _end_of_host(url)
    return url[:host].lower() + url[host:]


def _end_of_host(url: str) -> int:
    slash = url.find("/", url.find("://") + 3)
    return slash if slash >= 0 else len(url)


def _serving(url: str, workers: Mapping[str, _Worker]) -> _Worker | None:
    """Find the worker with the longest name that the URL begins with: ap_proxy_get_worker."""
    folded = _folded(url)
    for end in range(len(folded), _end_of_host(url) - 1, -1):
        worker = workers.get(folded[:end])
        if worker is not None:
            return worker
    return None


_HTTP = ("proxy_module", "proxy_http_module")

RULE = Rule(
    code="RWR621",
    name="proxy-worker-parameter-conflict",
    severity=Severity.WARNING,
    on=("proxypass", "balancermember"),
    jointly=True,
    references=("mod/mod_proxy.html#workers", "proxy_util.c: ap_proxy_get_worker"),
    httpd_ids=ids("AH01146", "AH01150"),
    since="0.1.0",
    examples=(
        Example(
            bad="ProxyPass /a http://127.0.0.1:9000/ timeout=5\n"
            "ProxyPass /b http://127.0.0.1:9000/b timeout=90\n",
            good="ProxyPass /b http://127.0.0.1:9000/b timeout=90\n"
            "ProxyPass /a http://127.0.0.1:9000/a timeout=5\n",
            lines=(2,),
            also=("RWR614",),
            modules=_HTTP,
        ),
        Example(
            bad="ProxyPass /a HTTP://LOCALHOST:9000/a\n"
            "ProxyPass /ab http://localhost:9000/ab timeout=90\n",
            lines=(2,),
            modules=_HTTP,
        ),
        Example(
            bad="ProxyPass /a/ unix:/run/a.sock|http://localhost/\n"
            "ProxyPass /b/ unix:/run/b.sock|http://localhost/ timeout=90\n",
            good="ProxyPass /a/ unix:/run/a.sock|http://a/\n"
            "ProxyPass /b/ unix:/run/b.sock|http://b/ timeout=90\n",
            lines=(2,),
            modules=_HTTP,
        ),
        Example(
            bad="<Proxy balancer://app>\nBalancerMember http://127.0.0.1:9000 timeout=5\n"
            "BalancerMember http://127.0.0.1:9000/b timeout=9\n</Proxy>\n"
            "BalancerMember balancer://app http://127.0.0.1:9000 timeout=5 route=x\n",
            lines=(3, 5),
            modules=(
                *_HTTP,
                *("slotmem_shm_module", "proxy_balancer_module", "lbmethod_byrequests_module"),
            ),
        ),
        Example(
            good="ProxyPass /b http://127.0.0.1:9000/b timeout=90\n"
            "<VirtualHost *:8080>\nProxyPass /z http://127.0.0.1:9000/b timeout=5\n</VirtualHost>\n"
            "ProxyPass /c http://127.0.0.1:9000/b nocanon\n"
            "ProxyPass /d http://127.0.0.1:9000/A timeout=1\n"
            "ProxyPass /e http://127.0.0.1:9000/a timeout=2\n",
            modules=_HTTP,
        ),
    ),
    check=check,
)
