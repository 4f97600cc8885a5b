"""Pages may run programs: server-side includes are on, with ``#exec``.

## What it does
Reports ``Options Includes`` where mod_include is loaded, and mod_cgi or mod_cgid with it: one of
those runs what ``#exec`` names. Says so too where ``XBitHack`` or the filter ``INCLUDES`` for
``.html`` makes each page such a one.

## Why it matters
Whoever can put text into a page there, by a form that is not cleaned or an upload, runs commands
as the server's user with ``<!--#exec cmd="…" -->``. ``IncludesNOEXEC`` leaves all the rest as it is.

## When to ignore it
Where pages come from the administrator alone, and need ``#exec``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.surroundings import around
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.in_force import Configuration
    from mpmtune.model.config import Occurrence, Tree

_RUNNERS = frozenset({"cgi_module", "cgid_module"})
_PAGES = frozenset({"html", "htm"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that lets pages run programs."""
    if "include_module" not in tree.modules or _RUNNERS.isdisjoint(tree.modules):
        return
    for hit in hits:
        words = [word.lower() for word in split(hit.args)]
        at = next((n for n, word in enumerate(words, 1) if word.lstrip("+") == "includes"), 0)
        if not at:
            continue
        here = around(merged_view_of(tree), hit)
        if here is not None and not _counts(hit, here):
            continue
        yield Violation(
            hit,
            f"#exec runs programs for {_for_whom(here)}",
            fix("Leave #exec out", replace_word(hit, at, f"{_sign(words[at - 1])}IncludesNOEXEC")),
            word=at,
        )


def _sign(word: str) -> str:
    return "+" if word.startswith("+") else ""


def _counts(hit: Occurrence, here: Configuration) -> bool:
    """Whether the word is still on once everything that holds there is merged."""
    options = here.find("options")
    return "includes" in (options.words or ()) and any(line is hit for line in options.lines)


def _for_whom(here: Configuration | None) -> str:
    if here is not None:
        bit = here.find("xbithack").last
        if bit is not None and bit.args.strip("\"' ").lower() in {"on", "full"}:
            return "whoever writes a page here: XBitHack takes each file that is executable"
        for line in here.find("addoutputfilter").lines:
            filters, *extensions = split(line.args)
            named = {extension.lstrip(".").lower() for extension in extensions}
            if "INCLUDES" in filters.upper().split(";") and not _PAGES.isdisjoint(named):
                return "whoever writes a page here: each .html is parsed"
    return "whoever writes a page that is parsed here"


def _directory(*lines: str) -> str:
    return "\n".join(("<Directory /srv/www/htdocs>", *lines, "</Directory>", ""))


_SSI = ("include_module", "cgid_module")

RULE = Rule(
    code="SEC307",
    name="ssi-with-exec",
    severity=Severity.WARNING,
    on=("options",),
    by_default=False,
    cis=("5.3",),
    references=(
        "misc/security_tips.html#ssi",
        "mod/core.html#options",
        "mod_cgi.c: handle_exec",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad=_directory("Options Includes"),
            fixed_unsafely=_directory("Options IncludesNOEXEC"),
            lines=(2,),
            modules=_SSI,
        ),
        Example(
            bad=_directory("Options FollowSymLinks Includes", "AddOutputFilter INCLUDES .html"),
            fixed_unsafely=_directory(
                "Options FollowSymLinks IncludesNOEXEC", "AddOutputFilter INCLUDES .html"
            ),
            lines=(2,),
            modules=_SSI,
        ),
        Example(
            bad=_directory("XBitHack Full", "AddOutputFilter INCLUDES .shtml", "Options +Includes"),
            fixed_unsafely=_directory(
                "XBitHack Full", "AddOutputFilter INCLUDES .shtml", "Options +IncludesNOEXEC"
            ),
            lines=(4,),
            modules=_SSI,
        ),
        Example(
            bad=_directory("AddOutputFilter INCLUDES .shtml", "Options +Includes"),
            fixed_unsafely=_directory("AddOutputFilter INCLUDES .shtml", "Options +IncludesNOEXEC"),
            lines=(3,),
            modules=_SSI,
        ),
        Example(
            bad='<LocationMatch "^/pub">\nOptions Includes\n</LocationMatch>\n',
            fixed_unsafely='<LocationMatch "^/pub">\nOptions IncludesNOEXEC\n</LocationMatch>\n',
            lines=(2,),
            modules=_SSI,
        ),
        Example(good=_directory("Options IncludesNOEXEC"), modules=_SSI),
        Example(good=_directory("Options Includes"), modules=("include_module",)),
        Example(
            good=_directory("Options Includes") + _directory("Options +IncludesNOEXEC"),
            modules=_SSI,
        ),
        Example(good=_directory("Options -Includes"), modules=_SSI),
    ),
    check=check,
)
