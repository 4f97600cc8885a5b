"""PHP is handed to FastCGI by a pattern for URLs, past the access rules of directories.

## What it does
Reports ``ProxyPassMatch`` with a pattern for ``.php`` and an ``fcgi://`` URL that holds the path of the
files.

## Why it matters
The request never becomes a file for httpd: ``Require`` in ``<Directory>`` and ``<Files>`` and all
of ``.htaccess`` hold for other files and not for these scripts. ``SetHandler`` in ``<FilesMatch>``
hands over the same scripts after those rules.

## When to ignore it
Where PHP runs on another machine, so that httpd has no files to find.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_with
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.proxy_lines import passes_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.proxy_passes import ProxyPass
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_PHP = re.compile(r"\\\.php")
_BACKEND = re.compile(r"((?:unix:[^|\s]+\|)?fcgi://[\w.:\[\]-]+)(/[^$\s]*)(?:\$1)?")
_WHOLE_PATH = ("^/(.*\\.php(/.*)?)$", "^/(.*\\.php)$", "^/(.+\\.php)$")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the lines that hand scripts over by URL."""
    passes = passes_of(tree)
    for hit in hits:
        said = passes[id(hit)]
        if said.regex and _PHP.search(said.path) and said.url.lower().startswith("fcgi://"):
            yield Violation(
                hit,
                "Access rules of <Directory>, <Files> and .htaccess do not hold for these scripts",
                _fix(tree, hit, said),
            )


def _fix(tree: Tree, hit: Occurrence, said: ProxyPass) -> Fix | None:
    """Use a handler, where the paths that it passes on are surely the same."""
    backend = _BACKEND.fullmatch(said.target)
    if backend is None or said.path not in _WHOLE_PATH or said.parameters or said.located:
        return None
    view = merged_view_of(tree)
    roots = view.server(view.hosts.around(hit)).of_server("documentroot")
    if not roots or split(roots[-1].args)[0].rstrip("/") != backend[2].rstrip("/"):
        return None
    return fix(
        "Hand them over by a handler",
        replace_with(
            hit,
            '<FilesMatch "\\.php$">',
            f'    SetHandler "proxy:{backend[1]}"',
            "</FilesMatch>",
        ),
    )


_FCGI = ("proxy_module", "proxy_fcgi_module")
_ROOT = "DocumentRoot /srv/www/htdocs\n"
_HANDLER = '<FilesMatch "\\.php$">\n    SetHandler "proxy:fcgi://127.0.0.1:9000"\n</FilesMatch>\n'

RULE = Rule(
    code="RWR617",
    name="proxypassmatch-php-to-fcgi",
    severity=Severity.WARNING,
    by_default=False,
    on=("proxypassmatch", "proxypass"),
    references=("mod/mod_proxy_fcgi.html#examples", "mod_proxy.c: proxy_map_location"),
    since="0.1.0",
    examples=(
        Example(
            bad=_ROOT
            + 'ProxyPassMatch "^/(.*\\.php)$" "fcgi://127.0.0.1:9000/srv/www/htdocs/$1"\n',
            fixed_unsafely=_ROOT + _HANDLER,
            lines=(2,),
            modules=_FCGI,
        ),
        Example(
            bad=_ROOT + "ProxyPassMatch ^/app/(.*\\.php)$ fcgi://127.0.0.1:9000/srv/www/run/$1\n",
            lines=(2,),
            modules=_FCGI,
        ),
        Example(
            bad=_ROOT + "ProxyPassMatch ^/(.*\\.php)$ fcgi://127.0.0.1:9000/srv/other/$1\n",
            lines=(2,),
            modules=_FCGI,
        ),
        Example(
            good=_HANDLER + 'ProxyPass "/app/" "fcgi://127.0.0.1:9000/srv/app/"\n',
            modules=_FCGI,
        ),
    ),
    check=check,
)
