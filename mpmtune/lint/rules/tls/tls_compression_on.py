"""TLS compression is on.

## What it does
Reports ``SSLCompression on``.

## Why it matters
The length of what is compressed tells a listener what is in it: the CRIME attack reads cookies
that way. OpenSSL of today is mostly built without compression, and then httpd refuses the line and
does not start.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule, ids
from mpmtune.lint.switches import switched_on
from mpmtune.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree
    from mpmtune.model.finding import Violation


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Give each line that turns it on."""
    del tree
    return switched_on(
        hits["sslcompression"],
        "Compression lets a listener guess cookies from lengths (CRIME); most OpenSSL refuse it",
        "Turn compression off",
    )


_SSL = ("ssl_module",)

RULE = Rule(
    code="TLS403",
    name="tls-compression-on",
    severity=Severity.ERROR,
    by_default=False,
    on=("sslcompression",),
    cis=("7.7",),
    httpd_ids=ids("AH00526"),
    references=("mod/mod_ssl.html#sslcompression", "ssl_engine_config.c: ssl_cmd_SSLCompression"),
    since="0.1.0",
    examples=(
        Example(
            bad="SSLCompression on\n",
            fixed_unsafely="SSLCompression off\n",
            modules=_SSL,
        ),
        Example(good="SSLCompression Off\n", modules=_SSL),
    ),
    check=check,
)
