"""A Location for everything opens what Files sections shut.

## What it does
Reports a ``<Location>`` or ``<LocationMatch>`` that covers all URLs and grants them to everybody,
where the server sends files and a ``<Files>`` or ``<FilesMatch>`` denies some of them.

## Why it matters
httpd merges locations after directories and files, and a ``Require`` there replaces all earlier
ones: ``.htaccess``, ``.htpasswd`` and whatever else was shut is sent again. Grant the
``<Directory>`` instead.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import Admitted
from mpmtune.httpd.rewriting import rule_of
from mpmtune.httpd.sections import Walk, read_section
from mpmtune.httpd.url_mapping import How
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.surroundings import admitted, admitted_by
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mpmtune.httpd.in_force import Configuration
    from mpmtune.httpd.merged_view import MergedView
    from mpmtune.model.config import Occurrence, Tree

_LONGEST = 4096
_PROBE = "/.htpasswd"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each location that opens all files."""
    if not any(hits[name] for name in ("<files", "<filesmatch")):
        return
    view = merged_view_of(tree)
    for hit in _last_of_each_server(hits):
        if admitted_by(view, hit) is not Admitted.ALL:
            continue
        here = view.url(view.hosts.around(hit), _PROBE)
        shut = _shut(view, here)
        if shut is not None and _sends_files(here) and admitted(view, here) is Admitted.ALL:
            yield Violation(
                hit,
                "This is merged last and grants everything: what a <Files> or <FilesMatch> denies is"
                " sent again",
                related=(shut,),
            )


def _last_of_each_server(hits: Hits) -> Iterable[Occurrence]:
    """Give the section for all URLs that each server merges last."""
    last: dict[int, Occurrence] = {}
    for hit in (*hits["<location"], *hits["<locationmatch"]):
        if len(hit.args) <= _LONGEST:
            section = read_section(hit)
            if section.holds("/") and section.holds(_PROBE):
                last[id(hit.enclosing)] = hit
    return last.values()


def _shut(view: MergedView, here: Configuration) -> Occurrence | None:
    """Find a section of files in reach that nobody passes."""
    found = (section.occurrence for section in here.here(Walk.FILES))
    return next((one for one in found if admitted_by(view, one) is Admitted.NONE), None)


def _sends_files(here: Configuration) -> bool:
    mapping = here.mapping
    if mapping is None or mapping.how is not How.FILE:
        return False
    rules = [line for line in mapping.unless if line.name == "rewriterule"]
    return not any({"p", "proxy"} & rule_of(line).flags for line in rules)


_DENIED = "<Directory />\nRequire all denied\n</Directory>\n"
_SITE = f"{_DENIED}DocumentRoot /srv/www/htdocs\n<Directory /srv/www/htdocs>\nRequire all granted\n</Directory>\n"
_SHUT = '<FilesMatch "^\\.ht">\nRequire all denied\n</FilesMatch>\n'
_OPEN = "<Location />\nRequire all granted\n</Location>\n"

RULE = Rule(
    code="SEC303",
    name="location-reopens-denied-tree",
    severity=Severity.ERROR,
    on=("<location", "<locationmatch", "<files", "<filesmatch"),
    whole_tree=True,
    references=("sections.html#merging", "request.c: ap_process_request_internal"),
    since="0.1.0",
    examples=(
        Example(bad=_SITE + _SHUT + _OPEN, good=_SITE + _SHUT, lines=(11,)),
        Example(
            bad=f'{_SITE}{_SHUT}<LocationMatch "/">\nRequire all granted\n</LocationMatch>\n',
            lines=(11,),
        ),
        Example(bad=f"{_SITE}{_SHUT}<VirtualHost *:8080>\n{_OPEN}</VirtualHost>\n", lines=(12,)),
        Example(
            good=f"{_SITE}{_SHUT}<VirtualHost *:8080>\nProxyPass / http://127.0.0.1:8081/\n{_OPEN}"
            "</VirtualHost>\n",
            modules=("proxy_module", "proxy_http_module"),
        ),
        Example(
            good=f"{_SITE}{_SHUT}<VirtualHost *:8080>\nRewriteEngine On\n"
            f"RewriteRule ^ http://127.0.0.1:8081%{{REQUEST_URI}} [P]\n{_OPEN}</VirtualHost>\n",
            modules=("proxy_module", "proxy_http_module", "rewrite_module"),
        ),
        Example(good=_SITE + _SHUT + "<Location />\nRequire ip 192.0.2.0/24\n</Location>\n"),
        Example(good=_SITE + _SHUT + "<Location /pub>\nRequire all granted\n</Location>\n"),
        Example(good=_SITE + _OPEN),
    ),
    check=check,
)
