"""HTTP/2 is there, and virtual hosts with TLS do not offer it.

## What it does
Reports virtual hosts with ``SSLEngine On`` for which no ``Protocols`` with ``h2`` is in force, when
mod_http2 is loaded under event or worker: once for each ``Protocols`` line that leaves it out, and
once for all that have none.

## Why it matters
Browsers open six connections in place of one, and each waits for its own TLS handshake. The
module that would change that is loaded and does nothing.

## When to ignore it
Where something in front of httpd speaks HTTP/2 with clients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, insert_before, replace_arguments
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_OFFER = "h2 http/1.1"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the lines, or the lack of them, that keep HTTP/2 away."""
    if "http2_module" not in tree.modules:
        return
    view = merged_view_of(tree)
    told: set[int] = set()
    for engine in hits["sslengine"]:
        if engine.args.strip("\"' ").lower() != "on" or engine.enclosing is None:
            continue
        lines = view.server(view.hosts.around(engine)).of_server("protocols")
        offered = {word.lower() for line in lines for word in split(line.args)}
        key = id(lines[-1]) if lines else 0
        if "h2" not in offered and key not in told:
            told.add(key)
            yield _of_line(lines[-1]) if lines else _of_host(engine)


def _of_line(line: Occurrence) -> Violation:
    return Violation(
        line,
        "mod_http2 is loaded, and virtual hosts with TLS do not offer HTTP/2",
        fix("Offer HTTP/2", replace_arguments(line, _OFFER)),
    )


def _of_host(engine: Occurrence) -> Violation:
    return Violation(
        engine,
        "mod_http2 is loaded, and without Protocols this virtual host does not offer HTTP/2",
        fix("Offer HTTP/2", insert_before(engine.sections()[0], f"Protocols {_OFFER}")),
    )


_MODULES = ("http2_module", "ssl_module", "socache_shmcb_module")
_TLS = (
    "SSLSessionCache shmcb:/srv/www/run/scache(512000)\n"
    "<VirtualHost *:443>\nServerName a.example\nSSLEngine On\n"
    "SSLCertificateFile /srv/www/cert.pem\nSSLCertificateKeyFile /srv/www/key.pem\n"
    "</VirtualHost>\n"
)

RULE = Rule(
    code="PRF512",
    name="h2-not-offered",
    severity=Severity.INFO,
    by_default=False,
    on=("sslengine", "protocols"),
    mpms=frozenset({Mpm.EVENT, Mpm.WORKER}),
    whole_tree=True,
    jointly=True,
    references=("howto/http2.html", "mod/core.html#protocols"),
    since="0.1.0",
    examples=(
        Example(
            bad="Protocols http/1.1\n" + _TLS,
            fixed_unsafely="Protocols h2 http/1.1\n" + _TLS,
            modules=_MODULES,
        ),
        Example(
            bad=_TLS,
            fixed_unsafely=_TLS.replace("<Vi", "Protocols h2 http/1.1\n<Vi"),
            lines=(4,),
            modules=_MODULES,
        ),
        Example(good=_TLS, modules=_MODULES[1:]),
        Example(good=_TLS, modules=_MODULES, mpm=Mpm.PREFORK),
    ),
    check=check,
)
