"""Every part of a path is looked up, to see whether it is a symbolic link.

## What it does
Reports ``Options`` in ``<Directory>`` after which, merged with those around it, links are not
followed or only to files of the same owner. Directories that nobody may see are left out.

## Why it matters
Without ``FollowSymLinks`` httpd calls lstat for each directory on the way to a file, for each
request, and remembers nothing. mod_rewrite in directories needs one of the two options as well.

## When to ignore it
Where others may write below this directory: then the check is what protects the rest. The manual
says that it can be got round all the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import Admitted
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.surroundings import around
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_OWNER = "symlinksifownermatch"
# Starts anew, and follows all links: nothing around it has a say.
_PLAIN = re.compile(
    r"(?:(?:Indexes|ExecCGI|Includes(?:NoExec)?|MultiViews) +)*FollowSymLinks", re.IGNORECASE
)


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the last line of each directory that leaves links to be checked."""
    last: dict[int, Occurrence] = {}
    for hit in hits:
        if hit.enclosing is not None and hit.enclosing.name == "<directory":
            last[id(hit.enclosing)] = hit
    view = merged_view_of(tree)
    for hit in last.values():
        if _PLAIN.fullmatch(hit.args):
            continue
        here = around(view, hit)
        if here is None or ("followsymlinks" in here.options and _OWNER not in here.options):
            continue
        if here.authorization.admitted is not Admitted.NONE:
            yield Violation(hit, "Each request looks for links at every directory of its path")


RULE = Rule(
    code="PRF503",
    name="symlink-checks-per-component",
    severity=Severity.INFO,
    by_default=False,
    on=("options",),
    whole_tree=True,
    jointly=True,
    references=("misc/perf-tuning.html#symlinks", "request.c: ap_directory_walk"),
    since="0.1.0",
    examples=(
        Example(
            bad="<Directory /srv/www/htdocs>\nOptions SymLinksIfOwnerMatch\n</Directory>\n",
            good="<Directory /srv/www/htdocs>\nOptions FollowSymLinks\n</Directory>\n",
            lines=(2,),
        ),
        Example(
            bad="<Directory />\nOptions None\n</Directory>\n"
            "<Directory /srv/www/htdocs>\nOptions +FollowSymLinks\nOptions +SymLinksIfOwnerMatch\n"
            "</Directory>\n",
            lines=(2, 6),
        ),
        Example(
            good="<Directory /srv/www/htdocs>\nOptions -Indexes\n</Directory>\n"
            '<Directory "/home/*/htdocs">\nOptions None\n</Directory>\n'
            "<Location /x>\nOptions None\n</Location>\n"
            "<Directory /srv/www/run>\nOptions -FollowSymLinks\nRequire all denied\n</Directory>\n"
        ),
    ),
    check=check,
)
