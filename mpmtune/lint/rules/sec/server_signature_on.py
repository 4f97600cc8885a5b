"""Error pages and listings end in a line with the server's version.

## What it does
Reports ``ServerSignature On`` and ``EMail``; httpd's own default is ``Off``.

## Why it matters
It tells every visitor what ``ServerTokens`` lets through, name and port of the virtual host, and
with ``EMail`` the administrator's address.

## When to ignore it
Where pages pass several proxies and it helps to see which server made one.
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

_ON = {
    "on": "the server's version",
    "email": "the server's version and the administrator's address",
}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that switches it on, the last one of each section."""
    del tree
    last = {id(hit.enclosing): hit for hit in hits}
    for hit in last.values():
        shown = _ON.get(word_in(hit).lower())
        if shown is not None:
            yield Violation(
                hit,
                f"Error pages and listings show {shown}",
                fix("Switch it off", replace_word(hit, 1, "Off")),
                word=1,
            )


RULE = Rule(
    code="SEC312",
    name="server-signature-on",
    severity=Severity.INFO,
    on=("serversignature",),
    cis=("8.2",),
    stig=("V-214256",),
    references=("mod/core.html#serversignature",),
    since="0.1.0",
    examples=(
        Example(bad="ServerSignature On\n", fixed_unsafely="ServerSignature Off\n"),
        Example(bad="ServerSignature email\n", fixed_unsafely="ServerSignature Off\n"),
        Example(
            bad="<VirtualHost *:8080>\nServerSignature On\n</VirtualHost>\n",
            fixed_unsafely="<VirtualHost *:8080>\nServerSignature Off\n</VirtualHost>\n",
            lines=(2,),
        ),
        Example(good="ServerSignature Off\n"),
        Example(good="Timeout 60\n"),
    ),
    check=check,
)
