"""An <IfModule> asks for a name that no module has.

## What it does
Reports ``<IfModule>`` with a word that is neither an identifier (``headers_module``) nor a source
file (``mod_headers.c``) of any known module: ``mod_headers``, ``headers``, ``mod_mpm_event.c``.
Capitals count.

## Why it matters
The block is skipped without a word, whatever is loaded. Often security headers or the settings of
the MPM stand in it. With ``!`` it is the other way round: the block always counts.

## When to ignore it
For a module of your own whose name happens to look like one of httpd's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.directives import known_modules
from mpmtune.httpd.words import section_argument
from mpmtune.lint.fixes import fix, replace_arguments
from mpmtune.lint.rule import Example, Hits, Over, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

# Source files that are not called after their identifier.
_SOURCES = {
    "core_module": "core.c",
    "http_module": "http_core.c",
    "ldap_module": "util_ldap.c",
    "mpm_event_module": "event.c",
    "mpm_worker_module": "worker.c",
    "mpm_prefork_module": "prefork.c",
}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the conditions that ask for a near miss of a module's name."""
    for hit in hits:
        asked = (section_argument(hit.args) or "").strip().strip('"')
        name = asked.removeprefix("!")
        meant = None if name in tree.modules else _meant(name)
        if meant is None:
            continue
        always = "always" if asked.startswith("!") else "never"
        sign = "!" if asked.startswith("!") else ""
        yield Violation(
            hit,
            f"No module is called {name}, so this is {always} true: {meant} is meant",
            fix(f"Ask for {meant}", replace_arguments(hit, f"{sign}{meant}>")),
            word=1,
        )


def _meant(name: str) -> str | None:
    """Give the right name for a near miss; None for a right name and for a stranger's."""
    stem = name.removesuffix(".c").removeprefix("mod_").removesuffix("_module").lower()
    module = f"{stem}_module"
    if module not in known_modules():
        return None
    source = _SOURCES.get(module, f"mod_{stem}.c")
    if name in {module, source}:
        return None
    return module if name.endswith("_module") else source


RULE = Rule(
    code="MOD112",
    name="ifmodule-never-true",
    severity=Severity.WARNING,
    on=("<ifmodule",),
    over=Over.WRITTEN,
    references=("mod/core.html#ifmodule", "core.c: start_ifmod"),
    since="0.1.0",
    examples=(
        Example(
            bad="<IfModule mod_headers>\nHeader set X-Test 1\n</IfModule>\n",
            fixed_unsafely="<IfModule mod_headers.c>\nHeader set X-Test 1\n</IfModule>\n",
            modules=("headers_module",),
        ),
        Example(
            bad="<IfModule mod_mpm_event.c>\nThreadsPerChild 25\n</IfModule>\n",
            fixed_unsafely="<IfModule event.c>\nThreadsPerChild 25\n</IfModule>\n",
        ),
        Example(
            bad="<IfModule !mod_SSL.c>\nTimeout 60\n</IfModule>\n",
            fixed_unsafely="<IfModule !mod_ssl.c>\nTimeout 60\n</IfModule>\n",
        ),
        Example(good="<IfModule mod_ssl.c>\nSSLEngine On\n</IfModule>\n"),
        Example(good="<IfModule mpm_worker_module>\nThreadsPerChild 25\n</IfModule>\n"),
        Example(good="<IfModule mod_security2.c>\nSecRuleEngine On\n</IfModule>\n"),
    ),
    check=check,
)
