"""A directive stands in a section, or at a level, where httpd does not allow it.

## What it does
Reports directives that httpd refuses for their place: by the flags of its command table, or
because the directive's own code does. In a fragment, what stands outside of all sections is not
judged, for the file may be included anywhere.

## Why it matters
httpd does not start. In a ``.htaccess`` every request below it is answered with status 500.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.directives import RSRC_CONF, find
from mpmtune.httpd.removed import DIRECTIVES
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.model.config import Fault, Level
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Diagnostic, Occurrence, Tree

# TLS410 tells of these.
_OWN_RULE = frozenset(
    {
        *("sslsessioncache", "sslstaplingcache", "sslrandomseed", "sslpassphrasedialog"),
        *("sslcryptodevice", "sslfips"),
    }
)


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield what httpd refuses for its place, in its own words."""
    del tree
    for fault in hits.faults:
        hit = fault.occurrence
        if hit is None or fault.level is not Level.ERROR or hit.name in DIRECTIVES:
            continue
        if hit.name in _OWN_RULE or (hit.enclosing is None and hits.scope is Scope.FRAGMENT):
            continue
        yield Violation(hit, f"{fault.text.removesuffix('.')}{_advice(hit, fault)}", word=0)


def _advice(hit: Occurrence, fault: Diagnostic) -> str:
    """Say where it may stand, as far as the command table settles that."""
    row = find(hit.name)
    if row is None or "cannot occur" in fault.text:
        return ""
    outside = bool(row.flags & RSRC_CONF)
    if hit.enclosing is not None:
        return ": it belongs outside of such sections" if outside else ""
    if outside:
        return ": it belongs into the server's configuration"
    return ": it belongs into a section such as <Directory>"


RULE = Rule(
    code="SYN903",
    name="directive-in-wrong-context",
    severity=Severity.ERROR,
    on=(),
    faults=frozenset({Fault.NOT_ALLOWED_HERE}),
    httpd_ids=ids("AH00526"),
    references=("mod/directive-dict.html#Context", "config.c: ap_check_cmd_context"),
    since="0.1.0",
    examples=(
        Example(
            bad="<Directory /srv/www/htdocs>\nListen 127.0.0.1:8081\n</Directory>\n",
            good="Listen 127.0.0.1:8081\n",
            lines=(2,),
        ),
        Example(
            bad="<VirtualHost *:80>\nServerName www.example.com\nMaxRequestWorkers 400\n"
            "</VirtualHost>\n",
            good="MaxRequestWorkers 400\n<VirtualHost *:80>\nServerName www.example.com\n"
            "</VirtualHost>\n",
            lines=(3,),
        ),
        Example(
            bad="Require all granted\n", good="<Location />\nRequire all granted\n</Location>\n"
        ),
        Example(bad="DocumentRoot /srv/www/htdocs\n", scope=Scope.HTACCESS),
        Example(good="Require all granted\nServerAlias example.com\n", scope=Scope.FRAGMENT),
        Example(good="Options -Indexes\nRequire all granted\n", scope=Scope.HTACCESS),
    ),
    check=check,
)
