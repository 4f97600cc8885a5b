"""ErrorDocument 401 names another server's address, which httpd ignores.

## What it does
Reports ``ErrorDocument 401`` with a full URL.

## Why it matters
A redirect would take the 401 and its ``WWW-Authenticate`` from the browser, which then never
asks for a password. So httpd leaves the line out, says so once, and sends its own page.

## When to ignore it
Never.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.numbers import atoi
from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule, ids
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_UNAUTHORIZED = 401
# util.c: ap_is_url; a text with a blank in it is a message.
_URL = re.compile(r"[A-Za-z0-9+.-]+:[^ ]*")
_CODE_AND_DOCUMENT = 2


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each ErrorDocument 401 that httpd leaves out."""
    del tree
    for hit in hits:
        words = split(hit.args)
        if len(words) != _CODE_AND_DOCUMENT or atoi(words[0]) != _UNAUTHORIZED:
            continue
        if _URL.fullmatch(words[1]):
            yield Violation(
                hit,
                "httpd ignores a full URL here, for the browser would never see the 401: name a"
                " path that begins with a slash",
                word=2,
            )


RULE = Rule(
    code="SYN916",
    name="external-errordocument-401",
    severity=Severity.WARNING,
    by_default=False,
    on=("errordocument",),
    httpd_ids=ids("AH00113"),
    references=("mod/core.html#errordocument", "core.c: set_error_document"),
    since="0.1.0",
    examples=(
        Example(
            bad="ErrorDocument 401 https://www.example.com/401\n",
            good="ErrorDocument 401 /401.html\n",
        ),
        Example(
            good="ErrorDocument 403 https://www.example.com/403\n"
            'ErrorDocument 401 "See https://www.example.com/help"\n'
        ),
    ),
    check=check,
)
