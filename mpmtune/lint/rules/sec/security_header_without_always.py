"""A security header is left out of error pages.

## What it does
Reports ``Header set``, ``append``, ``add`` and ``merge`` without ``always`` for
``Strict-Transport-Security``, ``Content-Security-Policy``, ``X-Frame-Options``,
``X-Content-Type-Options`` and ``Referrer-Policy``, unless the same section sets it with ``always``
as well. Sections for certain files are left alone.

## Why it matters
Without ``always`` httpd puts the header into its list for successful answers only. A 404, a 403 or
a redirect that a module makes goes out without it, and an error page that shows part of the URL is
a page like any other to a browser.

The fix is not a safe one: where the application sets the header as well, the two lists do not
know of each other and the header is sent twice.

## When to ignore it
Where the application sends the header with its own error pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.surroundings import section_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_NAMES = (
    "strict-transport-security content-security-policy x-frame-options x-content-type-options"
    " referrer-policy"
)
_HEADERS = frozenset(_NAMES.split())
_ACTIONS = frozenset({"set", "append", "add", "merge"})
_TABLES = frozenset({"always", "onsuccess"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each header that errors lack."""
    del tree
    told = [(hit, *_read(hit)) for hit in hits]
    always = {(id(hit.enclosing), name) for hit, table, name in told if table == "always"}
    for hit, table, name in told:
        if name and not table and (id(hit.enclosing), name) not in always and not _of_files(hit):
            yield Violation(
                hit,
                f"Errors and redirects go out without {name.title()}: say always",
                fix("Send it always", replace_word(hit, 0, f"{hit.item.spelling} always")),
                word=0,
            )


def _read(hit: Occurrence) -> tuple[str, str]:
    """Give the table that is named, and the header in small letters; empty for other lines."""
    words = [word.lower() for word in split(hit.args)[:3]]
    table = words.pop(0) if words[:1] and words[0] in _TABLES else ""
    action, name = (*words, "", "")[:2]
    name = name.rstrip(":")
    return table, name if action in _ACTIONS and name in _HEADERS else ""


def _of_files(hit: Occurrence) -> bool:
    section = section_of(hit)
    return section is not None and section.name in {"<files", "<filesmatch"}


_MODULE = ("headers_module",)

RULE = Rule(
    code="SEC326",
    name="security-header-without-always",
    severity=Severity.WARNING,
    on=("header",),
    references=("mod/mod_headers.html#header", "mod_headers.c: ap_headers_error_filter"),
    since="0.1.0",
    examples=(
        Example(
            bad="Header set X-Frame-Options DENY\n",
            fixed_unsafely="Header always set X-Frame-Options DENY\n",
            modules=_MODULE,
        ),
        Example(
            bad="Header append Content-Security-Policy: \"default-src 'self'\"\n",
            fixed_unsafely="Header always append Content-Security-Policy: \"default-src 'self'\"\n",
            scope=Scope.HTACCESS,
        ),
        Example(good="Header always set X-Frame-Options DENY\n", modules=_MODULE),
        Example(
            good="Header set Referrer-Policy same-origin\nHeader always set Referrer-Policy same-origin\n",
            modules=_MODULE,
        ),
        Example(good="Header onsuccess set X-Frame-Options DENY\n", modules=_MODULE),
        Example(
            good="Header unset X-Frame-Options\nHeader set Cache-Control no-cache\n",
            modules=_MODULE,
        ),
        Example(
            good="<FilesMatch \\.js$>\nHeader set X-Content-Type-Options nosniff\n</FilesMatch>\n",
            modules=_MODULE,
        ),
    ),
    check=check,
)
