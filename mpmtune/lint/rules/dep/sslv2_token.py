"""SSLProtocol names SSLv2, which httpd 2.4 cannot speak.

## What it does
Reports ``SSLv2`` and ``+SSLv2`` in ``SSLProtocol`` and ``SSLProxyProtocol``, which httpd refuses.
``-SSLv2`` is accepted and does nothing: that is reported as information.

## Why it matters
With ``+SSLv2`` httpd does not start. ``all -SSLv2`` looks as if it had switched something off,
and often stands where ``-SSLv3`` is meant.

## When to ignore it
``-SSLv2`` in a file that httpd 2.2 must read as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import spans, split
from mpmtune.lint.fixes import fix, replace_arguments
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the first SSLv2 of each directive, and -SSLv2 where nothing is refused."""
    del tree
    for hit in hits:
        words = [word.lower() for word in split(hit.args)]
        asked = next((w for w in words if w in {"sslv2", "+sslv2"}), None)
        if asked:
            yield Violation(
                hit,
                f"httpd 2.4 cannot speak SSLv2 and refuses {hit.item.spelling} with it",
                _fix(hit),
                word=words.index(asked) + 1,
            )
        elif "-sslv2" in words:
            yield Violation(
                hit,
                "-SSLv2 does nothing: httpd 2.4 has no SSLv2",
                _fix(hit),
                word=words.index("-sslv2") + 1,
                severity=Severity.INFO,
            )


def _fix(hit: Occurrence) -> Fix | None:
    kept = [
        hit.args[start:end]
        for (start, end), word in zip(spans(hit.args), split(hit.args), strict=True)
        if word.lower().lstrip("+-") != "sslv2"
    ]
    return fix("Remove SSLv2", replace_arguments(hit, " ".join(kept)), safe=True) if kept else None


_SSL = ("ssl_module",)

RULE = Rule(
    code="DEP809",
    name="sslv2-token",
    severity=Severity.ERROR,
    by_default=False,
    on=("sslprotocol", "sslproxyprotocol"),
    httpd_ids=ids("AH00526"),
    references=("mod/mod_ssl.html#sslprotocol", "ssl_engine_config.c: ssl_cmd_protocol_parse"),
    since="0.1.0",
    examples=(
        Example(bad="SSLProtocol +SSLv2 +TLSv1.2\n", fixed="SSLProtocol +TLSv1.2\n", modules=_SSL),
        Example(
            bad="SSLProtocol all -SSLv2 -SSLv3 -TLSv1 -TLSv1.1\n",
            fixed="SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1\n",
            scope=Scope.FRAGMENT,
        ),
        Example(good="SSLProtocol -all +TLSv1.2 +TLSv1.3\n", modules=_SSL),
    ),
    check=check,
)
