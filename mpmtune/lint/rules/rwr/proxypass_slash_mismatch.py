"""Of path and URL of a ProxyPass, one ends in a slash and the other does not.

## What it does
Compares the ends of both. An error where the path ends in a slash and the URL is a host alone; a
warning in all other cases.

## Why it matters
httpd cuts the path off the request and glues what is left to the URL. With
``ProxyPass /app/ http://app:8080``, a request for ``/app/@10.0.0.1/secret`` goes to
``http://app:8080@10.0.0.1/secret``: the client chooses the host, also with a socket before it.
``ProxyPass /app http://app/`` asks the backend for ``//page``.

## When to ignore it
The warning: where the URL is meant to be a prefix of names, or the backend takes double slashes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.dependencies import scheme_of
from mpmtune.lint.fixes import fix
from mpmtune.lint.proxy_lines import HOST_ALONE, at_end_of_word, passes_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.proxy_passes import ProxyPass
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix


# The other protocols cut the path up by themselves: mod_proxy_uwsgi.c, uwsgi_handler.
_PATHS_ARE_SENT = frozenset(["http", "https", "ws", "wss", "h2", "h2c", "ajp", "balancer"])


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the lines whose ends differ."""
    passes = passes_of(tree)
    for hit in hits:
        said = passes[id(hit)]
        ends = (said.path.endswith("/"), said.url.endswith("/"))
        if said.regex or "://" not in said.url or "?" in said.url or ends[0] is ends[1]:
            continue
        found = _of_host(said) if ends[0] and HOST_ALONE.fullmatch(said.url) else _of_path(said)
        if found is not None:
            message, severity = found
            word = 1 if said.located else 2
            yield Violation(hit, message, _fix(hit, said), word=word, severity=severity)


def _of_path(said: ProxyPass) -> tuple[str, Severity] | None:
    if scheme_of(said.target) not in _PATHS_ARE_SENT:
        return None
    if said.path.endswith("/"):
        return "The rest of the path is glued to the last name in the URL", Severity.WARNING
    return "The backend is asked for paths with two slashes", Severity.WARNING


def _of_host(said: ProxyPass) -> tuple[str, Severity]:
    if scheme_of(said.target) == "balancer":
        message = (
            "The rest of the path is glued to the balancer's name: the answer is 500 (AH01144)"
        )
    else:
        message = "The rest of the path is glued to the host: with @ in it, the client chooses it"
    return message, Severity.ERROR


def _fix(hit: Occurrence, said: ProxyPass) -> Fix | None:
    number = 1 if said.located else 2
    if said.path.endswith("/"):
        return fix("Add a slash to the URL", at_end_of_word(hit, number, add="/"))
    return fix("Take the slash from the URL", at_end_of_word(hit, number, drop=1))


_HTTP = ("proxy_module", "proxy_http_module")

RULE = Rule(
    code="RWR614",
    name="proxypass-slash-mismatch",
    severity=Severity.ERROR,
    on=("proxypass",),
    references=("mod/mod_proxy.html#proxypass", "mod_proxy.c: ap_proxy_trans_match"),
    since="0.1.0",
    examples=(
        Example(
            bad="ProxyPass /app/ http://127.0.0.1:9000\n",
            fixed_unsafely="ProxyPass /app/ http://127.0.0.1:9000/\n",
            modules=_HTTP,
        ),
        Example(
            bad='ProxyPass "/" "http://user:secret@127.0.0.1:9000" timeout=5\n',
            fixed_unsafely='ProxyPass "/" "http://user:secret@127.0.0.1:9000/" timeout=5\n',
            modules=_HTTP,
        ),
        Example(
            bad="<Location /app/>\nProxyPass http://127.0.0.1:9000\n</Location>\n",
            fixed_unsafely="<Location /app/>\nProxyPass http://127.0.0.1:9000/\n</Location>\n",
            lines=(2,),
            modules=_HTTP,
        ),
        Example(
            bad="ProxyPass /app http://127.0.0.1:9000/\n"
            "ProxyPass /img/ http://127.0.0.1:9000/images\n",
            fixed_unsafely="ProxyPass /app http://127.0.0.1:9000\n"
            "ProxyPass /img/ http://127.0.0.1:9000/images/\n",
            lines=(1, 2),
            modules=_HTTP,
        ),
        Example(
            bad='<Proxy "balancer://app">\nBalancerMember http://127.0.0.1:9000\n</Proxy>\n'
            "ProxyPass / balancer://app\n",
            fixed_unsafely='<Proxy "balancer://app">\nBalancerMember http://127.0.0.1:9000\n'
            "</Proxy>\nProxyPass / balancer://app/\n",
            lines=(4,),
            modules=(
                *_HTTP,
                *("slotmem_shm_module", "proxy_balancer_module", "lbmethod_byrequests_module"),
            ),
        ),
        Example(
            good="ProxyPass /app http://127.0.0.1:9000/app\n"
            "ProxyPass /host http://127.0.0.1:9001\n"
            "ProxyPass /search/ http://127.0.0.1:9000/s?q=\n"
            "ProxyPass /static/ !\n"
            "ProxyPassMatch ^/x/(.*)$ http://127.0.0.1:9000/$1\n"
            "<Location /app2/>\nProxyPass http://127.0.0.1:9000/app2/\n</Location>\n"
            "ProxyPass /wsgi uwsgi://127.0.0.1:9002/\nProxyPass /w/ unix:/run/x.sock|http:\n",
            modules=(*_HTTP, "proxy_uwsgi_module"),
        ),
    ),
    check=check,
)
