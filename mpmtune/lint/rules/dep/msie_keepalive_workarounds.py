"""Connections are cut short for browsers of the 1990s.

## What it does
Reports ``BrowserMatch`` and ``SetEnvIf User-Agent`` lines that set ``nokeepalive``,
``ssl-unclean-shutdown``, ``downgrade-1.0`` or ``force-response-1.0``. Old default files of httpd
and of distributions carry them for Internet Explorer 2 to 6, Netscape and Java 1.0.

## Why it matters
None of those browsers can still connect over today's TLS. What matches now are crawlers and
scanners with an old name, and they get a new connection, and a TLS handshake, for every request.

## When to ignore it
Where the pattern names a client of today that is known to need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, remove
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

# Variable → what it does to a client that matches today.
_WORKAROUNDS = {
    "nokeepalive": "loses its connection after each request",
    "ssl-unclean-shutdown": "is cut off without the end of TLS",
    "downgrade-1.0": "is treated as a client of HTTP/1.0",
    "force-response-1.0": "gets its answers as HTTP/1.0",
}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that sets one of the workarounds by the browser's name."""
    del tree
    for hit in hits:
        words = list(split(hit.args))
        if hit.name.startswith("setenvif") and words and words.pop(0).lower() != "user-agent":
            continue
        variables = words[1:]
        found = [v for v in variables if v.partition("=")[0].lower() in _WORKAROUNDS]
        if found:
            whole = len(found) == len(variables)
            yield Violation(
                hit,
                f"{found[0]} is a workaround for browsers that no longer exist: what matches today"
                f" {_WORKAROUNDS[found[0].partition('=')[0].lower()]}",
                fix(f"Remove this {hit.item.spelling}", remove(hit)) if whole else None,
            )


_SETENVIF = ("setenvif_module",)

RULE = Rule(
    code="DEP810",
    name="msie-keepalive-workarounds",
    severity=Severity.INFO,
    by_default=False,
    on=("browsermatch", "browsermatchnocase", "setenvif", "setenvifnocase"),
    references=("mod/mod_setenvif.html#browsermatch", "env.html#special"),
    since="0.1.0",
    examples=(
        Example(
            bad='BrowserMatch "MSIE [2-6]" nokeepalive ssl-unclean-shutdown \\\n'
            "    downgrade-1.0 force-response-1.0\nServerSignature Off\n",
            fixed_unsafely="ServerSignature Off\n",
            modules=_SETENVIF,
        ),
        Example(bad='SetEnvIf User-Agent ".*MSIE.*" nokeepalive old_browser\n', modules=_SETENVIF),
        Example(
            good='BrowserMatch "^WebDAVFS/1.[0-5]" redirect-carefully\n'
            'SetEnvIf Request_URI "^/poll" nokeepalive\n',
            modules=_SETENVIF,
        ),
    ),
    check=check,
)
