"""Access is restricted for some methods, and every other one passes.

## What it does
Reports ``<Limit>`` with GET among its methods around ``Require`` or ``Deny`` that keep clients
out, where nothing in the same section does so for the methods that are not listed.

## Why it matters
Any other method is let in unasked: PUT, PATCH, or a made-up word. Static files answer 405 to
those, but scripts, backends and WebDAV run whatever the method is called. ``<LimitExcept>`` names
the methods that are harmless; without any container all of them are judged.

## When to ignore it
Never: a restriction that is meant for reading and is no secret from other methods does not exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd import authorization
from mpmtune.httpd.authorization import Verdict
from mpmtune.httpd.words import arguments
from mpmtune.lint.fixes import fix
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.section_ends import unwrap
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_OTHER = "X-NOT-LISTED"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each container that leaves methods out."""
    excepted = {id(hit.enclosing) for hit in hits["<limitexcept"]}
    denying = {id(hit.enclosing) for hit in hits["deny"]}
    for hit in hits["<limit"]:
        methods = [word.upper() for word in arguments(hit.name, hit.args)]
        if "GET" not in methods:
            continue
        denies = id(hit) in denying and not {id(hit.enclosing)} & (excepted | denying)
        if denies or _lets_others_in(tree, hit):
            yield Violation(
                hit,
                f"Only {', '.join(methods)} are restricted: every other method is let in",
                fix("Restrict all methods", *unwrap(hit)),
            )


def _lets_others_in(tree: Tree, limit: Occurrence) -> bool:
    """Whether Require asks for GET, and nothing asks for a method that is not listed."""
    containers = merged_view_of(tree).containers
    if not any(
        child.name.startswith(("require", "<require")) for child in containers.of(limit).directives
    ):
        return False
    lines = containers.of(limit.enclosing).by_family.get("require", ())
    required = authorization.read(lines, lambda one: containers.of(one).directives).required
    granted = {Verdict.GRANTED}
    return (
        required is not None
        and authorization.possible(required, "GET") != granted
        and authorization.possible(required, _OTHER) == granted
    )


def _directory(text: str) -> str:
    return f"<Directory /srv/www/htdocs>\n{text}</Directory>\n"


_AUTH = ("authn_core_module", "authn_file_module", "auth_basic_module", "authz_user_module")
_BASIC = "AuthType Basic\nAuthName x\nAuthUserFile /srv/www/pw\n"

RULE = Rule(
    code="SEC321",
    name="limit-protects-listed-methods-only",
    severity=Severity.ERROR,
    on=("<limit", "<limitexcept", "deny"),
    cis=("5.7",),
    references=("mod/core.html#limit", "mod/core.html#limitexcept"),
    since="0.1.0",
    examples=(
        Example(
            bad=_directory("<Limit GET POST>\nRequire all denied\n</Limit>\n"),
            fixed_unsafely=_directory("Require all denied\n"),
            lines=(2,),
        ),
        Example(
            bad=f"{_BASIC}<Limit GET>\nRequire valid-user\n</Limit>\n",
            fixed_unsafely=f"{_BASIC}Require valid-user\n",
            lines=(4,),
            scope=Scope.HTACCESS,
        ),
        Example(good=_directory("<LimitExcept GET POST>\nRequire all denied\n</LimitExcept>\n")),
        Example(
            good=_directory(
                "<Limit GET POST>\nRequire ip 192.0.2.0/24\n</Limit>\n"
                "<LimitExcept GET POST>\nRequire all denied\n</LimitExcept>\n"
            )
        ),
        Example(good=_directory("<Limit GET POST>\nRequire all granted\n</Limit>\n")),
        Example(
            good=_directory(f"{_BASIC}<Limit PUT DELETE>\nRequire valid-user\n</Limit>\n"),
            modules=_AUTH,
        ),
    ),
    check=check,
)
