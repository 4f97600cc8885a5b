"""RewriteRules where they stand together: with their conditions, in httpd's order."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.path_patterns import is_pattern
from mpmtune.httpd.rewriting import rule_of
from mpmtune.httpd.words import arguments
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Scope
from mpmtune.lint.unknown_values import is_known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mpmtune.httpd.rewriting import RewriteRule
    from mpmtune.model.config import Occurrence, Tree

_PARTS = frozenset({"<limit", "<limitexcept"})
_LAST = ("l", "last")


class Matched(Enum):
    """What a pattern is compared with."""

    URL_PATH = "a path that begins with a slash: of a server"
    BELOW_DIRECTORY = "what is behind the directory, without a slash at its beginning"
    UNKNOWN = "one of the two, or a whole file name: <Files>, <Location>, wildcards, a fragment"


class Chain(NamedTuple):
    """A rule and its conditions.

    Attributes:
        line: The RewriteRule.
        rule: The same, read.
        conditions: The RewriteConds right before it.
    """

    line: Occurrence
    rule: RewriteRule
    conditions: tuple[Occurrence, ...]


class RewriteScope(NamedTuple):
    """The rules of a server or a section.

    Attributes:
        section: The section, a virtual host included; None for the main server, and for the
            whole of a fragment.
        matched: What the patterns are compared with.
        chains: The rules whose arguments are known, in order.
        orphans: Conditions behind the last rule.
    """

    section: Occurrence | None
    matched: Matched
    chains: tuple[Chain, ...]
    orphans: tuple[Occurrence, ...]


@lru_cache(maxsize=4)
def rewrite_scopes(tree: Tree, scope: Scope) -> tuple[RewriteScope, ...]:
    """Give each server and section that a rule or condition stands in.

    Args:
        tree: The configuration.
        scope: How much of it there is.
    """
    return tuple(_scopes(tree, scope))


def _scopes(tree: Tree, scope: Scope) -> Iterator[RewriteScope]:
    found = (tree.by_name.get(name, ()) for name in ("rewriterule", "rewritecond"))
    holders = {id(holder): holder for holder in map(_holder, chain.from_iterable(found))}
    children = merged_view_of(tree).containers.children
    for section in holders.values():
        chains: list[Chain] = []
        conditions: list[Occurrence] = []
        for line in _lines(children, section):
            if line.name == "rewritecond":
                conditions.append(line)
            else:
                if is_known(line.args):
                    chains.append(Chain(line, rule_of(line), tuple(conditions)))
                conditions = []
        yield RewriteScope(section, _matched(section, scope), tuple(chains), tuple(conditions))


def _lines(
    children: Mapping[int, Sequence[Occurrence]], section: Occurrence | None
) -> Iterator[Occurrence]:
    """Give rules and conditions of a section in order, those in a ``<Limit>`` of it included."""
    for line in children.get(id(section), ()):
        name = line.item.name
        if name in {"rewriterule", "rewritecond"}:
            yield line
        elif name in _PARTS:
            yield from _lines(children, line)


def _holder(line: Occurrence) -> Occurrence | None:
    around = line.enclosing
    while around is not None and around.name in _PARTS:
        around = around.enclosing
    return around


def _matched(section: Occurrence | None, scope: Scope) -> Matched:
    """mod_rewrite.c, apply_rewrite_rule: strips the directory's name where it is one."""
    if section is None:
        return {Scope.WHOLE: Matched.URL_PATH, Scope.HTACCESS: Matched.BELOW_DIRECTORY}.get(
            scope, Matched.UNKNOWN
        )
    if section.name == "<virtualhost":
        return Matched.URL_PATH
    words = arguments(section.name, section.args)
    plain = section.name == "<directory" and len(words) == 1 and not is_pattern(words[0])
    return Matched.BELOW_DIRECTORY if plain else Matched.UNKNOWN


def untouched(chains: Sequence[Chain], *, beginning: str) -> Iterator[Chain]:
    """Give the rules up to the first that may hand something else on to those behind it.

    Args:
        chains: The rules of one scope.
        beginning: What the path still begins with behind a substitution that begins so; empty
            where a plain name leaves it as it was.
    """
    for one in chains:
        yield one
        rule = one.rule
        if rule.substitution == "-" or rule.redirects or rule.flags & _STOPS:
            continue
        kept = rule.substitution.startswith(beginning) if beginning else _is_name(rule.substitution)
        if not kept:
            return


_STOPS = frozenset({*_LAST, "end", "f", "forbidden", "g", "gone", "p", "proxy"})


def _is_name(substitution: str) -> bool:
    return substitution[:1] not in {"/", "$", "%", ""} and ":" not in substitution
