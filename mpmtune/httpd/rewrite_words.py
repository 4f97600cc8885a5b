"""The words of RewriteRule and RewriteCond: mod_rewrite.c, parseargline.

mod_rewrite splits by its own rules: a backslash keeps the blank or the quote behind it, and stays
in the word.
"""

from __future__ import annotations

import re

_WORD = re.compile(
    r"""
    "(?P<double>(?:\\["\s]|[^"])*)"?
    | '(?P<single>(?:\\['\s]|[^'])*)'?
    | (?P<plain>(?:\\\s|\S)+)
    """,
    re.VERBOSE | re.ASCII,
)


def split(args: str) -> tuple[str, ...]:
    """Split the arguments of a rule or a condition."""
    return tuple(match[match.lastgroup or 0] for match in _WORD.finditer(args))
