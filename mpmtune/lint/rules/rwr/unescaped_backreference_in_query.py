"""A part of the path goes into the query string as it is.

## What it does
Reports a ``RewriteRule`` that puts ``$1`` behind a ``?`` without the flag ``B``, when the group may
hold an ampersand or a blank. Redirects are left alone: there, ``B`` would encode twice.

## Why it matters
httpd has decoded the path by then: ``/s/a%26admin=1`` becomes two parameters, and a blank, as in
``/s/a%20b``, makes httpd answer 403 and log AH10410. ``BNP`` alone encodes nothing.

## When to ignore it
Where the application reads the path from ``REQUEST_URI`` and not from the parameter.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from mpmtune.httpd.regex_parts import set_of
from mpmtune.httpd.regex_structure import characters_of
from mpmtune.httpd.rewriting import rule_of
from mpmtune.lint.captures import group_of
from mpmtune.lint.rewrite_edits import with_flag
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_REFERENCE = re.compile(r"(?<!\\)\$([0-9])")
_HARMFUL = set_of("& ")
_ENCODED_BY = frozenset({"b", "bctls", "bne"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the rules whose query string the client can change."""
    del tree
    for hit in hits:
        if "?" in hit.args and "$" in hit.args:
            rule = rule_of(hit)
            left_alone = rule.redirects or rule.negated or rule.flags & _ENCODED_BY
            number = None if left_alone else _open_group(rule.pattern, rule.substitution)
            if number is not None:
                yield Violation(
                    hit,
                    f"${number} goes into the query string as it is: an encoded & adds parameters,"
                    " a blank is refused with 403",
                    with_flag(hit, "B"),
                )


@lru_cache(maxsize=1024)
def _open_group(pattern: str, substitution: str) -> int | None:
    """Give the number of a group that may hold what must be encoded; None where none may."""
    for reference in _REFERENCE.finditer(substitution.partition("?")[2]):
        number = int(reference[1])
        group = group_of(pattern, number)
        characters = None if group is None else characters_of(group.body)
        if characters is not None and characters & _HARMFUL:
            return number
    return None


_ON = "RewriteEngine On\n"

RULE = Rule(
    code="RWR611",
    name="unescaped-backreference-in-query",
    severity=Severity.WARNING,
    on=("rewriterule",),
    references=("rewrite/flags.html#flag_b", "mod_rewrite.c: hook_uri2file"),
    since="0.1.0",
    examples=(
        Example(
            bad=_ON + 'RewriteRule "^/s/(.*)$" "/s.php?q=$1" [L]\n',
            fixed_unsafely=_ON + 'RewriteRule "^/s/(.*)$" "/s.php?q=$1" [L,B]\n',
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            bad=_ON + "RewriteRule ^/s/([^/]+)/(\\d+)$ /s.php?n=$2&q=$1\n",
            fixed_unsafely=_ON + "RewriteRule ^/s/([^/]+)/(\\d+)$ /s.php?n=$2&q=$1 [B]\n",
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            bad="RewriteRule ^ /s.php?q=$0 [BNP]\nRewriteRule . /s.php?q=$0 [BNP]\n",
            fixed_unsafely="RewriteRule ^ /s.php?q=$0 [BNP]\nRewriteRule . /s.php?q=$0 [BNP,B]\n",
            lines=(2,),
            scope=Scope.HTACCESS,
        ),
        Example(
            good=_ON
            + 'RewriteRule "^/s/(\\w[\\w.-]*)$" "/s.php?q=$1" [L]\n'
            + 'RewriteRule "^/t/(.*)$" "/t/$1?x=1" [L]\n'
            + 'RewriteRule "^/u/(.*)$" "/u?q=$1" [R]\n'
            + 'RewriteRule "^/v/(.*)$" "/v?q=$1" [B=\\ &,L]\n'
            + 'RewriteRule "^/w/((?>a&))$" "/w?q=$1"\n'
            + 'RewriteRule "!^/x/(.*)$" "/x?q=$1"\n',
            modules=("rewrite_module",),
        ),
    ),
    check=check,
)
