"""Nothing says whether .htaccess files count, and httpd looks for them all the same.

## What it does
Reports a ``DocumentRoot`` for which no ``AllowOverride`` is in force, not even ``None``.

## Why it matters
The manual calls ``None`` the default, but httpd tells an unsaid ``None`` from a written one: unsaid,
it looks for ``.htaccess`` in each directory of each path, and answers 500 when one holds a
directive. Written once for ``/``, ``AllowOverride None`` saves the looking.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, insert_before
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.proxy_lines import server_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.surroundings import path_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield one sentence, about the first DocumentRoot: what mends it mends all."""
    said = {(id(server_of(line)), _section_path(line)) for line in hits["allowoverride"]}
    if (id(None), "") in said:  # of the root, in the main server: said for all
        return
    view = merged_view_of(tree)
    for root in hits["documentroot"]:
        path = (*split(root.args), "")[0]
        servers = (id(None), id(server_of(root)))
        if not path.startswith("/") or any((s, p) in said for p in _up(path) for s in servers):
            continue
        here = view.directory(view.hosts.around(root), path)
        if here.directories and (here.directories[-1], None) in here.htaccess:
            place = (*root.sections(), root)[0]
            lines = ("<Directory />", "    AllowOverride None", "</Directory>")
            yield Violation(
                None,
                f"No AllowOverride is in force in {path}: httpd looks for .htaccess in every"
                " directory, and answers 500 when one holds a directive",
                fix("Say it for all directories", insert_before(place, *lines)),
                related=(root,),
            )
            return


def _section_path(line: Occurrence) -> str:
    """Give the path of the section around a line, the root as an empty text."""
    path = path_of(line.enclosing) if line.enclosing is not None else ""
    return path.rstrip("/") if path else "a pattern"


def _up(path: str) -> Iterator[str]:
    """Give a path and all above it, the root as an empty text."""
    path = path.rstrip("/")
    while path:
        yield path
        path = path.rpartition("/")[0]
    yield ""


_ROOT = "DocumentRoot /srv/www/htdocs\n"
_GRANT = "<Directory /srv/www/htdocs>\nRequire all granted\n</Directory>\n"

RULE = Rule(
    code="PRF513",
    name="htaccess-lookup-left-implicit",
    severity=Severity.WARNING,
    on=("documentroot", "allowoverride"),
    whole_tree=True,
    jointly=True,
    references=("misc/perf-tuning.html#htaccess", "core.c: create_core_dir_config"),
    since="0.1.0",
    examples=(
        Example(
            bad=_ROOT + _GRANT,
            fixed_unsafely="<Directory />\n    AllowOverride None\n</Directory>\n" + _ROOT + _GRANT,
            lines=(0,),
        ),
        Example(
            bad="<Directory /srv/other>\nAllowOverride None\n</Directory>\n"
            "<VirtualHost *:8080>\n" + _ROOT + _GRANT + "</VirtualHost>\n",
            fixed_unsafely="<Directory /srv/other>\nAllowOverride None\n</Directory>\n"
            "<Directory />\n    AllowOverride None\n</Directory>\n"
            "<VirtualHost *:8080>\n" + _ROOT + _GRANT + "</VirtualHost>\n",
            lines=(0,),
        ),
        Example(
            good=_ROOT + '<Directory "/srv/*/htdocs">\nAllowOverride None\n</Directory>\n' + _GRANT
        ),
        Example(good=_ROOT + _GRANT.replace("Require", "AllowOverride None\nRequire")),
    ),
    check=check,
)
