"""Nobody will see what went wrong, or who came.

## What it does
Reports ``ErrorLog /dev/null``, a ``LogLevel`` of ``emerg``, ``alert`` or ``crit``, and servers of
which no ``CustomLog``, ``TransferLog`` or ``GlobalLog`` writes down the requests.

## Why it matters
httpd tells in the error log why a request failed, who was turned away, and that it runs out of
workers: all of it is of a lower level than ``crit``. Without an access log nobody can tell
afterwards what was taken.

## When to ignore it
Where a proxy in front logs the requests; errors are known to httpd alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, remove, replace_word
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_SILENT = frozenset({"emerg", "alert", "crit"})
_NOWHERE = "/dev/null"
_LOGS = ("customlog", "transferlog", "globallog")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield what keeps errors or requests from being written down."""
    del tree
    for hit in hits["errorlog"]:
        if word_in(hit) == _NOWHERE:
            yield Violation(hit, "Errors are thrown away", _inherit(hit, hits), word=1)
    for hit in hits["loglevel"]:
        for at, word in enumerate(split(hit.args), 1):
            if word.lower() in _SILENT:
                yield Violation(
                    hit,
                    f"LogLevel {word} keeps errors of requests and warnings out of the log",
                    fix("Log warnings", replace_word(hit, at, "warn")),
                    word=at,
                )
    if hits.scope is Scope.WHOLE and hits["listen"] and not hits.unknown:
        yield from _unlogged(hits)


def _inherit(hit: Occurrence, hits: Hits) -> Fix | None:
    """Leave a virtual host to the log of the main server, where that is one."""
    main = hits.last("errorlog")
    if hit.enclosing is None or main is None or word_in(main) == _NOWHERE:
        return None
    return fix("Write to the server's error log", remove(hit))


def _unlogged(hits: Hits) -> Iterator[Violation]:
    """Yield the servers without an access log; a virtual host has that of the main server."""
    logging = {id(_server(line)) for name in _LOGS for line in hits[name]}
    if id(None) in logging:
        return
    hosts = hits["<virtualhost"]
    if not logging:
        yield Violation(None, "No CustomLog: nothing writes down which requests came")
        return
    for host in hosts:
        if id(host) not in logging:
            yield Violation(
                host, "No CustomLog, here or for the main server: its requests are not logged"
            )


def _server(line: Occurrence) -> Occurrence | None:
    around = line.sections()
    return next((one for one in around if one.name == "<virtualhost"), None)


_LOG = 'CustomLog /srv/www/logs/access.log "%h %t %>s"\n'

RULE = Rule(
    code="SEC337",
    name="logging-disabled",
    severity=Severity.WARNING,
    on=("errorlog", "loglevel", *_LOGS, "<virtualhost", "listen"),
    by_default=False,
    cis=("6.1", "6.3"),
    stig=("V-214231",),
    references=("logs.html", "mod/core.html#errorlog", "mod/core.html#loglevel"),
    since="0.1.0",
    examples=(
        Example(bad=f"{_LOG}ErrorLog /dev/null\n", lines=(2,)),
        Example(
            bad=f"{_LOG}ErrorLog /srv/www/logs/error.log\n<VirtualHost *:8080>\n"
            "ErrorLog /dev/null\n</VirtualHost>\n",
            fixed_unsafely=f"{_LOG}ErrorLog /srv/www/logs/error.log\n<VirtualHost *:8080>\n"
            "</VirtualHost>\n",
            lines=(4,),
        ),
        Example(
            bad=f"{_LOG}LogLevel crit core:warn\n",
            fixed_unsafely=f"{_LOG}LogLevel warn core:warn\n",
            lines=(2,),
        ),
        Example(bad="Timeout 60\n", lines=(0,)),
        Example(
            bad=f"<VirtualHost *:8080>\n{_LOG}</VirtualHost>\n<VirtualHost *:8081>\n"
            "ServerName b.example.com\n</VirtualHost>\n",
            lines=(4,),
            also=("VHO704",),
        ),
        Example(good=f"{_LOG}ErrorLog /srv/www/logs/error.log\nLogLevel notice core:info\n"),
        Example(good=f"{_LOG}<VirtualHost *:8080>\nErrorLog syslog\n</VirtualHost>\n"),
        Example(good=f"{_LOG}LogLevel warn core:crit\n"),
        Example(good="ErrorLog /srv/www/logs/error.log\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
