"""Who may pass: Require, the sections that join Requires, and AuthMerging (mod_authz_core.c)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import Admitted
from mpmtune.httpd.words import arguments, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mpmtune.model.config import Occurrence

    Tell = Callable[[tuple[str, ...]], frozenset["Verdict"]]

_DEEPEST = 100


class Op(Enum):
    """How requirements are joined."""

    ALL = "all of"
    ANY = "any of"


class Verdict(Enum):
    """What a requirement says of a client."""

    GRANTED = "granted"
    DENIED = "denied"
    NEUTRAL = "neutral"


_OPS = {"<requireall": Op.ALL, "<requireany": Op.ANY, "<requirenone": Op.ANY}
_MERGING = {"and": Op.ALL, "or": Op.ANY}
_EITHER = frozenset({Verdict.GRANTED, Verdict.DENIED})


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """A Require, or several joined.

    Attributes:
        occurrence: The directive or section; None for the lines of a section taken together, and
            for sections that AuthMerging joins.
        words: Provider and its arguments; empty where several are joined.
        op: How the parts are joined; None for a single Require.
        parts: The requirements joined.
        refused: ``Require not`` and ``<RequireNone>``: it can only turn away.
        methods: Methods in capitals for which alone it is asked (``<Limit>``), with a leading
            ``!`` for all but those; empty for all.
    """

    occurrence: Occurrence | None = None
    words: tuple[str, ...] = ()
    op: Op | None = None
    parts: tuple[Requirement, ...] = ()
    refused: bool = False
    methods: frozenset[str] = frozenset()

    def lines(self) -> Iterator[Occurrence]:
        """Give every directive and section in it, in order."""
        if self.occurrence is not None:
            yield self.occurrence
        for part in self.parts:
            yield from part.lines()


@dataclass(frozen=True, slots=True, eq=False)
class Authorization:
    """What a section, or several merged, require.

    Attributes:
        required: None where nothing is.
        joined: The joining that AuthMerging asks for; None without one, or for ``Off``.
        said: Whether AuthMerging is there at all.
    """

    required: Requirement | None = None
    joined: Op | None = None
    said: bool = False

    def merged(self, inner: Authorization) -> Authorization:
        """Merge an inner section over this; merge_authz_core_dir_config."""
        if not inner.said and inner.required is None and self.required is not None:
            return self
        if inner.joined is None or (self.required is None and inner.required is None):
            return inner
        both = [one for one in (self.required, inner.required) if one is not None]
        required = both[0] if len(both) == 1 else Requirement(op=inner.joined, parts=tuple(both))
        return replace(inner, required=required)

    @property
    def admitted(self) -> Admitted:
        """Who passes, as far as it can be told of any client and method GET."""
        if self.required is None:
            return Admitted.ALL
        verdicts = possible(self.required)
        if verdicts == {Verdict.GRANTED}:
            return Admitted.ALL
        return Admitted.SOME if Verdict.GRANTED in verdicts else Admitted.NONE


def read(
    lines: Sequence[Occurrence], inside: Callable[[Occurrence], Sequence[Occurrence]]
) -> Authorization:
    """Read the lines of one section.

    Args:
        lines: Its Require and AuthMerging directives and sections of Requires, in order.
        inside: Gives what stands in a section.
    """
    joined, said = None, False
    for line in lines:
        if line.name == "authmerging":
            joined, said = _MERGING.get(line.args.strip(" \t\"'").lower()), True
    parts = tuple(_requirements(lines, inside, 0))
    if not parts:
        return Authorization(None, joined, said)
    required = parts[0] if len(parts) == 1 and not parts[0].refused else None
    return Authorization(required or Requirement(op=Op.ANY, parts=parts), joined, said)


def _requirements(
    lines: Iterable[Occurrence], inside: Callable[[Occurrence], Sequence[Occurrence]], depth: int
) -> Iterator[Requirement]:
    for line in lines:
        if line.name == "require":
            words = split(line.args)
            refused = words[:1] != () and words[0].lower() == "not"
            yield Requirement(line, words[refused:], refused=refused, methods=_methods(line))
        elif line.name in _OPS:
            refused = line.name == "<requirenone"
            if depth == _DEEPEST:
                yield Requirement(line, (line.item.spelling,), refused=refused)
                continue
            parts = tuple(_requirements(inside(line), inside, depth + 1))
            yield Requirement(line, (), _OPS[line.name], parts, refused=refused)


def _methods(line: Occurrence) -> frozenset[str]:
    """Find the ``<Limit>`` around; it limits what stands in sections of Requires too."""
    around = line.enclosing
    while around is not None and around.name in _OPS:
        around = around.enclosing
    if around is None or around.name not in {"<limit", "<limitexcept"}:
        return frozenset()
    but = "!" if around.name == "<limitexcept" else ""
    return frozenset(
        f"{but}{word.upper()}" for word in arguments(around.item.name, around.item.args)
    )


def of_provider(words: tuple[str, ...]) -> frozenset[Verdict]:
    """Give what a single Require may come to, where nothing is known of the client."""
    folded = [word.lower() for word in words]
    if folded[:2] == ["all", "granted"]:
        return frozenset({Verdict.GRANTED})
    if folded[:2] == ["all", "denied"]:
        return frozenset({Verdict.DENIED})
    return _EITHER


def possible(
    requirement: Requirement, method: str = "GET", tell: Tell = of_provider
) -> frozenset[Verdict]:
    """Give every verdict that a requirement may come to: apply_authz_sections.

    Parts are taken to be independent: ``Require ip`` of one part and of another may differ.

    Args:
        requirement: The requirement.
        method: Of the request, in capitals.
        tell: Gives what a single Require may come to, by its words.
    """
    return _possible(requirement, Op.ALL, method, tell)


def _possible(requirement: Requirement, among: Op, method: str, tell: Tell) -> frozenset[Verdict]:
    if not _is_asked(requirement, method):
        return frozenset({Verdict.GRANTED if among is Op.ALL else Verdict.NEUTRAL})
    if requirement.op is None:
        verdicts = tell(requirement.words)
    else:
        verdicts = frozenset({Verdict.NEUTRAL})
        for part in requirement.parts:
            further = _possible(part, requirement.op, method, tell)
            verdicts = frozenset(
                _joined(requirement.op, one, other) for one in verdicts for other in further
            )
    if requirement.refused:
        return frozenset(_turned(verdict) for verdict in verdicts)
    return verdicts


def _is_asked(requirement: Requirement, method: str) -> bool:
    """Tell whether it limits a method; what is joined does where any part does."""
    if requirement.op is not None:
        return any(_is_asked(part, method) for part in requirement.parts)
    methods = requirement.methods
    asked = "GET" if method == "HEAD" else method
    if any(one.startswith("!") for one in methods):
        return f"!{asked}" not in methods
    return not methods or asked in methods


def _joined(op: Op, one: Verdict, other: Verdict) -> Verdict:
    if Verdict.NEUTRAL in {one, other}:
        return other if one is Verdict.NEUTRAL else one
    decisive = Verdict.DENIED if op is Op.ALL else Verdict.GRANTED
    return decisive if decisive in {one, other} else one


def _turned(verdict: Verdict) -> Verdict:
    return Verdict.DENIED if verdict is Verdict.GRANTED else Verdict.NEUTRAL
