"""A directive stands in a section, or at a level, where httpd does not allow it.

## What it does
Reports directives that httpd refuses for their place: by the flags of its command table, or
because the directive's own code does. In a fragment, what stands outside of all sections is not
judged, for the file may be included anywhere. In a ``.htaccess`` whose directory a configuration
that is checked with it serves, what ``AllowOverride`` leaves out counts as well.

## Why it matters
httpd does not start. In a ``.htaccess`` every request below it is answered with status 500.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd import directives
from mpmtune.httpd.directives import ALL_OVERRIDES, RSRC_CONF, find
from mpmtune.httpd.removed import DIRECTIVES
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.model.config import Fault, Level
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Diagnostic, Occurrence, Tree

_CLASSES = {
    "AuthConfig": directives.AUTHCONFIG,
    "FileInfo": directives.FILEINFO,
    "Indexes": directives.INDEXES,
    "Limit": directives.LIMIT,
    "Options": directives.OPTIONS,
}
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
    yield from _conditions(hits)
    for fault in hits.faults:
        hit = fault.occurrence
        if hit is None or hit.name in DIRECTIVES or hit.name in _OWN_RULE:
            continue
        if fault.level is not Level.ERROR:
            if hits.overrides is not None and hits.overrides.allowed_by is not None:
                yield _passed_over(hit, hits.overrides.allowed_by)
            continue
        if hit.enclosing is None and hits.scope is Scope.FRAGMENT:
            continue
        forbidden = _forbidden(hit, hits)
        yield forbidden or Violation(
            hit, f"{fault.text.removesuffix('.')}{_advice(hit, fault)}", word=0
        )


def _conditions(hits: Hits) -> Iterator[Violation]:
    """Tell of ``<IfModule>`` and the like, which are refused where no class at all is allowed."""
    overrides = hits.overrides
    if overrides is None or overrides.context.override:
        return
    refused = (hit for hit in hits if hit.name not in overrides.context.listed)
    yield from filter(None, (_forbidden(hit, hits) for hit in refused))


def _forbidden(hit: Occurrence, hits: Hits) -> Violation | None:
    """Tell of what AllowOverride keeps out of a .htaccess; None for what no AllowOverride lets in."""
    row = find(hit.name)
    overrides = hits.overrides
    if overrides is None or row is None or not row.flags & ALL_OVERRIDES:
        return None
    allowing = overrides.allowed_by
    classes = [name for name, bit in _CLASSES.items() if row.flags & bit]
    needed = "of any kind" if len(classes) == len(_CLASSES) else " or ".join(classes)
    by = "nothing sets AllowOverride" if allowing is None else _said(allowing)
    name = hit.item.spelling.lstrip("<")
    return Violation(
        hit,
        f"{name} needs AllowOverride {needed}, and {by} for this directory: each request answers"
        " 500",
        word=0,
        related=() if allowing is None else (allowing,),
    )


def _said(allowing: Occurrence) -> str:
    return f"AllowOverride is {' '.join(allowing.args.split())}"


def _passed_over(hit: Occurrence, allowing: Occurrence) -> Violation:
    return Violation(
        hit,
        f"{hit.item.spelling.lstrip('<')} is passed over: {_said(allowing)} for this directory",
        word=0,
        severity=Severity.WARNING,
        related=(allowing,),
    )


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


_ALLOWED = "<Directory /srv/www/htdocs>\nAllowOverride {}\nRequire all granted\n</Directory>\n"

RULE = Rule(
    code="SYN903",
    name="directive-in-wrong-context",
    severity=Severity.ERROR,
    on=("<ifmodule", "<ifdefine", "<ifversion", "<iffile", "<ifdirective", "<ifsection"),
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
        Example(
            bad="Require all granted\nErrorDocument 404 /x\n",
            lines=(2,),
            scope=Scope.HTACCESS,
            server=_ALLOWED.format("AuthConfig"),
        ),
        Example(
            bad="Require all granted\n",
            scope=Scope.HTACCESS,
            server=_ALLOWED.format("Nonfatal=All"),
        ),
        Example(
            bad="<IfModule mod_rewrite.c>\nRewriteEngine On\n</IfModule>\n",
            scope=Scope.HTACCESS,
            server=_ALLOWED.format("None\nAllowOverrideList RewriteEngine"),
        ),
        Example(
            good="<IfModule mod_rewrite.c>\nRewriteEngine On\n</IfModule>\n",
            scope=Scope.HTACCESS,
            server=_ALLOWED.format("None\nAllowOverrideList <IfModule"),
        ),
        Example(
            good="ErrorDocument 404 /x\n",
            scope=Scope.HTACCESS,
            server=_ALLOWED.format("None\nAllowOverrideList ErrorDocument"),
        ),
    ),
    check=check,
)
