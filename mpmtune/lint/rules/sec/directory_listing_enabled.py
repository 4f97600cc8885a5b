"""Directories without an index page are listed.

## What it does
Reports ``Options`` that switch ``Indexes`` on where mod_autoindex is loaded, ``All`` included,
unless what else holds at the same place takes it away again. The directory of icons that listings
themselves use may be listed, and so may homes of users while ``UserDir`` gives them no URL.

## Why it matters
A listing shows what no page links to: backups, uploads, the dump that somebody forgot.

## When to ignore it
For a directory that is meant to be browsed, such as a mirror.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.sections import canonical_directory
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_arguments
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.surroundings import around, path_of, section_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_HOMES = ("/home/*/", '"/home/*/')
_SERVER, _ANYWHERE = "", "*"
_LISTING = frozenset({"indexes", "+indexes", "all", "+all"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line by which a directory is listed."""
    if "autoindex_module" not in tree.modules:
        return
    listing = [
        hit
        for hit in hits["options"]
        if _switches_on(hit) and not _is_for_icons(hit) and not _is_for_nobody(hit, hits)
    ]
    if not listing:
        return
    taking = {_place(hit) for hit in hits["options"] if not _switches_on(hit)}
    for hit in listing:
        # Most directories have one line, and no pattern or location is about Options.
        if taking.isdisjoint({_place(hit), _ANYWHERE}) or _counts(tree, hit):
            yield Violation(
                hit,
                "Directories without an index page are listed, whatever lies in them",
                _fix(hit),
            )


def _switches_on(hit: Occurrence) -> bool:
    return not _LISTING.isdisjoint(hit.args.lower().replace('"', " ").split())


def _place(hit: Occurrence) -> str:
    """Give the path that a line is for; ``_ANYWHERE`` for a place that no path tells."""
    section = section_of(hit)
    if section is None:
        return _SERVER
    path = path_of(section)
    if section.name == "<directory" and path:
        return canonical_directory(path)
    return f"URL {path}" if section.name == "<location" and path not in {"", "/"} else _ANYWHERE


def _is_for_icons(hit: Occurrence) -> bool:
    section = section_of(hit)
    return section is not None and path_of(section).rstrip("/").endswith("/icons")


def _is_for_nobody(hit: Occurrence, hits: Hits) -> bool:
    """Whether it is for directories of users who have no URL: UserDir is off, as installed."""
    section = section_of(hit)
    if section is None or hits.scope is not Scope.WHOLE or "/public_html" not in section.args:
        return False
    return section.args.startswith(_HOMES) and not any(
        split(line.args)[:1] not in {("disabled",), ("enabled",)} for line in hits["userdir"]
    )


def _counts(tree: Tree, hit: Occurrence) -> bool:
    """Whether the word is still on once everything that holds there is merged."""
    here = around(merged_view_of(tree), hit)
    if here is None:
        return True
    options = here.find("options")
    return "indexes" in (options.words or ()) and any(line is hit for line in options.lines)


def _fix(hit: Occurrence) -> Fix | None:
    words = split(hit.args)
    if any(word.lower() in {"all", "+all"} for word in words):
        return None
    left = ["-Indexes" if word.lower() == "+indexes" else word for word in words]
    left = [word for word in left if word.lower() != "indexes"]
    return fix("Do not list them", replace_arguments(hit, " ".join(left) or "None"))


def _directory(*lines: str, path: str = "/srv/www/htdocs") -> str:
    return "\n".join((f"<Directory {path}>", *lines, "</Directory>", ""))


_INDEX = ("autoindex_module",)

RULE = Rule(
    code="SEC305",
    name="directory-listing-enabled",
    severity=Severity.WARNING,
    on=("options", "userdir"),
    cis=("2.5", "5.2"),
    references=("mod/core.html#options", "mod/mod_autoindex.html"),
    since="0.1.0",
    examples=(
        Example(
            bad=_directory("Options Indexes FollowSymLinks"),
            fixed_unsafely=_directory("Options FollowSymLinks"),
            lines=(2,),
            modules=_INDEX,
        ),
        Example(
            bad=_directory("Options +Indexes -MultiViews"),
            fixed_unsafely=_directory("Options -Indexes -MultiViews"),
            lines=(2,),
            modules=_INDEX,
        ),
        Example(
            bad="Options Indexes\n",
            fixed_unsafely="Options None\n",
            modules=_INDEX,
        ),
        Example(
            bad="Options +Indexes\n",
            fixed_unsafely="Options -Indexes\n",
            scope=Scope.HTACCESS,
        ),
        Example(
            bad='<LocationMatch "^/pub">\nOptions All\n</LocationMatch>\n',
            lines=(2,),
            modules=_INDEX,
        ),
        Example(
            bad="UserDir public_html\n" + _directory("Options All", path="/home/*/public_html"),
            lines=(3,),
            modules=(*_INDEX, "userdir_module"),
        ),
        Example(good=_directory("Options Indexes FollowSymLinks")),
        Example(
            good=_directory("Options Indexes") + _directory("Options -Indexes"), modules=_INDEX
        ),
        Example(
            good=_directory("Options Indexes", path="/usr/share/apache2/icons"), modules=_INDEX
        ),
        Example(
            good="UserDir disabled\n" + _directory("Options Indexes", path="/home/*/public_html"),
            modules=(*_INDEX, "userdir_module"),
        ),
        Example(good=_directory("Options -Indexes +FollowSymLinks"), modules=_INDEX),
        Example(good=_directory("Options FollowSymLinks"), modules=_INDEX),
    ),
    check=check,
)
