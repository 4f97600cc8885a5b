"""The words of Options, and why httpd refuses some of them: core.c, set_options."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MIXED_SIGNS = "Either all Options must start with + or -, or no Option may."

_ALONE = {"all": "'Options All' must be the first option given."} | {
    "none": "'Options None' must be the first Option given."
}
_KNOWN = frozenset(
    {
        "indexes",
        "includes",
        "includesnoexec",
        "followsymlinks",
        "symlinksifownermatch",
        "execcgi",
        "multiviews",
        "runscripts",
    }
)
_WORD = f"(?:{'|'.join(sorted(_KNOWN))})"
_BLANKS = r"[ \t\n\v\f\r]+"

plainly_right = re.compile(
    f"none|all|{_WORD}(?:{_BLANKS}{_WORD})*|[+-]{_WORD}(?:{_BLANKS}[+-]{_WORD})*", re.IGNORECASE
).fullmatch
"""Raw arguments that are surely taken, so that they need not be split."""


def refusal(words: Sequence[str]) -> str | None:
    """Give httpd's sentence about the arguments of Options; None when it takes them.

    After a leading ``All`` or ``None``, the first sign may come at any place.
    """
    signed = False
    free = bool(words) and words[0].lower() in _ALONE
    for number, word in enumerate(words):
        sign, name = (word[0], word[1:]) if word[:1] in {"+", "-"} else ("", word)
        begins = bool(sign) and not signed
        if (begins and number and not free) or (signed and not sign):
            return MIXED_SIGNS
        signed = signed or begins
        problem = _problem(name, first=number == 0, signed=signed)
        if problem:
            return problem
    return None


def not_allowed(words: Sequence[str], allowed: frozenset[str]) -> str | None:
    """Give httpd's sentence about an option that ``AllowOverride Options=`` leaves out.

    Args:
        words: The arguments of Options, which ``refusal`` has nothing against.
        allowed: The options that are allowed, in small letters.
    """
    for word in words:
        name = word.lstrip("+-")
        if name.lower() not in allowed | {"none"}:
            return f"Option {name} not allowed here"
    return None


def _problem(name: str, *, first: bool, signed: bool) -> str | None:
    folded = name.lower()
    if folded in _ALONE:
        if not first:
            return _ALONE[folded]
        plain = folded.capitalize()
        return f"You may not use 'Options +{plain}' or 'Options -{plain}'." if signed else None
    return None if folded in _KNOWN else f"Illegal option {name}"
