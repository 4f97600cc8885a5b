"""Whoever sends the right header gets in.

## What it does
Reports ``Require env`` and ``Allow from env=`` for a variable that ``SetEnvIf`` or
``BrowserMatch`` takes out of ``X-Forwarded-For``, ``User-Agent``, ``Referer``, ``Host`` or another
header that every client fills in as it likes, where that alone lets a client in. For ``Referer``,
the usual guard against hot links, it is a remark.

## Why it matters
``curl -H "X-Forwarded-For: 10.0.0.1"`` is an address of the inner network. mod_remoteip with
``RemoteIPInternalProxy`` takes the header from a proxy that is known, and ``Require ip`` then
judges the address.

## When to ignore it
Where a proxy in front sets the header anew for each request, and nobody reaches httpd past it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd import authorization
from mpmtune.httpd.authorization import Verdict
from mpmtune.httpd.words import split
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.surroundings import section_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mpmtune.model.config import Occurrence, Tree

_BY_HEADER = ("setenvif", "setenvifnocase")
_BY_BROWSER = ("browsermatch", "browsermatchnocase")
_FORGEABLE = frozenset(
    {
        *("x-forwarded-for", "x-forwarded-host", "x-real-ip", "x-client-ip", "client-ip"),
        *("true-client-ip", "cf-connecting-ip", "forwarded", "via", "host", "origin", "referer"),
        *("user-agent", "cookie"),
    }
)
_REFERER = "referer"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that lets in whoever sends a header."""
    setters = _setters(hits)
    if not setters:
        return
    for hit in hits["require"]:
        words = split(hit.args)
        if [word.lower() for word in words[:1]] != ["env"]:
            continue
        setter = next((setters[name] for name in words[1:] if name in setters), None)
        if setter is not None and _decides(tree, hit, setters):
            yield _violation(hit, setter)
    for hit in hits["allow"]:
        named = (word[4:] for word in split(hit.args) if word.lower().startswith("env="))
        setter = next((setters[name] for name in named if name in setters), None)
        if setter is not None:
            yield _violation(hit, setter)


def _violation(hit: Occurrence, setter: Occurrence) -> Violation:
    header = _header(setter)
    return Violation(
        hit,
        f"The header {header} decides who gets in, and every client sends what it likes",
        severity=Severity.INFO if header.lower() == _REFERER else None,
        related=(setter,),
    )


def _setters(hits: Hits) -> Mapping[str, Occurrence]:
    """Give the variables that come out of a header that clients fill in, each with its line."""
    found: dict[str, Occurrence] = {}
    for name in (*_BY_HEADER, *_BY_BROWSER):
        for line in hits[name]:
            if _header(line).lower() in _FORGEABLE:
                for word in split(line.args)[2 if name in _BY_HEADER else 1 :]:
                    if not word.startswith("!"):
                        found.setdefault(word.partition("=")[0], line)
    return found


def _header(line: Occurrence) -> str:
    return "User-Agent" if line.name in _BY_BROWSER else next(iter(split(line.args)), "")


def _decides(tree: Tree, hit: Occurrence, setters: Mapping[str, Occurrence]) -> bool:
    """Tell whether a client that nothing else lets in passes with the header, and only with it."""
    containers = merged_view_of(tree).containers
    lines = containers.of(section_of(hit)).by_family.get("require", ())
    required = authorization.read(lines, lambda one: containers.of(one).directives).required
    if required is None:
        return False

    def told(sent: Verdict) -> frozenset[Verdict]:
        def tell(words: tuple[str, ...]) -> frozenset[Verdict]:
            if words[:1] and words[0].lower() == "env" and not setters.keys().isdisjoint(words):
                return frozenset({sent})
            known = authorization.of_provider(words)
            return known if len(known) == 1 else frozenset({Verdict.DENIED})

        assert required is not None
        return authorization.possible(required, tell=tell)

    return told(Verdict.GRANTED) == {Verdict.GRANTED} != told(Verdict.DENIED)


def _location(*lines: str) -> str:
    return "\n".join(("<Location /adm>", *lines, "</Location>", ""))


_INSIDE = 'SetEnvIf X-Forwarded-For "^10\\." inside\n'
_ENV = ("setenvif_module",)

RULE = Rule(
    code="SEC329",
    name="access-by-forgeable-header",
    severity=Severity.WARNING,
    on=("require", "allow", *_BY_HEADER, *_BY_BROWSER),
    by_default=False,
    references=("howto/access.html#env", "mod/mod_authz_core.html#reqenv"),
    since="0.1.0",
    examples=(
        Example(
            bad=_INSIDE + _location("Require env inside"),
            good=_location("Require ip 10.0.0.0/8"),
            lines=(3,),
            modules=_ENV,
        ),
        Example(
            bad='BrowserMatch "^Robot" tool=yes\n'
            + _location("Order deny,allow", "Deny from all", "Allow from env=tool"),
            lines=(5,),
            also=("DEP801",),
            modules=(*_ENV, "access_compat_module"),
        ),
        Example(
            bad='SetEnvIfNoCase Referer "example\\.com" ours\n'
            '<FilesMatch "\\.png$">\nRequire env ours\n</FilesMatch>\n',
            lines=(3,),
            modules=_ENV,
        ),
        Example(
            bad=_INSIDE
            + _location(
                "<RequireAny>", "Require env inside", "Require ip 192.0.2.1", "</RequireAny>"
            ),
            lines=(4,),
            modules=_ENV,
        ),
        Example(
            good=_INSIDE
            + _location(
                "<RequireAll>", "Require env inside", "Require ip 192.0.2.1", "</RequireAll>"
            ),
            modules=_ENV,
        ),
        Example(
            good='SetEnvIf User-Agent "EvilBot" bad\n'
            + _location(
                "<RequireAll>", "Require all granted", "Require not env bad", "</RequireAll>"
            ),
            modules=_ENV,
        ),
        Example(
            good='SetEnvIf Remote_Addr "^10\\." inside\n' + _location("Require env inside"),
            modules=_ENV,
        ),
        Example(
            good='SetEnvIf X-Key "^k$" known\nSetEnvIf Host "^b" !known\n'
            + _location("Require env known"),
            modules=_ENV,
        ),
        Example(
            good=_INSIDE
            + _location("<Limit GET>", "Require env other", "</Limit>", "Require all denied"),
            modules=_ENV,
        ),
    ),
    check=check,
)
