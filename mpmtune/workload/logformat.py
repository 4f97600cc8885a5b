r"""A LogFormat as mod_log_config reads it: literal text and fields.

Text is latin-1, one character per byte, as the configuration's is.
"""

from __future__ import annotations

from dataclasses import dataclass

from mpmtune.errors import UsageError
from mpmtune.report.safe_text import printable

# mod_log_config.c: log_pre_config; ^FB of mod_logio, c and x of mod_ssl.
_LETTERS = frozenset("aAbBCDefhHiklLmnopPqrRsStTuUvVXIOcx")
_LONG = frozenset({"^ti", "^to", "^FB", "^CU"})
_LONG_LENGTH = 3
_ESCAPES = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
_DIGITS = frozenset("0123456789")

# What the manual and the distributions call so. %O, where it stands, counts headers too.
WELL_KNOWN = {
    "common": '%h %l %u %t "%r" %>s %b',
    "combined": '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
    "combinedio": '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %I %O',
    "vhost_common": '%v %h %l %u %t "%r" %>s %b',
    "vhost_combined": '%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i"',
}


@dataclass(frozen=True, slots=True)
class Field:
    """One ``%`` directive.

    Attributes:
        spelling: As written, ``%{Referer}i``.
        letter: ``i``, ``t``, ``^ti``…
        argument: What stands in braces.
        original: ``%<`` True, ``%>`` False, None without.
        conditional: Written for some statuses only, ``-`` for the others.
    """

    spelling: str
    letter: str
    argument: str = ""
    original: bool | None = None
    conditional: bool = False


LogPart = str | Field


def parse_format(text: str) -> tuple[LogPart, ...]:
    """Split a LogFormat into literal text and fields; neighbouring literals are joined.

    Raises:
        UsageError: where httpd would refuse it, in its words.
    """
    parts: list[LogPart] = []
    at = 0
    while at < len(text):
        part, at = _field(text, at) if text[at] == "%" else _literal(text, at)
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    return tuple(parts)


def fields_of(parts: tuple[LogPart, ...]) -> tuple[Field, ...]:
    """Give the fields alone."""
    return tuple(part for part in parts if isinstance(part, Field))


def _literal(text: str, at: int) -> tuple[str, int]:
    r"""mod_log_config.c: parse_log_misc_string. ``\n``, ``\r``, ``\t`` and ``\\`` are undone."""
    made = ""
    while at < len(text) and text[at] != "%":
        escaped = text[at + 1 : at + 2]
        if text[at] == "\\" and escaped in _ESCAPES:
            made += _ESCAPES[escaped]
            at += 2
        else:
            made += text[at]
            at += 1
    return made, at


def _field(text: str, start: int) -> tuple[LogPart, int]:
    """mod_log_config.c: parse_log_item."""
    if text.startswith("%%", start):
        return "%", start + 2
    argument, original, conditional = "", None, False
    at = start + 1
    while at < len(text):
        char = text[at]
        if char in "!,<>" or char in _DIGITS:
            conditional |= char in _DIGITS
            original = {"<": True, ">": False}.get(char, original)
            at += 1
        elif char == "{":
            argument, _, _ = text[at + 1 :].partition("}")
            at += len(argument) + 2
        else:
            letter = _letter(text, at)
            end = at + len(letter)
            return Field(text[start:end], letter, argument, original, conditional), end
    raise UsageError(
        f"The log format {printable(text)} ends within a field.",
        "httpd says: Ran off end of LogFormat parsing args to some directive.",
    )


def _letter(text: str, at: int) -> str:
    long = text[at : at + _LONG_LENGTH]
    if long in _LONG:
        return long
    if text[at] in _LETTERS:
        return text[at]
    raise UsageError(
        f"The log format has the field %{printable(text[at])}, which httpd does not know.",
        "Give the format as the LogFormat directive has it, without the backslashes before quotes.",
    )
