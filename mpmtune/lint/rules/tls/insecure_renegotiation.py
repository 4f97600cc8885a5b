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

from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that turns it on."""
    del tree
    for line in hits["sslinsecurerenegotiation"]:
        if word_in(line).lower() == "on":
            yield Violation(
                line,
                "Clients without secure renegotiation are let in: who stands between can put a request"
                " before theirs (CVE-2009-3555)",
                fix("Refuse such clients", replace_word(line, 1, "off")),
                word=1,
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
