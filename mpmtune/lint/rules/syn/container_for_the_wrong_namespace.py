"""A section for URLs holds the path of a file, or one for files holds a URL.

## What it does
Reports ``<Location>`` with a path at or below a ``DocumentRoot`` of the configuration, and
``<Directory>`` with a path that an ``Alias`` maps from, when nothing in the configuration says
that there is such a directory.

## Why it matters
``<Location /srv/www/htdocs/admin>`` applies to the address ``/srv/www/htdocs/admin`` on the site,
which nobody asks for. What it was to protect is open, and ``-t`` finds nothing wrong.

## When to ignore it
Where the site really has such an address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import arguments, split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.section_ends import closing_of
from mpmtune.model.finding import Edit, Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_FROM_AND_TO = 2
_LONGEST = 8192  # beyond two PATH_MAX there is no path


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each section whose path is of the other kind."""
    del tree
    mapped = {_plain(a[0]): _plain(a[1]) for a in _aliases(hits)}
    directories = [(hit, _path(hit)) for hit in hits["<directory"]] if mapped else []
    addressed = [(hit, path) for hit, path in directories if path and path in mapped]
    if not (hits["<location"] or addressed):
        return
    roots = {_plain(w) for hit in hits["documentroot"] for w in split(hit.args[:_LONGEST])[:1]}
    files = (roots | set(mapped.values())) - {""}
    above = {parent for place in files for parent in _parents(place)}
    for hit in hits["<location"]:
        path = _path(hit)
        if path and _below(path, roots - {""}):
            yield Violation(
                hit,
                f"<Location {path}> is about an address of the site, not about the directory"
                " below DocumentRoot",
                _fix(hit, "Directory"),
            )
    for hit, path in addressed:
        if not _below(path, files) and path not in above:
            yield Violation(
                hit,
                f"<Directory {path}> is about a directory of the machine, not about the address"
                f" that Alias maps to {mapped[path]}",
                _fix(hit, "Location"),
            )


def _aliases(hits: Hits) -> Iterator[tuple[str, ...]]:
    for hit in (*hits["alias"], *hits["scriptalias"]):
        words = split(hit.args[:_LONGEST])
        if len(words) == _FROM_AND_TO and words[1].startswith("/"):
            yield words


def _path(section: Occurrence) -> str:
    """Give the path of a section; empty for a pattern, and for what is not absolute."""
    words = arguments(section.name, section.args[:_LONGEST])
    plain = len(words) == 1 and words[0].startswith("/") and not set(words[0]) & set("*?[")
    return _plain(words[0]) if plain else ""


def _plain(path: str) -> str:
    return path.rstrip("/")


def _below(path: str, places: set[str]) -> bool:
    """Whether a path is one of the places or lies below one."""
    while path:
        if path in places:
            return True
        path = path.rpartition("/")[0]
    return False


def _parents(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _fix(hit: Occurrence, container: str) -> Fix | None:
    closing = closing_of(hit)
    if closing is None:
        return None
    start = hit.source.text_start(closing)
    return fix(
        f"Use <{container}>",
        replace_word(hit, 0, f"<{container}"),
        Edit(hit.source, start, start + len(closing.spelling), f"</{container}>"),
    )


_ROOT = "DocumentRoot /srv/www/htdocs\n"

RULE = Rule(
    code="SYN915",
    name="container-for-the-wrong-namespace",
    severity=Severity.WARNING,
    by_default=False,
    on=("<location", "<directory", "documentroot", "alias", "scriptalias"),
    references=("sections.html#whichwhen", "mod/core.html#location"),
    since="0.1.0",
    examples=(
        Example(
            bad=_ROOT + "<Location /srv/www/htdocs/admin>\nRequire all denied\n</Location>\n",
            fixed_unsafely=_ROOT
            + "<Directory /srv/www/htdocs/admin>\nRequire all denied\n</Directory>\n",
            lines=(2,),
        ),
        Example(
            bad="Alias /manual /srv/www/htdocs\n"
            "<Directory /manual/>\nRequire all granted\n</Directory>\n",
            fixed_unsafely="Alias /manual /srv/www/htdocs\n"
            "<Location /manual/>\nRequire all granted\n</Location>\n",
            lines=(2,),
        ),
        Example(
            good=_ROOT + "Alias /srv /srv/www/run\n<Directory /srv>\nRequire all denied\n"
            "</Directory>\n<Directory /srv/www>\nRequire all granted\n</Directory>\n"
            "<Location /srv/status>\nRequire local\n</Location>\n"
        ),
    ),
    check=check,
)
