"""mod_cgi is loaded under a threaded MPM.

## What it does
Reports ``LoadModule cgi_module`` under worker and event.

## Why it matters
mod_cgi forks the child that serves the request, with all its threads, once for each script.
mod_cgid has a small process for that. httpd does not refuse the combination; Debian's ``a2enmod
cgi`` picks mod_cgid by itself.

## When to ignore it
With very few CGI requests, where nothing may change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_arguments
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the LoadModule of mod_cgi."""
    del tree
    for hit in hits:
        words = split(hit.args)
        if len(words) > 1 and words[0] == "cgi_module":
            file = words[1].replace("mod_cgi.so", "mod_cgid.so")
            yield Violation(
                hit,
                "mod_cgi forks a whole threaded child for each script: mod_cgid is made for this MPM",
                fix("Load cgid_module", replace_arguments(hit, f"cgid_module {file}")),
                word=1,
            )


RULE = Rule(
    code="MOD104",
    name="mod-cgi-on-threaded-mpm",
    severity=Severity.WARNING,
    on=("loadmodule",),
    mpms=frozenset({Mpm.EVENT, Mpm.WORKER}),
    references=("mod/mod_cgi.html", "mod/mod_cgid.html"),
    since="0.1.0",
    examples=(
        Example(
            bad="LoadModule cgi_module /usr/lib/apache2/modules/mod_cgi.so\n",
            fixed_unsafely="LoadModule cgid_module /usr/lib/apache2/modules/mod_cgid.so\n",
        ),
        Example(
            good="LoadModule cgi_module /usr/lib/apache2/modules/mod_cgi.so\n", mpm=Mpm.PREFORK
        ),
    ),
    check=check,
)
