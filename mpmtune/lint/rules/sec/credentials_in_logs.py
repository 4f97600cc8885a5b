"""Passwords and sessions are written into a log.

## What it does
Reports ``LogFormat``, ``CustomLog`` and ``GlobalLog`` that log the headers ``Authorization``,
``Proxy-Authorization``, ``Cookie`` or ``Set-Cookie``, or a variable whose name speaks of a
password, a secret or a token. A ``LogFormat`` that no log uses is not reported.

## Why it matters
Basic authentication sends name and password, merely encoded; a cookie is a session that whoever
reads the log takes over. Logs are copied, kept for long, and read by many.

## When to ignore it
While looking for an error, on a machine of your own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_ITEM = re.compile(r"%[<>!0-9,]*\{([^}]*)\}[<>!0-9,]*(\^?[a-zA-Z]{1,2})")
_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "cookie2", "set-cookie"})
_HEADER_KINDS = frozenset({"i", "o", "^ti", "^to"})
_SECRET = re.compile(r"passw|secret|token|api_?key", re.IGNORECASE)
_VARIABLE_KINDS = frozenset({"e", "n"})
_NICKNAMED = 2  # LogFormat "format" nickname; CustomLog file nickname


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that logs what opens a door."""
    del tree
    used = _nicknames(hits)
    for hit in hits:
        words = split(hit.args)
        at = 0 if hit.name == "logformat" else 1
        if len(words) <= at or (at == 0 and words[1:] and used.isdisjoint(words[1:])):
            continue
        named = _secret_in(words[at])
        if named:
            yield Violation(
                hit,
                f"{named} is logged: whoever reads the log can pass for the client",
                word=at + 1,
            )


def _nicknames(hits: Hits) -> frozenset[str]:
    """Give the nicknames that logs use; of a fragment, those that it defines too."""
    logs = [*hits["customlog"], *hits["globallog"]]
    if hits.scope is not Scope.WHOLE:
        logs += hits["logformat"]
    words = (split(log.args) for log in logs)
    return frozenset(found[1] for found in words if len(found) >= _NICKNAMED)


def _secret_in(text: str) -> str:
    """Find the first item of a format that is a secret, as written."""
    for match in _ITEM.finditer(text):
        name, kind = match.groups()
        if kind in _HEADER_KINDS and name.lower() in _HEADERS:
            return match[0]
        if kind in _VARIABLE_KINDS and _SECRET.search(name):
            return match[0]
    return ""


RULE = Rule(
    code="SEC336",
    name="credentials-in-logs",
    severity=Severity.WARNING,
    on=("logformat", "customlog", "globallog"),
    by_default=False,
    references=("mod/mod_log_config.html#formats", "logs.html"),
    since="0.1.0",
    examples=(
        Example(
            bad='LogFormat "%h %{Authorization}i" bad\nCustomLog /srv/www/logs/a.log bad\n',
            good='LogFormat "%h %l %u %t \\"%r\\" %>s %b" ok\nCustomLog /srv/www/logs/a.log ok\n',
        ),
        Example(bad='CustomLog /srv/www/logs/a.log "%h %!200,304{cookie}i"\n'),
        Example(bad='LogFormat "%h %{Set-Cookie}o"\nTransferLog /srv/www/logs/a.log\n'),
        Example(bad='LogFormat "%h %{DB_PASSWORD}e" bad\n', scope=Scope.FRAGMENT),
        Example(good='LogFormat "%h %{Cookie}i" never\nCustomLog /srv/www/logs/a.log "%h"\n'),
        Example(good='CustomLog /srv/www/logs/a.log "%h %{Cookies-Accepted}i %{lang}C"\n'),
        Example(good='CustomLog /srv/www/logs/a.log "%%{Cookie} %{sec}t"\n'),
    ),
    check=check,
)
