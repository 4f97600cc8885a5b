"""A balancer lacks its method or its shared memory.

## What it does
Reports ``<Proxy balancer://…>`` when mod_proxy_balancer is loaded without mod_slotmem_shm, or
without the module of the method: mod_lbmethod_byrequests unless another one is set.

## Why it matters
``-t`` says "Syntax OK". Then httpd fails to start: AH01177 for the method, AH01183 for the shared
memory.

## When to ignore it
When the modules are loaded by a file that is not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import section_argument, split
from mpmtune.lint.loading import load
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_METHOD = "lbmethod="
_DEFAULT = "byrequests"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the balancers that keep httpd from starting."""
    if "proxy_balancer_module" not in tree.modules:
        return
    for section in hits["<proxy"]:
        if not (section_argument(section.args) or "").strip('"').startswith("balancer:"):
            continue
        wanted = (f"lbmethod_{_method(section, hits)}_module", "slotmem_shm_module")
        missing = tuple(module for module in wanted if module not in tree.modules)
        if missing:
            yield Violation(
                section,
                f"httpd will not start with this balancer: {' and '.join(missing)} not loaded",
                load(tree, section, *missing),
            )


def _method(section: Occurrence, hits: Hits) -> str:
    """Find the method that is set for a balancer."""
    method = _DEFAULT
    for hit in hits["proxyset"]:
        if hit.enclosing is section:
            for word in split(hit.args):
                if word.lower().startswith(_METHOD):
                    method = word[len(_METHOD) :]
    return method


RULE = Rule(
    code="MOD106",
    name="balancer-without-lbmethod",
    severity=Severity.ERROR,
    on=("<proxy", "proxyset"),
    whole_tree=True,
    references=("mod/mod_proxy_balancer.html", "mod_proxy_balancer.c: balancer_post_config"),
    since="0.1.0",
    examples=(
        Example(
            bad="<Proxy balancer://app>\nBalancerMember http://127.0.0.1:8081\n</Proxy>\n",
            fixed_unsafely=(
                "LoadModule lbmethod_byrequests_module"
                " /usr/lib/apache2/modules/mod_lbmethod_byrequests.so\n"
                "LoadModule slotmem_shm_module /usr/lib/apache2/modules/mod_slotmem_shm.so\n"
                "<Proxy balancer://app>\nBalancerMember http://127.0.0.1:8081\n</Proxy>\n"
            ),
            modules=("proxy_module", "proxy_http_module", "proxy_balancer_module"),
        ),
        Example(
            good="<Proxy balancer://app>\nBalancerMember http://127.0.0.1:8081\n"
            "ProxySet lbmethod=bytraffic\n</Proxy>\n",
            modules=(
                "proxy_module",
                "proxy_http_module",
                "slotmem_shm_module",
                "lbmethod_bytraffic_module",
                "proxy_balancer_module",
            ),
        ),
        Example(
            good="<Proxy http://127.0.0.1:8081/>\nRequire all granted\n</Proxy>\n",
            modules=("proxy_module", "proxy_http_module", "proxy_balancer_module"),
        ),
        Example(
            good="<Proxy balancer://app>\nBalancerMember http://127.0.0.1:8081\n</Proxy>\n",
            scope=Scope.FRAGMENT,
        ),
    ),
    check=check,
)
