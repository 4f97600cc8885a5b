"""A variable is set by SetEnv and asked for before SetEnv has run.

## What it does
Reports ``SetEnv`` of a variable that ``Require env``, ``Allow from env=``, ``Deny from env=``,
``SetEnvIf`` or a ``RewriteCond %{ENV:…}`` asks for, when nothing else sets it.

## Why it matters
mod_env acts last before the answer is made: after access was decided, after mod_setenvif and
after mod_rewrite. The condition finds the variable unset, and ``-t`` sees nothing wrong with it.
A directory's index page is an exception that hides the fault: it is looked up by a second, inner
request, which does see what the first one set.

The fix sets the variable with ``SetEnvIf``, early.

## When to ignore it
Where the variable also comes from outside, such as from a module that httpd does not ship.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_arguments, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_ENV = re.compile(r"%\{ENV:([^}]+)\}")
_SET_BY_RULE = re.compile(r"(?:\[|,)(?:E|env)=!?([^,:\]]+)", re.IGNORECASE)
_NAME_AND_VALUE = re.compile(r"[\w.-]+(?:=[^\"\\]*)?")
_ATTRIBUTES = frozenset(
    {"remote_host", "remote_addr", "server_addr", "request_method", "request_protocol"}
    | {"request_uri"}
)


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each SetEnv whose variable is asked for too early."""
    asked = _asked(hits) if hits["setenv"] else {}
    early = _set_early(hits) if asked else set()
    for hit in hits["setenv"] if asked else ():
        words = split(hit.args)
        name = words[0].lower() if words else ""
        if name in asked and name not in early:
            asking = asked[name]
            yield Violation(
                hit,
                f"{asking.item.spelling} asks for {words[0]} before SetEnv has set it",
                _fix(tree, hit, words),
                word=1,
                related=(asking,),
            )


def _asked(hits: Hits) -> dict[str, Occurrence]:
    """Give each variable that is asked for early, and where first."""
    asked: dict[str, Occurrence] = {}
    for hit in (*hits["require"], *hits["allow"], *hits["deny"]):
        if "env" in hit.args.lower():
            _note(asked, hit, _asked_by_access(split(hit.args)))
    for hit in (*hits["setenvif"], *hits["setenvifnocase"]):
        attribute = split(hit.args)[:1]
        if not _ATTRIBUTES.issuperset(word.lower() for word in attribute):
            _note(asked, hit, attribute)
    for hit in hits["rewritecond"]:
        if "%{ENV:" in hit.args:
            _note(asked, hit, _ENV.findall(hit.args))
    return asked


def _note(asked: dict[str, Occurrence], hit: Occurrence, names: Iterable[str]) -> None:
    for name in names:
        asked.setdefault(name.lower(), hit)


def _asked_by_access(words: tuple[str, ...]) -> Iterator[str]:
    if [word.lower() for word in words[:1]] == ["not"]:
        words = words[1:]
    if [word.lower() for word in words[:1]] == ["env"]:
        yield from words[1:]
    for word in words:
        if word.lower().startswith("env="):
            yield word[4:].lstrip("!")


def _set_early(hits: Hits) -> set[str]:
    """Give the variables that mod_setenvif or mod_rewrite sets in time."""
    names = {name for hit in hits["rewriterule"] for name in _SET_BY_RULE.findall(hit.args)}
    before = {"setenvif": 2, "setenvifnocase": 2, "browsermatch": 1, "browsermatchnocase": 1}
    before |= {"setenvifexpr": 1}
    for directive, skipped in before.items():
        for hit in hits[directive]:
            names |= {word.partition("=")[0] for word in split(hit.args)[skipped:]}
    return {name.lower() for name in names}


def _fix(tree: Tree, hit: Occurrence, words: tuple[str, ...]) -> Fix | None:
    text = "=".join(words)
    if "setenvif_module" not in tree.modules or not _NAME_AND_VALUE.fullmatch(text):
        return None
    variable = f'"{text}"' if " " in text else text
    return fix(
        "Set it with SetEnvIf",
        replace_word(hit, 0, "SetEnvIf"),
        replace_arguments(hit, f'Request_URI ".*" {variable}'),
    )


_BOTH = ("env_module", "setenvif_module")
_ADMIN = "<Location /admin>\nRequire env trusted\n</Location>\n"

RULE = Rule(
    code="SYN917",
    name="setenv-too-late",
    severity=Severity.WARNING,
    on=(
        "setenv",
        *("require", "allow", "deny", "rewritecond", "rewriterule"),
        *("setenvif", "setenvifnocase", "setenvifexpr", "browsermatch", "browsermatchnocase"),
    ),
    jointly=True,
    references=("env.html#setting", "mod/mod_env.html#setenv", "mod_env.c: fixup_env_module"),
    since="0.1.0",
    examples=(
        Example(
            bad="SetEnv trusted 1\n" + _ADMIN,
            fixed_unsafely='SetEnvIf Request_URI ".*" trusted=1\n' + _ADMIN,
            modules=_BOTH,
        ),
        Example(
            bad="SetEnv MAINTENANCE\nRewriteEngine On\n"
            "RewriteCond %{ENV:MAINTENANCE} =1\nRewriteRule ^ - [R=503]\n",
            modules=("env_module", "rewrite_module"),
        ),
        Example(
            good='SetEnv APP_ENV production\nSetEnvIf Request_URI "^/admin" trusted\n' + _ADMIN,
            modules=_BOTH,
        ),
        Example(
            good="SetEnv trusted 0\nRewriteEngine On\n"
            "RewriteRule ^/admin - [E=trusted:1,NE]\n" + _ADMIN,
            modules=(*_BOTH, "rewrite_module"),
        ),
    ),
    check=check,
)
