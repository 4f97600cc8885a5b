"""Anybody may write and delete files.

## What it does
Reports ``Dav`` that is on where no ``Require`` turns anonymous clients away from ``PUT`` and
``DELETE``, and no ``AuthzSVNAccessFile`` decides.

## Why it matters
Every client can then put a page, or a script that runs, where it likes, and take away the rest.

## When to ignore it
Never, unless each client that reaches the server may write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import Admitted, access
from mpmtune.httpd.authorization import Verdict, possible
from mpmtune.httpd.words import split
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.surroundings import around
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.in_force import Configuration
    from mpmtune.model.config import Tree

_WRITING = ("PUT", "DELETE")
_OLD = ("order", "allow", "deny")
# What else may turn a client away, or lets another one decide.
_OTHERS = ("satisfy", "authzsvnaccessfile", "authzsvnreposrelativeaccessfile")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line by which anybody may write."""
    for hit in hits:
        if word_in(hit).lower() == "off":
            continue
        here = around(merged_view_of(tree), hit)
        if here is not None and here.find("dav").last is hit and _anybody_writes(here):
            yield Violation(hit, "Anybody may write and delete files: no Require asks who it is")


def _anybody_writes(here: Configuration) -> bool:
    if any(here.find(name).lines for name in _OTHERS):
        return False
    if any(here.find(name).perhaps for name in ("require", *_OLD)):
        return False
    old = access((line.name, split(line.args)) for name in _OLD for line in here.find(name).lines)
    if old is None or old.admitted is not Admitted.ALL:
        return False
    required = here.authorization.required
    granted = frozenset({Verdict.GRANTED})
    return required is None or any(possible(required, method) == granted for method in _WRITING)


def _dav(*lines: str) -> str:
    return "\n".join(
        (
            "DavLockDB /srv/www/run/dav",
            "<Directory /srv/www/htdocs>",
            "Dav On",
            *lines,
            "</Directory>",
            "",
        )
    )


_MODULES = ("dav_module", "dav_fs_module")
_AUTH = ("authn_core_module", "authn_file_module", "auth_basic_module", "authz_user_module")
_BASIC = ("AuthType Basic", "AuthName x", "AuthUserFile /srv/www/pw")

RULE = Rule(
    code="SEC334",
    name="webdav-without-auth",
    severity=Severity.ERROR,
    on=("dav",),
    whole_tree=True,
    by_default=False,
    cis=("2.3",),
    stig=("V-214245",),
    references=("mod/mod_dav.html#security", "mod/mod_dav.html#dav"),
    since="0.1.0",
    examples=(
        Example(bad=_dav("Require all granted"), lines=(3,), modules=_MODULES),
        Example(
            bad=_dav(*_BASIC, "<Limit POST>", "Require valid-user", "</Limit>"),
            lines=(3,),
            also=("SEC321",),
            modules=(*_MODULES, *_AUTH),
        ),
        Example(
            good=_dav(*_BASIC, "<LimitExcept GET OPTIONS>", "Require valid-user", "</LimitExcept>"),
            modules=(*_MODULES, *_AUTH),
        ),
        Example(good=_dav("Require ip 192.0.2.0/24"), modules=_MODULES),
        Example(
            good=_dav("Require all granted")
            + "<Directory /srv/www/htdocs>\nDav Off\n</Directory>\n",
            modules=_MODULES,
        ),
        Example(
            good=_dav("Require all granted")
            + "<If \"%{REQUEST_METHOD} == 'PUT'\">\nRequire all denied\n</If>\n",
            modules=_MODULES,
        ),
    ),
    check=check,
)
