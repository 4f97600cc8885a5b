"""A time-out is written in a unit that httpd does not read.

## What it does
Reports a ``KeepAliveTimeout`` of 1000 or more without a unit, which httpd takes for seconds. Of
``Timeout`` and ``ProxyTimeout``, which know no units at all, it reports those with one, and, as a
warning, numbers that look like milliseconds.

## Why it matters
``KeepAliveTimeout 5000`` keeps an idle connection for 83 minutes. ``Timeout 5min`` is five
seconds and ``Timeout 500ms`` more than eight minutes: httpd reads the digits, drops the rest and
says nothing.

## When to ignore it
Where requests really take that many seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.names import manual
from mpmtune.httpd.numbers import atoi, parse_timeout
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import integer_in, word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_MANY = 1000
_MILLISECONDS_END_IN = 500
_HALF_AN_HOUR = 1800
_SECOND = 10**6
_MINUTE = 60
_UNITLESS = ("timeout", "proxytimeout")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each time-out whose unit is mistaken."""
    del tree
    for hit in hits["keepalivetimeout"]:
        number = integer_in(word_in(hit))
        if number is not None and number >= _MANY:
            yield Violation(
                hit,
                f"KeepAliveTimeout {number} is {_span(number)}, as httpd reads seconds",
                fix("Make it milliseconds", replace_word(hit, 1, f"{number}ms")),
                word=1,
            )
    for hit in (hit for name in _UNITLESS for hit in hits[name]):
        yield from _unitless(hit)


def _unitless(hit: Occurrence) -> Iterator[Violation]:
    """Judge one of the directives that take whole seconds; mod_proxy.c and core.c: atoi."""
    name, word = manual(hit.name), word_in(hit)
    number = integer_in(word)
    if word and number is None:
        text = f"{name} knows no units: {word} is read as {atoi(word)} seconds"
        yield Violation(hit, text, _in_seconds(hit, word), word=1)
    elif number is not None and _looks_like_milliseconds(number):
        yield Violation(
            hit,
            f"{name} {number} is {_span(number)}, as httpd reads seconds",
            fix("Make it seconds", replace_word(hit, 1, str(number // _MANY))),
            word=1,
            severity=Severity.WARNING,
        )


def _looks_like_milliseconds(number: int) -> bool:
    """Whole and half seconds; not whole hours and half ones, which are meant as seconds."""
    round_number = number % _MILLISECONDS_END_IN == 0 and number % _HALF_AN_HOUR != 0
    return number >= _MANY and round_number


def _in_seconds(hit: Occurrence, word: str) -> Fix | None:
    microseconds = parse_timeout(word)
    if not microseconds or microseconds % _SECOND:
        return None
    seconds = microseconds // _SECOND
    return fix(f"Write it as {seconds} seconds", replace_word(hit, 1, str(seconds)))


def _span(seconds: int) -> str:
    minutes = seconds // _MINUTE
    hours = minutes // _MINUTE
    return f"{minutes} minutes" if hours <= 1 else f"{hours} hours"


RULE = Rule(
    code="KAL203",
    name="keepalive-timeout-unit-mistake",
    severity=Severity.ERROR,
    on=("keepalivetimeout", *_UNITLESS),
    references=(
        "mod/core.html#keepalivetimeout",
        "mod/core.html#timeout",
        "core.c: set_timeout",
        "mod_proxy.c: set_proxy_timeout",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad="KeepAliveTimeout 5000\n",
            fixed_unsafely="KeepAliveTimeout 5000ms\n",
            also=("KAL202",),
        ),
        Example(bad="Timeout 2min\n", fixed_unsafely="Timeout 120\n"),
        Example(
            bad="ProxyTimeout 30000\n",
            fixed_unsafely="ProxyTimeout 30\n",
            modules=("proxy_module",),
        ),
        Example(bad="Timeout 500ms\n", also=("KAL206",), good="Timeout 60\n"),
        Example(good="KeepAliveTimeout 500ms\nTimeout 120\n"),
        Example(good="ProxyTimeout 3600\n", modules=("proxy_module",)),
    ),
    check=check,
)
