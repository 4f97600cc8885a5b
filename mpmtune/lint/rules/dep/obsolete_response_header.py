"""A response header is set that no browser heeds any more.

## What it does
Reports ``Header`` lines that put ``X-XSS-Protection`` (with anything but ``0``),
``Public-Key-Pins``, ``Expect-CT``, ``X-UA-Compatible`` or ``Feature-Policy`` into responses.

## Why it matters
Browsers have dropped them, so the protection that the line promises is not there. The filter that
``X-XSS-Protection`` asks old browsers for could itself be used to attack a page.

## When to ignore it
Where an audit still asks for the header, or an old embedded browser is served.
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

_INSTEAD = {
    "x-xss-protection": "a Content-Security-Policy protects where this filter was meant to",
    "public-key-pins": "a CAA record and certificate transparency watch over who issues",
    "public-key-pins-report-only": "a CAA record and certificate transparency do it",
    "expect-ct": "browsers demand certificate transparency by themselves",
    "x-ua-compatible": "Internet Explorer alone knew it",
    "feature-policy": "Permissions-Policy has replaced it",
}
_PUT = frozenset({"add", "append", "merge", "set", "setifempty"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each Header that puts in one of the headers."""
    del tree
    for hit in hits:
        words = list(split(hit.args))
        conditional = words[:1] and words[0].lower() in {"always", "onsuccess"}
        action, name, value = (*words[1 if conditional else 0 :], "", "", "")[:3]
        name = name.rstrip(":")
        instead = _INSTEAD.get(name.lower())
        turned_off = name.lower() == "x-xss-protection" and value.strip().startswith("0")
        if instead and action.lower() in _PUT and not turned_off:
            yield Violation(
                hit,
                f"No browser heeds {name} any more: {instead}",
                fix(f"Remove {name}", remove(hit)),
                word=3 if conditional else 2,
            )


_HEADERS = ("headers_module",)

RULE = Rule(
    code="DEP812",
    name="obsolete-response-header",
    severity=Severity.INFO,
    by_default=False,
    on=("header",),
    references=(
        "mod/mod_headers.html#header",
        "https://owasp.org/www-project-secure-headers/",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad='Header set X-XSS-Protection "1; mode=block"\nServerSignature Off\n',
            fixed_unsafely="ServerSignature Off\n",
            modules=_HEADERS,
        ),
        Example(
            bad='Header always set Expect-CT "max-age=86400"\nServerSignature Off\n',
            fixed_unsafely="ServerSignature Off\n",
            modules=_HEADERS,
        ),
        Example(
            good='Header always set X-XSS-Protection "0"\nHeader unset X-UA-Compatible\n',
            modules=_HEADERS,
        ),
    ),
    check=check,
)
