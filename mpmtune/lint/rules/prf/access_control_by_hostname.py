"""Who may pass is decided by the name that the DNS gives a client.

## What it does
Reports ``Require host`` and ``Allow from`` or ``Deny from`` with names.

## Why it matters
For each request httpd asks for the name of the address and then for the address of the name, and
waits for both. ``Require ip`` asks nobody; ``Require forward-dns`` asks once.

## When to ignore it
Where clients have changing addresses and a name of their own network.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_ADDRESS = re.compile(r"[0-9./]+|[0-9a-f:./]*:[0-9a-f:./]*", re.IGNORECASE)


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the lines that make httpd ask for names."""
    del tree
    for hit in hits:
        if _asks_for_names(hit):
            yield Violation(hit, "Each request waits for two answers of the DNS")


def _asks_for_names(line: Occurrence) -> bool:
    words = [word.lower() for word in split(line.args)]
    if line.name == "require":
        return [word for word in words[:2] if word != "not"][:1] == ["host"]
    return any(_is_name(word) for word in words[1:])


def _is_name(word: str) -> bool:
    return word != "all" and not word.startswith("env=") and not _ADDRESS.fullmatch(word)


RULE = Rule(
    code="PRF502",
    name="access-control-by-hostname",
    severity=Severity.INFO,
    by_default=False,
    on=("require", "allow", "deny"),
    references=("misc/perf-tuning.html#dns", "mod/mod_authz_host.html#reqhost"),
    since="0.1.0",
    examples=(
        Example(
            bad="<Location /x>\nRequire host example.com\n</Location>\n"
            "<Location /y>\n<RequireAll>\nRequire all granted\nRequire not host a.example\n"
            "</RequireAll>\n</Location>\n",
            good="<Location /x>\nRequire forward-dns www.example.com\nRequire ip 192.0.2.1\n"
            "</Location>\n",
            lines=(2, 7),
        ),
        Example(
            bad="<Location /x>\nOrder allow,deny\nAllow from 192.0.2 .example.com\n</Location>\n",
            lines=(3,),
            also=("DEP801",),
            modules=("access_compat_module",),
        ),
        Example(good="<Location /x>\nRequire local\n</Location>\n"),
    ),
    check=check,
)
