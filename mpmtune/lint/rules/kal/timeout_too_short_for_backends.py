"""A short Timeout ends requests to backends as well.

## What it does
Reports a ``Timeout`` below 10 seconds in a configuration that passes requests on with
``ProxyPass`` or runs scripts with ``ScriptAlias``, where neither has a time of its own
(``ProxyTimeout``, ``timeout=``, ``CGIDScriptTimeout``, ``CGIScriptTimeout``).

## Why it matters
What holds for slow clients holds for backends too: an answer that takes longer becomes a 504, and
the backend goes on working for nobody.

## When to ignore it
Where no request may take as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import number_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_SHORT = 10
_PASSES = ("proxypass", "proxypassmatch")
_MEMBERS = ("proxyset", "balancermember")
_SCRIPTS = ("scriptalias", "scriptaliasmatch")
_SCRIPT_TIMES = ("cgidscripttimeout", "cgiscripttimeout")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the Timeout that backends are held to."""
    del tree
    line = hits.last("timeout")
    seconds = number_of(line)
    if line is None or seconds is None or not 0 < seconds < _SHORT:
        return
    waiting = next(iter((*_proxied(hits), *_scripts(hits))), None)
    if waiting is not None:
        yield Violation(
            line,
            f"Timeout {seconds} also ends what a backend or script takes longer for, with a 504",
            word=1,
            related=(waiting,),
        )


def _proxied(hits: Hits) -> tuple[Occurrence, ...]:
    """Give the lines that pass requests on without a time of their own."""
    if hits["proxytimeout"] or any(_has_time(hit) for name in _MEMBERS for hit in hits[name]):
        return ()
    lines = (hit for name in _PASSES for hit in hits[name])
    return tuple(hit for hit in lines if not _has_time(hit) and "!" not in split(hit.args))


def _scripts(hits: Hits) -> tuple[Occurrence, ...]:
    if any(hits[name] for name in _SCRIPT_TIMES):
        return ()
    return tuple(hit for name in _SCRIPTS for hit in hits[name])


def _has_time(hit: Occurrence) -> bool:
    return any(word.lower().startswith("timeout=") for word in split(hit.args))


RULE = Rule(
    code="KAL207",
    name="timeout-too-short-for-backends",
    severity=Severity.WARNING,
    by_default=False,
    on=("timeout", "proxytimeout", *_PASSES, *_MEMBERS, *_SCRIPTS, *_SCRIPT_TIMES),
    whole_tree=True,
    jointly=True,
    references=("mod/mod_proxy.html#proxytimeout", "mod/core.html#timeout"),
    since="0.1.0",
    examples=(
        Example(
            bad="Timeout 5\nProxyPass /app http://127.0.0.1:8081/app\n",
            good="Timeout 5\nProxyTimeout 60\nProxyPass /app http://127.0.0.1:8081/app\n",
            modules=("proxy_module", "proxy_http_module"),
        ),
        Example(
            bad="ScriptAlias /cgi-bin/ /srv/www/htdocs/\nTimeout 5\n",
            lines=(2,),
        ),
        Example(
            good="Timeout 5\nProxyPass /icons !\n"
            "ProxyPass /app http://127.0.0.1:8081/app timeout=60\n",
            modules=("proxy_module", "proxy_http_module"),
        ),
        Example(good="Timeout 5\n"),
    ),
    check=check,
)
