"""Requests are read in the lenient way of old.

## What it does
Reports ``HttpProtocolOptions`` with ``Unsafe`` or ``Allow0.9``.

## Why it matters
httpd then takes lines that other servers read differently: blanks and control characters in a
header, a header without an end. A proxy in front and httpd behind it may disagree where a request
ends, and a second one is smuggled in between (CVE-2016-8743).

## When to ignore it
For an old device in a closed network that sends such requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_arguments
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_INSTEAD = {"unsafe": "Strict", "allow0.9": "Require1.0"}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that lets malformed requests in."""
    del tree
    for hit in hits:
        words = split(hit.args)
        lenient = [word for word in words if word.lower() in _INSTEAD]
        if lenient:
            mended = " ".join(_INSTEAD.get(word.lower(), word) for word in words)
            yield Violation(
                hit,
                f"{' and '.join(lenient)}: requests are taken that others read differently, so one"
                " can be smuggled inside another",
                fix(f"Set it to {mended}", replace_arguments(hit, mended)),
            )


RULE = Rule(
    code="SEC330",
    name="unsafe-http-parsing",
    severity=Severity.WARNING,
    on=("httpprotocoloptions",),
    by_default=False,
    cis=("5.9",),
    references=(
        "mod/core.html#httpprotocoloptions",
        "https://nvd.nist.gov/vuln/detail/CVE-2016-8743",
    ),
    since="0.1.0",
    examples=(
        Example(bad="HttpProtocolOptions Unsafe\n", fixed_unsafely="HttpProtocolOptions Strict\n"),
        Example(
            bad="HttpProtocolOptions Strict Allow0.9\n",
            fixed_unsafely="HttpProtocolOptions Strict Require1.0\n",
        ),
        Example(good="HttpProtocolOptions Strict LenientMethods\n"),
        Example(good="HttpProtocolOptions Strict Require1.0\n"),
    ),
    check=check,
)
