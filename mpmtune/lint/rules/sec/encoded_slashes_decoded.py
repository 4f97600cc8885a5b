"""An encoded slash becomes a slash: a path means one thing to a proxy and another to httpd.

## What it does
Reports ``AllowEncodedSlashes On``.

## Why it matters
``%2F`` is decoded before httpd maps the path and judges it, while whatever checks the request
earlier, a proxy or a firewall in front, sees no slash there: ``/pub%2F..%2Fadmin`` is below
``/pub`` for it and ``/admin`` for httpd. ``NoDecode`` takes such requests and leaves ``%2F`` as it
is.

## When to ignore it
Where nothing in front judges paths, and an application reads the decoded slash in ``PATH_INFO``.
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
    """Give each line that has slashes decoded."""
    del tree
    return switched_on(
        hits,
        "%2F is decoded to a slash: a proxy in front that sees none there checks another path",
        "Leave it encoded",
        off="NoDecode",
    )


RULE = Rule(
    code="SEC331",
    name="encoded-slashes-decoded",
    severity=Severity.WARNING,
    on=("allowencodedslashes",),
    by_default=False,
    references=("mod/core.html#allowencodedslashes", "request.c: ap_process_request_internal"),
    since="0.1.0",
    examples=(
        Example(bad="AllowEncodedSlashes On\n", fixed_unsafely="AllowEncodedSlashes NoDecode\n"),
        Example(
            bad="<VirtualHost *:8080>\n  AllowEncodedSlashes on\n</VirtualHost>\n",
            fixed_unsafely="<VirtualHost *:8080>\n  AllowEncodedSlashes NoDecode\n</VirtualHost>\n",
            lines=(2,),
        ),
        Example(good="AllowEncodedSlashes NoDecode\n"),
        Example(good="AllowEncodedSlashes Off\n"),
    ),
    check=check,
)
