"""How many arguments a directive takes, and httpd's sentence when it has another number.

config.c: invoke_cmd. What follows the arguments of a directive that counts them is one argument
more: there are no trailing comments.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.numbers import parse_flag
from mpmtune.httpd.words import section_argument
from mpmtune.model.config import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mpmtune.httpd.directives import Directive

# Kind → what is said, how many of the words must not be empty, and the most there may be.
_COUNTED = {
    "TAKE1": ("takes one argument", 1, 1),
    "TAKE2": ("takes two arguments", 2, 2),
    "TAKE3": ("takes three arguments", 3, 3),
    "TAKE12": ("takes 1-2 arguments", 1, 2),
    "TAKE23": ("takes two or three arguments", 2, 3),
    "TAKE123": ("takes one, two or three arguments", 1, 3),
    "ITERATE": ("requires at least one argument", 1, None),
}
_BLANK = r"[ \t\n\v\f\r]"
_WORD = r"(?:[^ \t\n\v\f\r\"'][^ \t\n\v\f\r]*|\"[^\"\\]+\"(?=[ \t\n\v\f\r]|\Z))"


def _words(least: int, most: int) -> Callable[[str], object]:
    more = f"(?:{_BLANK}+{_WORD})"
    pattern = f"{_WORD}{more}{{{least - 1},{most - 1}}}"
    return re.compile(pattern).fullmatch


# Texts of arguments that are surely right in number, so that they need not be split; None where
# nothing is counted.
PLAINLY_RIGHT: dict[str, Callable[[str], object] | None] = {
    "RAW_ARGS": None,
    "TAKE_ARGV": None,
    "FLAG": re.compile(f"(?:on|off)(?={_BLANK}|\\Z)", re.IGNORECASE).match,
    "ITERATE": re.compile(_WORD).match,
    "TAKE1": _words(1, 1),
    "TAKE2": _words(2, 2),
    "TAKE3": _words(3, 3),
    "TAKE12": _words(1, 2),
    "TAKE23": _words(2, 3),
    "TAKE123": _words(1, 3),
}


# Sections that take an argument (core.c: unclosed_directive, missing_container_arg).
SECTIONS = frozenset(
    f"<{name}"
    for name in [
        "directory",
        "directorymatch",
        "elseif",
        "files",
        "filesmatch",
        "if",
        "limit",
        "limitexcept",
        "location",
        "locationmatch",
        "virtualhost",
    ]
)


def has_section_argument(args: str) -> bool:
    """Tell at a glance whether a section has its bracket, and something before it."""
    return args.rfind(">") > 0


def section_refusal(row: Directive, args: str) -> tuple[Fault, str] | None:
    """Give httpd's sentence about a section without its bracket or its argument."""
    if row.name.lower() not in SECTIONS or has_section_argument(args):
        return None
    if section_argument(args) is None:
        return Fault.MISSING_BRACKET, f"{row.name}> directive missing closing '>'"
    text = f"{row.name}> directive requires additional arguments"
    return Fault.EMPTY_SECTION_ARGUMENT, text


def refusal(row: Directive, words: Sequence[str]) -> str | None:
    """Give httpd's sentence about the number of arguments, None when it is right.

    Args:
        row: The directive; a kind that counts nothing is always right.
        words: Its arguments, unquoted.
    """
    if row.kind == "FLAG":
        right = bool(words) and parse_flag(words[0]) is not None
        return None if right else f"{row.name} must be On or Off"
    if row.kind == "ITERATE2":
        if len(words) > 1 and words[0]:
            return None
        return _sentence(row, "requires at least two arguments")
    if row.kind not in _COUNTED:
        return None
    phrase, needed, most = _COUNTED[row.kind]
    enough = len(words) >= needed and all(words[:needed])
    if enough and (most is None or len(words) <= most):
        return None
    return _sentence(row, phrase)


def _sentence(row: Directive, phrase: str) -> str:
    return f"{row.name} {phrase}, {row.help}" if row.help else f"{row.name} {phrase}"
