"""Patterns that PCRE2 surely refuses to compile, found without PCRE2.

This is no compiler: it finds what does not balance and what repeats nothing, and gives the
benefit of the doubt to everything else. Whatever it names, httpd refuses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_GIVE_UP = re.compile(r"\(\?(?:\(|C|[a-zA-Z^-]*x)|\(\*[a-z]")
_INTRODUCTION = re.compile(r"\(\?(?:<[=!]|[:=!>|]|[a-zA-Z^-]*:)?")
_VERB = re.compile(r"\(\*[A-Z_0-9:=]*\)")
_BRACES = re.compile(r"\{([0-9]{1,9})(?:(,)([0-9]{0,9}))?\}")
_POSIX = re.compile(r"\[([:.=])(?:[^\]\\:.=]|\\.)*\1\]")
_MOST_REPEATS = 65535
_WITH_BRACES = frozenset("xpPgkNo")
_ASSERTIONS = frozenset("bBAzZGK")


class _Wrong(Exception):  # noqa: N818 - an answer, not a fault
    """What is wrong with the pattern."""


@lru_cache(maxsize=1024)
def problem(pattern: str) -> str | None:
    """Say why a pattern cannot be compiled; None when nothing is surely wrong.

    Returns:
        The end of a sentence, such as "the parenthesis at 4 is not closed"; places count
        characters from 1.
    """
    if _GIVE_UP.search(pattern):
        return None
    try:
        _Scan(pattern).run()
    except _Wrong as wrong:
        return str(wrong)
    return None


@dataclass(slots=True)
class _Scan:
    """One pass over a pattern.

    Attributes:
        pattern: The pattern.
        at: Where the pass is.
        repeatable: Whether what was just passed can be repeated.
    """

    pattern: str
    at: int = 0
    repeatable: bool = False

    def run(self) -> None:
        opened: list[int] = []
        while self.at < len(self.pattern):
            char = self.pattern[self.at]
            if char == "(":
                self._open(opened)
            elif char == ")":
                self._close(opened)
            else:
                self._one(char)
        if opened:
            raise _Wrong(f"the parenthesis at {opened[-1] + 1} is not closed")

    def _one(self, char: str) -> None:
        """Pass one item that is no parenthesis."""
        if char == "\\":
            self._escape()
        elif char == "[":
            self._set()
        elif char in "*+?":
            self._repeat(self.at + 1)
        elif char == "{" and (braces := _BRACES.match(self.pattern, self.at)):
            self._check_counts(braces)
            self._repeat(braces.end())
        else:
            self.repeatable = char not in "|^$"
            self.at += 1

    def _open(self, opened: list[int]) -> None:
        pattern, at = self.pattern, self.at
        if pattern.startswith("(?#", at):
            end = pattern.find(")", at)
            if end < 0:
                raise _Wrong(f"the comment at {at + 1} is not closed")
            self.at = end + 1
            return
        verb = _VERB.match(pattern, at)
        if verb:
            self.at, self.repeatable = verb.end(), False
            return
        opened.append(at)
        introduction = _INTRODUCTION.match(pattern, at)
        self.at = introduction.end() if introduction else at + 1
        self.repeatable = False

    def _close(self, opened: list[int]) -> None:
        if not opened:
            raise _Wrong(f"no parenthesis is open at {self.at + 1}")
        opened.pop()
        self.at, self.repeatable = self.at + 1, True

    def _escape(self) -> None:
        pattern, at = self.pattern, self.at
        letter = pattern[at + 1 : at + 2]
        if not letter:
            raise _Wrong("it ends in a backslash")
        if letter == "Q":
            end = pattern.find("\\E", at)
            self.at = end + 2 if end >= 0 else len(pattern)
            self.repeatable = True
            return
        self.at = at + 2
        if letter == "E":
            return
        if letter in _WITH_BRACES and pattern.startswith("{", self.at):
            end = pattern.find("}", self.at)
            self.at = end + 1 if end >= 0 else self.at
        self.repeatable = letter not in _ASSERTIONS

    def _set(self) -> None:
        pattern, start = self.pattern, self.at
        if _POSIX.match(pattern, start):
            raise _Wrong(f"the class at {start + 1} counts within brackets only")
        at = start + (2 if pattern.startswith("^", start + 1) else 1)
        if pattern.startswith("]", at):
            at += 1
        while at < len(pattern) and pattern[at] != "]":
            posix = _POSIX.match(pattern, at)
            if pattern.startswith("\\Q", at):
                end = pattern.find("\\E", at)
                at = end + 2 if end >= 0 else len(pattern)
            elif posix:
                at = posix.end()
            else:
                at += 2 if pattern[at] == "\\" else 1
        if at >= len(pattern):
            raise _Wrong(f"the bracket at {start + 1} is not closed")
        self.at, self.repeatable = at + 1, True

    def _check_counts(self, braces: re.Match[str]) -> None:
        least, comma, most = braces.groups()
        highest = int(most) if comma and most else int(least)
        if max(int(least), highest) > _MOST_REPEATS:
            raise _Wrong(f"the number at {braces.start() + 1} is above {_MOST_REPEATS}")
        if highest < int(least):
            raise _Wrong(f"the numbers at {braces.start() + 1} are out of order")

    def _repeat(self, end: int) -> None:
        if not self.repeatable:
            raise _Wrong(f"there is nothing to repeat at {self.at + 1}")
        self.at = end + (1 if self.pattern[end : end + 1] in {"?", "+"} else 0)
        self.repeatable = False
