"""The client chooses the backend that a request is passed to.

## What it does
Reports ``RewriteRule`` with flag ``P`` and ``ProxyPassMatch`` whose host holds what the client
sends: a capture that may be a host name or bring its own ``@`` or dot (``http://app$1``), or a
variable such as ``%{HTTP:X-Backend}`` that no ``RewriteCond`` looks at. Not reported are maps,
captures that can only begin with a slash or are one of a few words, and ``%{HTTP_HOST}`` where the
virtual host answers for its own names alone.

## Why it matters
Whoever sends a URL makes the server fetch any other one, from inside the network: the metadata of
a cloud machine, an administration page, a database.

## When to ignore it
Where a firewall lets this server reach nothing but the backends that are meant.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.rewriting import rule_of
from mpmtune.httpd.words import arguments, split
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.proxy_targets import Pattern, chosen_by_client, conditions_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.surroundings import section_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_PROXIES = re.compile(r"\bp(?:roxy)?\b", re.IGNORECASE)
_OWN_NAMES = frozenset({"%{HTTP_HOST}", "%{SERVER_NAME}"})
_TWO = 2


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each target whose host the client has a say in."""
    for line, reference in (*_rewritten(hits), *_matched(hits)):
        own_name = reference is not None and reference.upper() in _OWN_NAMES
        if reference is None or (own_name and not _takes_any_name(tree, hits, line)):
            continue
        yield Violation(
            line,
            f"{reference} lets the client choose the host that this is passed to",
            word=2,
        )


def _rewritten(hits: Hits) -> Iterator[tuple[Occurrence, str | None]]:
    proxying = {id(one.enclosing) for one in hits["rewriterule"] if _seems_to_proxy(one)}
    if not proxying:
        return
    rules = [one for one in hits["rewriterule"] if id(one.enclosing) in proxying]
    conditions = [one for one in hits["rewritecond"] if id(one.enclosing) in proxying]
    for line, conditioned in conditions_of(rules, conditions):
        rule = rule_of(line)
        if rule.flags & {"p", "proxy"} and not rule.negated:
            captured = Pattern(
                rule.pattern,
                begins_with_slash=section_of(line) is None and _in_server(line, hits),
                ignore_case=bool(rule.flags & {"nc", "nocase"}),
            )
            yield line, chosen_by_client(rule.substitution, captured, conditioned)


def _seems_to_proxy(rule: Occurrence) -> bool:
    """Whether the last bracket may name the flag: most rules are told apart by that alone."""
    return _PROXIES.search(rule.args.rpartition("[")[2]) is not None


def _in_server(line: Occurrence, hits: Hits) -> bool:
    """Whether a rule sees the whole path; in a directory the part up to there is taken off."""
    return line.enclosing is not None or hits.scope is not Scope.HTACCESS


def _matched(hits: Hits) -> Iterator[tuple[Occurrence, str | None]]:
    for line in hits["proxypassmatch"]:
        words = list(split(line.args))
        section = section_of(line)
        if section is not None:
            words = [*arguments(section.name, section.args)[-1:], *words]
        if len(words) >= _TWO:
            yield line, chosen_by_client(words[1], Pattern(words[0], begins_with_slash=True))


def _takes_any_name(tree: Tree, hits: Hits, line: Occurrence) -> bool:
    """Whether requests for names that nobody chose come here, and keep that name."""
    if hits.scope is not Scope.WHOLE or hits["usecanonicalname"]:
        return False
    view = merged_view_of(tree)
    host = view.hosts.around(line)
    if host is None or any("*" in alias for alias in host.aliases):
        return True
    return any(hosts.first is host for hosts in view.hosts.lists)


_PROXY = ("proxy_module", "proxy_http_module")
_REWRITE = ("rewrite_module", *_PROXY)


def _rules(*lines: str) -> str:
    return "\n".join(("RewriteEngine On", *lines, ""))


RULE = Rule(
    code="SEC316",
    name="proxy-target-from-request",
    severity=Severity.ERROR,
    on=("rewriterule", "rewritecond", "proxypassmatch", "usecanonicalname"),
    jointly=True,
    references=(
        "rewrite/proxy.html",
        "mod/mod_proxy.html#proxypassmatch",
        "https://cve.mitre.org/cgi-bin/cvename.cgi?name=CVE-2011-3368",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad=_rules('RewriteRule "^/fetch/(.*)$" "http://$1" [P]'),
            good=_rules('RewriteRule "^/fetch/(.*)$" "http://127.0.0.1:8081/$1" [P]'),
            lines=(2,),
            modules=_REWRITE,
        ),
        Example(
            bad='ProxyPassMatch "^/app(.*)$" "http://127.0.0.1:8081$1"\n',
            good='ProxyPassMatch "^/app(/.*)?$" "http://127.0.0.1:8081$1"\n',
            modules=_PROXY,
        ),
        Example(
            bad=_rules("RewriteRule ^ http://%{HTTP:X-Backend}/ [P]"), lines=(2,), modules=_REWRITE
        ),
        Example(
            bad=_rules(
                "RewriteCond %{QUERY_STRING} ^url=(.+)$", "RewriteRule ^/get$ http://%1 [P,L]"
            ),
            lines=(3,),
            modules=_REWRITE,
        ),
        Example(
            bad=_rules("RewriteRule (.*) http://127.0.0.1:8081$1 [P]"),
            lines=(2,),
            scope=Scope.HTACCESS,
        ),
        Example(
            bad=_rules("RewriteRule ^ http://%{HTTP_HOST}:8081%{REQUEST_URI} [P]"),
            lines=(2,),
            modules=_REWRITE,
        ),
        Example(good=_rules("RewriteRule ^(.*)$ http://127.0.0.1:8081$1 [P]"), modules=_REWRITE),
        Example(
            good=_rules("RewriteRule ^/(red|blue)/(.*)$ http://$1.internal/$2 [P]"),
            modules=_REWRITE,
        ),
        Example(
            good=_rules("RewriteMap to txt:/srv/www/run/map", "RewriteRule ^/(.*) ${to:$1}/$1 [P]"),
            scope=Scope.FRAGMENT,
        ),
        Example(
            good=_rules(
                "RewriteCond %{HTTP_HOST} ^(www\\.)?example\\.com$",
                "RewriteRule ^(.*)$ http://%{HTTP_HOST}:8081$1 [P]",
            ),
            modules=_REWRITE,
        ),
        Example(
            good="<VirtualHost *:8080>\nServerName a.example.com\n</VirtualHost>\n"
            "<VirtualHost *:8080>\nServerName b.example.com\n"
            + _rules("RewriteRule ^(.*)$ http://%{HTTP_HOST}:8081$1 [P]")
            + "</VirtualHost>\n",
            modules=_REWRITE,
        ),
        Example(
            good=_rules(
                "RewriteCond %{HTTP_HOST} ^([^.]+)\\.example\\.com$",
                "RewriteRule ^(.*)$ http://%1.internal$1 [P]",
            ),
            modules=_REWRITE,
        ),
        Example(
            good=_rules("RewriteRule ^/go/(.*)$ http://www.example.com/$1 [R]"), modules=_REWRITE
        ),
        Example(
            good='ProxyPassMatch "^(/.*\\.php)$" "fcgi://127.0.0.1:9000/srv/www/htdocs$1"\n',
            modules=("proxy_module", "proxy_fcgi_module"),
        ),
    ),
    check=check,
)
