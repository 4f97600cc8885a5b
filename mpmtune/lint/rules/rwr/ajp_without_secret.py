"""A backend is spoken to by AJP without a secret.

## What it does
Reports ``ajp://`` in ``ProxyPass``, ``ProxyPassMatch`` and ``BalancerMember`` when no line about the
same host and port has ``secret=``.

## Why it matters
Whoever reaches the AJP port of a Tomcat that asks for no secret reads its files and may run code
(CVE-2020-1938). From 9.0.31 on Tomcat asks for one, and answers 403 without it.

## When to ignore it
Where the port is closed to all but this httpd and Tomcat has ``secretRequired="false"``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import arguments, split
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_AJP = "ajp://"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the backends without a secret."""
    del tree
    if not any(_AJP in line.item.args.lower() for line in hits):
        return
    with_secret = {host for line in hits if _has_secret(line) for host in _hosts(line)}
    for line in hits:
        hosts = _hosts(line)
        if line.name != "proxyset" and hosts and not with_secret.issuperset(hosts):
            yield Violation(
                line, "AJP without secret=: Tomcat refuses it, or takes it from anybody"
            )


def _has_secret(line: Occurrence) -> bool:
    return any(word.lower().startswith("secret=") for word in split(line.args))


def _hosts(line: Occurrence) -> tuple[str, ...]:
    """Give host and port of the AJP backend that a line, or the section around it, names."""
    around = line.enclosing
    words = split(line.args)
    if line.name == "proxyset" and around is not None and around.name == "<proxy":
        words = arguments(around.name, around.args)
    urls = (word.lower().removeprefix(_AJP) for word in words if word.lower().startswith(_AJP))
    return tuple(url.partition("/")[0] for url in urls)


_MODULES = ("proxy_module", "proxy_ajp_module")

RULE = Rule(
    code="RWR619",
    name="ajp-without-secret",
    severity=Severity.WARNING,
    by_default=False,
    on=("proxypass", "proxypassmatch", "balancermember", "proxyset"),
    jointly=True,
    references=("mod/mod_proxy_ajp.html", "https://nvd.nist.gov/vuln/detail/CVE-2020-1938"),
    since="0.1.0",
    examples=(
        Example(
            bad="ProxyPass /t ajp://127.0.0.1:8009/t\n",
            good="ProxyPass /t ajp://127.0.0.1:8009/t secret=s3cret\n",
            modules=_MODULES,
        ),
        Example(
            good='<Proxy "ajp://127.0.0.1:8009/">\nProxySet secret=s3cret\n</Proxy>\n'
            "ProxyPass /t ajp://127.0.0.1:8009/t\nProxyPass /u ajp://127.0.0.1:8009/u\n"
            "ProxyPass /v http://127.0.0.1:8080/v\n",
            modules=(*_MODULES, "proxy_http_module"),
        ),
    ),
    check=check,
)
