"""Any site may read answers that are meant for a logged-in user.

## What it does
Looks at ``Access-Control-Allow-Credentials: true`` together with an
``Access-Control-Allow-Origin`` that repeats whatever origin asks: by ``expr=%{req:Origin}``, or by
a variable that ``SetEnvIf`` takes from the ``Origin`` header with a pattern for every site. With
``*`` it is a warning: browsers refuse that pair, so it does not even work.

## Why it matters
A page anywhere on the net lets a visitor's browser fetch with his cookies, and reads what comes
back.

## When to ignore it
Never; list the sites that may.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.regex import compile_regex
from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_ACTIONS = frozenset({"set", "add", "append", "merge", "setifempty"})
_TABLES = frozenset({"always", "onsuccess"})
_REPEATED = frozenset({"expr=%{req:origin}", "expr=%{http:origin}", "expr=%{http_origin}"})
_SOMEBODY = "https://h.example"
_SET_ENV_WORDS = 3


class _Header(NamedTuple):
    """A line that sets a header: its value and its condition."""

    at: Occurrence
    value: str
    condition: str


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each origin that is repeated beside credentials."""
    del tree
    origins = list(_setting("access-control-allow-origin", hits))
    if not origins:
        return
    credentials = [
        one.at
        for one in _setting("access-control-allow-credentials", hits)
        if one.value.lower() == "true"
    ]
    for origin in origins:
        beside = next((one for one in credentials if _meet(one, origin.at)), None)
        if beside is None:
            continue
        if origin.value == "*":
            yield Violation(
                origin.at,
                "Browsers refuse * beside Access-Control-Allow-Credentials: name the sites",
                severity=Severity.WARNING,
                related=(beside,),
            )
        elif _is_anybody(origin, hits):
            yield Violation(
                origin.at,
                "Any site may read answers that are fetched with a visitor's cookies",
                related=(beside,),
            )


def _setting(name: str, hits: Hits) -> Iterator[_Header]:
    for hit in hits["header"]:
        if "access-control" not in hit.args.lower():
            continue
        words = list(split(hit.args))
        if words[0].lower() in _TABLES:
            del words[0]
        action, header, value, condition = [*words, "", "", "", ""][:4]
        if action.lower() in _ACTIONS and header.rstrip(":").lower() == name:
            yield _Header(hit, value, condition)


def _meet(one: Occurrence, other: Occurrence) -> bool:
    """Whether one of two lines stands in a section around the other, or in the same."""
    mine, others = (one, *one.sections()), (other, *other.sections())
    return any(a.enclosing is b.enclosing for a, b in ((one, o) for o in others)) or any(
        other.enclosing is section.enclosing for section in mine
    )


def _is_anybody(origin: _Header, hits: Hits) -> bool:
    condition = origin.condition.lower()
    if condition.startswith("expr=") or any(s.name == "<if" for s in origin.at.sections()):
        return False
    if origin.value.lower() in _REPEATED:
        return not condition or _takes_any(origin.condition[len("env=") :], hits)
    name = origin.value.removeprefix("%{").removesuffix("}e")
    return f"%{{{name}}}e" == origin.value and _takes_any(name, hits)


def _takes_any(variable: str, hits: Hits) -> bool:
    """Whether SetEnvIf sets a variable for the origin of any site."""
    for hit in (*hits["setenvif"], *hits["setenvifnocase"]):
        words = split(hit.args)
        if len(words) < _SET_ENV_WORDS or words[0].lower() != "origin":
            continue
        sets = any(word.partition("=")[0] == variable for word in words[2:])
        compiled = compile_regex(words[1]) if sets else None
        if compiled is not None and compiled.matches(_SOMEBODY):
            return True
    return False


_MODULES = ("headers_module", "setenvif_module")
_CREDENTIALS = "Header set Access-Control-Allow-Credentials true\n"
_ANY = 'SetEnvIf Origin "^(.*)$" ORIGIN=$1\n'
_LISTED = 'SetEnvIf Origin "^https://app\\.example\\.com$" ORIGIN=$0\n'
_ORIGIN = 'Header set Access-Control-Allow-Origin "%{ORIGIN}e" env=ORIGIN\n'

RULE = Rule(
    code="SEC327",
    name="cors-any-origin-with-credentials",
    severity=Severity.ERROR,
    on=("header", "setenvif", "setenvifnocase"),
    jointly=True,
    references=("mod/mod_headers.html#header", "https://fetch.spec.whatwg.org/#cors-protocol"),
    since="0.1.0",
    examples=(
        Example(
            bad=_ANY + _ORIGIN + _CREDENTIALS,
            good=_LISTED + _ORIGIN + _CREDENTIALS,
            lines=(2,),
            modules=_MODULES,
        ),
        Example(
            bad=f"{_CREDENTIALS}<Location /api>\nHeader always set Access-Control-Allow-Origin: "
            '"expr=%{req:Origin}"\n</Location>\n',
            lines=(3,),
            modules=_MODULES,
        ),
        Example(
            bad=f"Header set Access-Control-Allow-Origin *\n{_CREDENTIALS}", scope=Scope.HTACCESS
        ),
        Example(good="Header set Access-Control-Allow-Origin *\n", modules=_MODULES),
        Example(good=_ANY + _ORIGIN, modules=_MODULES),
        Example(
            good=f"<Location /a>\nHeader set Access-Control-Allow-Origin *\n</Location>\n"
            f"<Location /b>\n{_CREDENTIALS}</Location>\n",
            modules=_MODULES,
        ),
        Example(
            good=f'{_CREDENTIALS}Header set Access-Control-Allow-Origin "expr=%{{req:Origin}}" '
            "\"expr=%{req:Origin} -in {'https://a.example.com'}\"\n",
            modules=_MODULES,
        ),
    ),
    check=check,
)
