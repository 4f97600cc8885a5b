r"""A pattern for scripts also takes names that only contain the extension.

## What it does
Reports ``SetHandler`` with an interpreter (PHP, CGI, FastCGI, ``proxy:``) in a section whose
pattern is for names with a script's extension and goes on to hold when something follows it:
``<FilesMatch "\.php">``.

## Why it matters
``holiday.php.jpg`` and ``page.phpx`` are then run: an upload that looks like a picture is code.
With a ``$`` at its end the pattern is for the names that are meant.

## When to ignore it
Where nobody but the administrator puts files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.regex import compile_regex
from mpmtune.httpd.words import arguments, spans, split
from mpmtune.lint.fixes import fix, replace_arguments
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.script_handlers import executes, is_for
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_EXTENSIONS = ("php", "phtml", "php5", "php7", "phar", "cgi", "fcgi", "pl", "py", "rb", "lua")
_AFTER = (".jpg", "x")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each handler whose section takes too many names."""
    del tree
    for hit in hits["sethandler"]:
        section = _pattern_around(hit)
        handler = split(hit.args)[:1]
        if section is None or not handler or not executes(handler[0], hits["action"]):
            continue
        name = _taken_by_mistake(hit)
        if name:
            yield Violation(
                section,
                f"This is for {name} as well: a file whose name only contains the extension runs",
                _fix(section),
            )


def _pattern_around(hit: Occurrence) -> Occurrence | None:
    """Give the innermost section around, if it is for names by a regular expression."""
    section = hit.enclosing
    if section is None or not section.name.startswith(("<files", "<location")):
        return None
    words = arguments(section.name, section.args)
    plain = not section.name.endswith("match") and words[:1] != ("~",)
    return None if plain or not words or _is_ended(words[-1]) else section


def _is_ended(pattern: str) -> bool:
    """Whether a pattern surely ends where the name does; most do, and need no closer look."""
    return pattern.endswith("$") and "|" not in pattern and not pattern.endswith("\\$")


def _taken_by_mistake(hit: Occurrence) -> str:
    """Give a name that runs though it does not end as a script does; empty where none is known."""
    if is_for(hit, "x.jpg") is not False:
        return ""  # for all files, on purpose
    for extension in _EXTENSIONS:
        script = f"x.{extension}"
        if is_for(hit, script):
            return next((script + more for more in _AFTER if is_for(hit, script + more)), "")
    return ""


def _fix(section: Occurrence) -> Fix | None:
    """End the pattern where that is enough: not behind the last of several alternatives."""
    words = arguments(section.name, section.args)
    ended = compile_regex(f"{words[-1]}$")
    at = spans(section.args.rstrip(">"))[-1]
    raw = section.args[at[0] : at[1]]
    if ended is None or any(
        ended.matches(f"/x.{extension}.jpg") is not False for extension in _EXTENSIONS
    ):
        return None
    quote = raw[-1] if raw[0] in {'"', "'"} and len(raw) > 1 and raw[-1] == raw[0] else ""
    text = f"{raw[: len(raw) - len(quote)]}${quote}"
    return fix(
        "End the pattern after the extension",
        replace_arguments(section, section.args[: at[0]] + text + section.args[at[1] :]),
    )


_FCGI = ("proxy_module", "proxy_fcgi_module")


def _section(opening: str, handler: str = "proxy:fcgi://127.0.0.1:9000") -> str:
    closing = opening.split(maxsplit=1)[0].strip("<")
    return f"{opening}\n    SetHandler {handler}\n</{closing}>\n"


RULE = Rule(
    code="SEC310",
    name="handler-regex-unanchored",
    severity=Severity.ERROR,
    on=("sethandler", "action"),
    references=("mod/core.html#filesmatch", "mod/mod_mime.html#multipleext"),
    since="0.1.0",
    examples=(
        Example(
            bad=_section('<FilesMatch "\\.php">'),
            fixed_unsafely=_section('<FilesMatch "\\.php$">'),
            modules=_FCGI,
        ),
        Example(
            bad=_section("<Files ~ \\.(php|phtml)>", "application/x-httpd-php"),
            fixed_unsafely=_section("<Files ~ \\.(php|phtml)$>", "application/x-httpd-php"),
            scope=Scope.HTACCESS,
        ),
        Example(bad=_section('<LocationMatch "^/.*\\.php|^/.*\\.phtml">'), modules=_FCGI),
        Example(good=_section('<FilesMatch "\\.php$">'), modules=_FCGI),
        Example(good=_section('<FilesMatch ".+\\.ph(?:ar|p|tml)$">'), modules=_FCGI),
        Example(good=_section('<LocationMatch "^/.+\\.php(/|$)">'), modules=_FCGI),
        Example(good=_section('<FilesMatch ".*">'), modules=_FCGI),
        Example(good=_section('<Files "*.php">'), modules=_FCGI),
        Example(
            good='<FilesMatch "\\.txt">\nSetHandler default-handler\n</FilesMatch>\n'
            "<Location /app>\nSetHandler proxy:fcgi://127.0.0.1:9000\n</Location>\n",
            modules=_FCGI,
        ),
    ),
    check=check,
)
