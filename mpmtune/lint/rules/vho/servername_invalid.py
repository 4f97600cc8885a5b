"""A ServerName or ServerAlias can never be what a request asks for.

## What it does
Reports ``ServerName`` with a wildcard, which httpd refuses, or with a port that is none; and what
it accepts and never finds: a path or a final dot in either, letters outside of ASCII, and a scheme
or a port in ``ServerAlias``. A scheme and a port in ``ServerName`` are right.

## Why it matters
A refused line keeps httpd from starting. With the others the request goes to the first virtual
host of the address, and ``-t`` is silent.

## When to ignore it
Never.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.path_patterns import is_pattern
from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_MOST = 65535
# By far the most names; nothing is wrong with them.
_USUAL = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each name that is refused, or never found."""
    del tree
    for name, wrong_with in (("servername", _wrong_name), ("serveralias", _wrong_alias)):
        for line in hits[name]:
            for number, word in enumerate(split(line.args), 1):
                wrong = "" if _USUAL.fullmatch(word) else wrong_with(word)
                if wrong:
                    yield Violation(line, wrong, word=number)


def _wrong_name(word: str) -> str:
    return _refused(word) or _never_asked(word.rpartition("://")[2].partition(":")[0])


def _wrong_alias(word: str) -> str:
    return _beside_a_name(word) or _never_asked(word)


def _refused(word: str) -> str:
    """core.c: server_hostname_port."""
    if is_pattern(word):
        return "httpd refuses a wildcard here: ServerAlias takes them"
    _, colon, port = word.rpartition("://")[2].partition(":")
    return (
        f"{port or 'nothing'} is no port: httpd refuses it" if colon and not _is_port(port) else ""
    )


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:6]) <= _MOST


def _beside_a_name(word: str) -> str:
    if "://" in word:
        return f"{word} is never asked for: a ServerAlias has no scheme"
    return f"{word} is never asked for: a ServerAlias has no port" if ":" in word else ""


def _never_asked(name: str) -> str:
    if "/" in name:
        return f"{name} is never asked for: a name has no path"
    if name.endswith("."):
        return f"{name} is never asked for: httpd takes the dot off what a request asks for"
    if not name.isascii():
        return "This is never asked for: browsers write such names in ASCII, as xn--"
    return ""


_HOST = "<VirtualHost *:8080>\nServerName {}\n</VirtualHost>\n"
_ALIAS = "<VirtualHost *:8080>\nServerName www.example.com\nServerAlias {}\n</VirtualHost>\n"

RULE = Rule(
    code="VHO708",
    name="servername-invalid",
    severity=Severity.ERROR,
    by_default=False,
    on=("servername", "serveralias"),
    references=(
        "mod/core.html#servername",
        "core.c: server_hostname_port",
        "vhost.c: fix_hostname",
    ),
    since="0.1.0",
    examples=(
        Example(bad=_HOST.format("*.example.com"), good=_ALIAS.format("*.example.com"), lines=(2,)),
        Example(bad="ServerName www.example.com:http\n"),
        Example(bad=_HOST.format("www.example.com/shop"), lines=(2,)),
        Example(bad=_HOST.format("https://www.example.com/"), lines=(2,), scope=Scope.FRAGMENT),
        Example(bad=_HOST.format("www.example.com."), lines=(2,)),
        Example(bad=_ALIAS.format("example.com example.com:8080"), lines=(3,)),
        Example(bad=_ALIAS.format("https://example.com"), lines=(3,)),
        Example(bad=_ALIAS.format("bücher.example"), lines=(3,)),
        Example(good=_HOST.format("https://www.example.com:443")),
        Example(good=_ALIAS.format("example.com *.example.net xn--bcher-kva.example a_b")),
    ),
    check=check,
)
