"""RewriteRule: its arguments as mod_rewrite splits them, and whether it may take a path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from mpmtune.httpd.regex import compile_regex
from mpmtune.httpd.words import BLANKS, split

if TYPE_CHECKING:
    from mpmtune.model.config import Occurrence

_SITE = re.compile("(?:https?|ftp)://", re.IGNORECASE)
_SPECIAL = frozenset("\"'\\")
_ANSWERING = frozenset({"f", "forbidden", "g", "gone", "r", "redirect", "h", "handler"})


@dataclass(frozen=True, slots=True)
class RewriteRule:
    """A RewriteRule.

    Attributes:
        pattern: The regular expression, without the ``!`` before it.
        negated: Whether it must not match.
        substitution: The second argument; ``-`` leaves the path alone.
        flags: Names of its flags in small letters, without values.
    """

    pattern: str
    negated: bool
    substitution: str
    flags: frozenset[str]

    @property
    def proxies(self) -> bool:
        """Whether it leads to a backend."""
        return bool(self.flags & {"p", "proxy"})

    @property
    def redirects(self) -> bool:
        """Whether it answers with a redirect: told to, or its target is the URL of a site."""
        told = bool(self.flags & {"r", "redirect"})
        return told or (bool(_SITE.match(self.substitution)) and not self.proxies)

    @property
    def changes(self) -> bool:
        """Whether it leads elsewhere, or answers by itself."""
        return self.substitution != "-" or bool(self.flags & _ANSWERING)

    def may_take(self, path: str) -> bool:
        """Tell whether it may lead a path elsewhere, its RewriteConds willing."""
        if not self.changes:
            return False
        compiled = compile_regex(self.pattern, ignore_case=bool(self.flags & {"nc", "nocase"}))
        matches = None if compiled is None else compiled.matches(path)
        return True if matches is None else matches is not self.negated


def rule_of(occurrence: Occurrence) -> RewriteRule:
    """Read a RewriteRule: mod_rewrite.c, cmd_rewriterule."""
    return _read(occurrence.args)


@lru_cache(maxsize=4096)
def _read(args: str) -> RewriteRule:
    """The same rule often stands in every virtual host, and several ask for it."""
    pattern, substitution, flags = rewrite_words(args)
    negated = pattern.startswith("!")
    names = (flag.partition("=")[0].strip().lower() for flag in flags.strip("[]").split(","))
    return RewriteRule(
        pattern[negated:], negated, substitution, frozenset(name for name in names if name)
    )


@lru_cache(maxsize=4096)
def rewrite_words(args: str) -> tuple[str, str, str]:
    """Split up to three arguments: mod_rewrite.c, parseargline.

    Quotes count only where they begin an argument, and a backslash only before a blank; both
    stay in what they are in.
    """
    if _SPECIAL.isdisjoint(args):
        pattern, substitution, flags, *_ = (*split(args), "", "", "")
        return pattern, substitution, flags
    words: list[str] = []
    at = 0
    while len(words) < 3:  # noqa: PLR2004 - pattern, substitution, flags
        at = _after_blanks(args, at)
        quote = args[at] if args[at : at + 1] in {'"', "'"} and args[at:] else ""
        end = _end(args, at + len(quote), quote)
        words.append(args[at + len(quote) : end])
        at = end + 1
    return words[0], words[1], words[2]


def _after_blanks(args: str, at: int) -> int:
    while at < len(args) and args[at] in BLANKS:
        at += 1
    return at


def _end(args: str, at: int, quote: str) -> int:
    while at < len(args):
        one = args[at]
        if one == quote or (one in BLANKS and not quote):
            return at
        at += 2 if one == "\\" and args[at + 1 : at + 2] in BLANKS and args[at + 1 :] else 1
    return len(args)
