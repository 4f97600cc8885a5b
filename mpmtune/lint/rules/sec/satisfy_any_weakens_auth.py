"""A password is asked for, and nobody has to give it.

## What it does
Reports ``Satisfy Any`` together with a ``Require`` that asks for a user where ``Allow`` and
``Deny`` let everybody in, and as a remark where they let some in. Reports ``Require valid-user``
and the like beside ``Require all granted``, or beside ``Require ip`` of nearly all addresses: one
of several is enough.

## Why it matters
With ``Satisfy Any`` passing ``Allow`` and ``Deny`` is enough, and where there is no ``Deny``,
everybody does: ``Allow from 192.0.2.1`` alone lets all others in too. ``<RequireAll>`` demands
both, ``<RequireAny>`` with the right addresses lets an inner network in without a password.

## When to ignore it
As to the remark: where those addresses are meant to pass without a password.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd import authorization
from mpmtune.httpd.access_compat import Admitted, access
from mpmtune.httpd.authorization import Verdict
from mpmtune.httpd.words import split
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.surroundings import around, section_of
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.authorization import Requirement
    from mpmtune.httpd.merged_view import MergedView
    from mpmtune.model.config import Occurrence, Tree

_OLD = ("order", "allow", "deny")
_USERS = ("valid-user", "user", "group", "ldap-", "dbm-group", "dbd-group")
_SMALLEST = 8  # a network with a shorter prefix is no place of one's own


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each place that asks for a password in vain."""
    view = merged_view_of(tree)
    for hit in hits["satisfy"]:
        if word_in(hit).lower() == "any":
            yield from _satisfied(view, hit)
    sections: set[int] = set()
    for hit in hits["require"]:
        section = section_of(hit)
        if _asks_for_user(split(hit.args)) and id(section) not in sections:
            sections.add(id(section))
            broad = _beside(view, hit)
            if broad is not None:
                yield Violation(
                    broad,
                    f"{broad.item.spelling} {broad.args} is enough by itself: nobody is asked for"
                    " the password",
                    related=(hit,),
                )


def _satisfied(view: MergedView, hit: Occurrence) -> Iterator[Violation]:
    here = around(view, hit)
    if here is None or here.find("satisfy").last is not hit:
        return
    required = here.authorization.required
    if required is None or authorization.possible(required) == {Verdict.GRANTED}:
        return
    old = access((line.name, split(line.args)) for name in _OLD for line in here.find(name).lines)
    if old is not None and old.admitted is not Admitted.NONE:
        everybody = old.admitted is Admitted.ALL
        who = "Nobody has" if everybody else "Clients that Allow and Deny let pass do not have"
        yield Violation(
            hit,
            f"{who} to meet Require: one of the two is enough",
            severity=None if everybody else Severity.INFO,
        )


def _asks_for_user(words: tuple[str, ...]) -> bool:
    return words[:1] != () and words[0].lower().startswith(_USERS)


def _beside(view: MergedView, hit: Occurrence) -> Occurrence | None:
    """Find what makes the password of a section needless: a line that everybody meets."""
    of = view.containers.of
    lines = of(section_of(hit)).by_family.get("require", ())
    required = authorization.read(lines, lambda one: of(one).directives).required
    if required is None:
        return None
    method = _method(required, hit)
    if authorization.possible(required, method, _tell) != {Verdict.GRANTED}:
        return None
    broad = (one for one in required.lines() if one.name == "require" and _is_broad(one))
    return next(broad, None)


def _method(required: Requirement, hit: Occurrence) -> str:
    """Give a method for which the user is asked for."""
    if required.occurrence is hit:
        return next((one for one in sorted(required.methods) if not one.startswith("!")), "GET")
    return next((_method(part, hit) for part in required.parts if hit in part.lines()), "GET")


def _tell(words: tuple[str, ...]) -> frozenset[Verdict]:
    if words[:1] and words[0].lower() == "ip" and any(_is_wide(word) for word in words[1:]):
        return frozenset({Verdict.GRANTED})
    return authorization.of_provider(words)


def _is_broad(line: Occurrence) -> bool:
    return _tell(split(line.args)) == {Verdict.GRANTED}


def _is_wide(network: str) -> bool:
    _, slash, prefix = network.partition("/")
    return bool(slash) and prefix.isdecimal() and int(prefix) < _SMALLEST


def _protected(*lines: str) -> str:
    return "\n".join(
        (
            "<Directory /srv/www/htdocs>",
            "AuthType Basic",
            "AuthName x",
            "AuthUserFile /srv/www/pw",
            *lines,
            "</Directory>",
            "",
        )
    )


_AUTH = ("authn_core_module", "authn_file_module", "auth_basic_module", "authz_user_module")
_COMPAT = (*_AUTH, "access_compat_module")
_OFTEN = ("DEP801", "DEP802", "SEC322")

RULE = Rule(
    code="SEC339",
    name="satisfy-any-weakens-auth",
    severity=Severity.WARNING,
    on=("satisfy", "require"),
    by_default=False,
    references=(
        "mod/mod_access_compat.html#satisfy",
        "mod/mod_authz_core.html#requireany",
        "howto/access.html",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad=_protected("Satisfy Any", "Require valid-user", "Allow from all"),
            good=_protected("Require valid-user"),
            lines=(5,),
            also=_OFTEN,
            modules=_COMPAT,
        ),
        Example(
            bad=_protected("Satisfy Any", "Require valid-user"),
            lines=(5,),
            also=_OFTEN,
            modules=_COMPAT,
        ),
        Example(
            bad=_protected(
                "Order deny,allow",
                "Deny from all",
                "Allow from 192.0.2.1",
                "Satisfy Any",
                "Require valid-user",
            ),
            lines=(8,),
            also=_OFTEN,
            modules=_COMPAT,
        ),
        Example(
            bad=_protected("Require valid-user", "Require all granted"),
            lines=(6,),
            also=_OFTEN,
            modules=_AUTH,
        ),
        Example(
            bad=_protected(
                "<RequireAny>", "Require ip 0.0.0.0/0", "Require user root", "</RequireAny>"
            ),
            lines=(6,),
            also=_OFTEN,
            modules=_AUTH,
        ),
        Example(
            bad=_protected("Require all granted", "<Limit PUT>", "Require valid-user", "</Limit>"),
            lines=(5,),
            also=_OFTEN,
            modules=_AUTH,
        ),
        Example(good=_protected("Require valid-user", "Require ip 10.0.0.0/8"), modules=_AUTH),
        Example(
            good=_protected(
                "<RequireAll>", "Require valid-user", "Require all granted", "</RequireAll>"
            ),
            modules=_AUTH,
        ),
        Example(good=_protected("Satisfy All", "Require valid-user"), modules=_COMPAT),
        Example(
            good=_protected("Satisfy Any", "Require all granted")
            + '<LocationMatch "^/x">\nSatisfy Any\n</LocationMatch>\n',
            modules=_COMPAT,
        ),
        Example(
            good=_protected(
                "<RequireAll>", "Require not ip 192.0.2.1", "Require user a", "</RequireAll>"
            ),
            modules=_AUTH,
        ),
    ),
    check=check,
)
