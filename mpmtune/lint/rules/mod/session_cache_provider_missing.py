"""A cache is named whose socache module is not loaded.

## What it does
Reports ``SSLSessionCache``, ``SSLStaplingCache`` and ``AuthnCacheSOCache`` with a provider
(``shmcb:``, ``dbm:``, ``memcache:``, ``redis:``, ``dc:``) whose ``socache_…_module`` is not
loaded before.

## Why it matters
httpd stops while it reads: the line is refused with AH00526 and the list of the names it knows.

## When to ignore it
When the module is loaded by a file that is not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.loading import load
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_PROVIDERS = frozenset({"shmcb", "dbm", "memcache", "redis", "dc"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the caches that nothing provides."""
    for hit in hits:
        words = split(hit.args)
        provider = words[0].partition(":")[0].lower() if words else ""
        module = f"socache_{provider}_module"
        if provider in _PROVIDERS and module not in tree.modules:
            yield Violation(
                hit,
                f"{hit.item.spelling} names {provider}, and {module} is not loaded: httpd refuses it",
                load(tree, hit, module),
                word=1,
            )


RULE = Rule(
    code="MOD107",
    name="session-cache-provider-missing",
    severity=Severity.ERROR,
    on=("sslsessioncache", "sslstaplingcache", "authncachesocache"),
    whole_tree=True,
    httpd_ids=ids("AH00526"),
    references=("mod/mod_ssl.html#sslsessioncache", "ssl_engine_config.c"),
    since="0.1.0",
    examples=(
        Example(
            bad="SSLSessionCache shmcb:/srv/www/run/ssl(512000)\n",
            fixed_unsafely=(
                "LoadModule socache_shmcb_module /usr/lib/apache2/modules/mod_socache_shmcb.so\n"
                "SSLSessionCache shmcb:/srv/www/run/ssl(512000)\n"
            ),
            modules=("ssl_module",),
        ),
        Example(good="SSLSessionCache none\n", modules=("ssl_module",)),
        Example(good="SSLSessionCache shmcb:/srv/www/run/ssl(512000)\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
