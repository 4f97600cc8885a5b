"""Renegotiation without its safeguard is allowed.

## What it does
Reports ``SSLInsecureRenegotiation on``.

## Why it matters
Whoever stands between client and server can then put a request of his own in front of the
client's (CVE-2009-3555). Clients that need it have not been made since 2010.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule
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
        hits["sslinsecurerenegotiation"],
        "Clients without secure renegotiation are let in: who stands between can put a request"
        " before theirs (CVE-2009-3555)",
        "Refuse such clients",
    )


_SSL = ("ssl_module",)

RULE = Rule(
    code="TLS404",
    name="insecure-renegotiation",
    severity=Severity.ERROR,
    by_default=False,
    on=("sslinsecurerenegotiation",),
    cis=("7.6",),
    references=(
        "mod/mod_ssl.html#sslinsecurerenegotiation",
        "ssl_engine_init.c: ssl_init_ctx_protocol",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad="SSLInsecureRenegotiation on\n",
            fixed_unsafely="SSLInsecureRenegotiation off\n",
            modules=_SSL,
        ),
        Example(good="SSLInsecureRenegotiation Off\n", modules=_SSL),
    ),
    check=check,
)
