"""HTTP/2 is asked for under prefork, where it is off.

## What it does
Reports ``Protocols`` with ``h2`` or ``h2c`` when mod_http2 is loaded and prefork is the MPM.

## Why it matters
mod_http2 needs threads. Under prefork it warns once at start (AH10034) and stays off since
2.4.27: every client gets HTTP/1.1, while the file promises HTTP/2. ``-t`` says nothing.

## When to ignore it
Never: either the MPM or the line is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_HTTP2 = frozenset({"h2", "h2c"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the Protocols lines that prefork cannot keep."""
    if "http2_module" not in tree.modules:
        return
    for hit in hits:
        if _HTTP2.intersection(split(hit.args)):
            yield Violation(
                hit,
                "prefork runs no HTTP/2 (AH10034 at start): clients get HTTP/1.1 until the MPM"
                " is event or worker",
            )


RULE = Rule(
    code="MOD102",
    name="http2-on-prefork",
    severity=Severity.ERROR,
    on=("protocols",),
    mpms=frozenset({Mpm.PREFORK}),
    httpd_since=(2, 4, 27),
    whole_tree=True,
    references=("howto/http2.html#mpm-config", "mod_http2.c: h2_post_config"),
    since="0.1.0",
    examples=(
        Example(bad="Protocols h2 http/1.1\n", mpm=Mpm.PREFORK, modules=("http2_module",)),
        Example(good="Protocols h2 http/1.1\n", modules=("http2_module",)),
        Example(good="Protocols http/1.1\n", mpm=Mpm.PREFORK, modules=("http2_module",)),
    ),
    check=check,
)
