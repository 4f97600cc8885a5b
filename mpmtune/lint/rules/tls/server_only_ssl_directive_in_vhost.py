"""A virtual host holds an SSL directive that is for the whole server.

## What it does
Reports ``SSLSessionCache``, ``SSLStaplingCache``, ``SSLRandomSeed``, ``SSLPassPhraseDialog``,
``SSLCryptoDevice`` and ``SSLFIPS`` inside of ``<VirtualHost>``. The fix moves the line in front of
it, or takes it out where the server has one already.

## Why it matters
httpd does not start: these caches and sources exist once, for all virtual hosts.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, insert_before, remove
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.model.config import Fault
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

ONLY_ONCE = frozenset(
    {
        *("sslsessioncache", "sslstaplingcache", "sslrandomseed", "sslpassphrasedialog"),
        *("sslcryptodevice", "sslfips"),
    }
)
# Of these the server takes several.
_MANY = frozenset({"sslrandomseed"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each of them that httpd refuses for its place."""
    there = {
        line.name
        for name in ONLY_ONCE - _MANY
        for line in tree.by_name.get(name, ())
        if line.enclosing is None
    }
    for fault in hits.faults:
        line = fault.occurrence
        if line is None or line.name not in ONLY_ONCE or line.enclosing is None:
            continue
        yield Violation(
            line,
            f"{fault.text.removesuffix('.')}: it is for the whole server",
            _fix(line, already=line.name in there),
            word=0,
        )
        there |= {line.name} - _MANY


def _fix(line: Occurrence, *, already: bool) -> Fix | None:
    if already:
        return fix("Remove it: the server has one", remove(line), safe=True)
    if line.name == "sslpassphrasedialog":
        return None  # its program may be given a secret, and an edit's text is shown
    text = f"{line.item.spelling} {line.args}"
    moved = insert_before(line.sections()[0], text)
    return fix("Move it out of the virtual host", moved, remove(line), safe=True)


_HOST = """\
<VirtualHost *:8080>
ServerName {}.example.com
{}</VirtualHost>
"""
_CACHE = "SSLSessionCache shmcb:/srv/www/run/ssl(512000)\n"
_MODULES = ("ssl_module", "socache_shmcb_module")

RULE = Rule(
    code="TLS410",
    name="server-only-ssl-directive-in-vhost",
    severity=Severity.ERROR,
    on=(),
    faults=frozenset({Fault.NOT_ALLOWED_HERE}),
    httpd_ids=ids("AH00526"),
    references=("mod/mod_ssl.html#sslsessioncache", "ssl_engine_config.c: ssl_cmd_SSLSessionCache"),
    since="0.1.0",
    examples=(
        Example(
            bad=_HOST.format("a", _CACHE),
            fixed=_CACHE + _HOST.format("a", ""),
            lines=(3,),
            modules=_MODULES,
        ),
        Example(
            bad=_HOST.format("a", _CACHE) + _HOST.format("b", _CACHE),
            fixed=_CACHE + _HOST.format("a", "") + _HOST.format("b", ""),
            lines=(3, 7),
            modules=_MODULES,
        ),
        Example(
            bad=_CACHE + _HOST.format("a", "SSLSessionCache none\n"),
            fixed=_CACHE + _HOST.format("a", ""),
            lines=(4,),
            modules=_MODULES,
            scope=Scope.FRAGMENT,
        ),
        Example(
            bad=_HOST.format("a", "SSLPassPhraseDialog builtin\n"), lines=(3,), modules=_MODULES
        ),
        Example(good=_CACHE + _HOST.format("a", "SSLSessionCacheTimeout 300\n"), modules=_MODULES),
    ),
    check=check,
)
