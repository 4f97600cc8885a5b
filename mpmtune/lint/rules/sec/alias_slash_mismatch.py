"""An Alias whose URL ends in a slash and whose directory does not.

## What it does
Reports ``Alias`` and ``ScriptAlias`` whose URL path ends in ``/`` while the path behind it does
not and seems to be no single file. The other way round does no harm: httpd then joins the two with
one slash too many, and file systems ignore it.

## Why it matters
httpd takes the URL path off and puts the directory in its place: with ``Alias /img/ /srv/img``
the URL ``/img/logo.png`` becomes ``/srv/imglogo.png``, and ``/img/-old/x`` becomes
``/srv/img-old/x``. Files are not found, and directories beside the one that is meant can be read.

## When to ignore it
Never.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.words import spans, split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_BOTH = 2
_FILE = re.compile(r"\.[A-Za-z]{2,5}\Z")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that glues names together."""
    del tree
    for hit in hits:
        words = split(hit.args)
        if len(words) != _BOTH or not words[0].endswith("/") or words[1].endswith("/"):
            continue
        if "%{" not in words[1] and not _FILE.search(words[1]):
            yield Violation(
                hit,
                f"{words[0]}x is looked for at {words[1]}x: directories beside {words[1]} are in"
                " reach",
                _fix(hit),
                word=2,
            )


def _fix(hit: Occurrence) -> Fix | None:
    start, end = spans(hit.args)[1]
    raw = hit.args[start:end]
    quote = raw[-1] if len(raw) > 1 and raw[0] == raw[-1] and raw[0] in "\"'" else ""
    text = f"{raw[: len(raw) - len(quote)]}/{quote}"
    return fix("End the directory in a slash too", replace_word(hit, 2, text))


RULE = Rule(
    code="SEC324",
    name="alias-slash-mismatch",
    severity=Severity.ERROR,
    on=("alias", "scriptalias"),
    references=("mod/mod_alias.html#alias", "mod_alias.c: alias_matches"),
    since="0.1.0",
    examples=(
        Example(
            bad="Alias /img/ /srv/www/run\n",
            fixed_unsafely="Alias /img/ /srv/www/run/\n",
        ),
        Example(
            bad='ScriptAlias "/cgi-bin/" "/srv/www/run"\n',
            fixed_unsafely='ScriptAlias "/cgi-bin/" "/srv/www/run/"\n',
        ),
        Example(good="Alias /img /srv/www/run/\n"),
        Example(good="Alias /img /srv/www/run\nAlias /i/ /srv/www/run/\n"),
        Example(good="Alias /favicon.ico /srv/www/htdocs/i.png\n"),
        Example(good="Alias /closed/ /srv/www/htdocs/closed.html\n"),
        Example(good="<Location /img/>\nAlias /srv/www/run\n</Location>\n"),
        Example(good="AliasMatch ^/img/(.*) /srv/www/run/$1\n"),
    ),
    check=check,
)
