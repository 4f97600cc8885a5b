"""What several sections come to by one directive: the merge of their parts, in httpd's grouping.

httpd does not merge all sections in a row. Each pass over the sections merges those that it meets
with each other, and then the outcome over what the passes before made (ap_merge_per_dir_configs).
For most directives that is the same; for UnsetEnv, AuthMerging or IndexOptions it is not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from mpmtune.httpd import authorization, option_signs
from mpmtune.httpd.merge_keys import EVERYTHING, keys_of
from mpmtune.httpd.merging import Kind
from mpmtune.httpd.words import split

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mpmtune.httpd.merging import Merge
    from mpmtune.httpd.sections import Container
    from mpmtune.model.config import Occurrence

    Inside = Callable[[Occurrence], Sequence[Occurrence]]


_S = TypeVar("_S", bound="State")


class State(Protocol):
    """What a section, or several merged, say by the directives of one family."""

    def merged(self: _S, inner: _S, /) -> _S:  # noqa: PYI019 - Self is newer than Python 3.10
        """Merge an inner section over this."""
        ...

    def in_force(self) -> Sequence[Occurrence]:
        """Give the lines that have a say, in the order in which httpd looks at them."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Replaced:
    """Lines of which an inner section's replace the outer ones: LAST, LIST."""

    lines: tuple[Occurrence, ...]

    def merged(self, inner: Replaced) -> Replaced:
        """Take the inner lines."""
        return inner

    def in_force(self) -> Sequence[Occurrence]:
        """Give them."""
        return self.lines


@dataclass(frozen=True, slots=True, eq=False)
class Added:
    """Lines that all stay: EVERY, FIRST, OUTER_FIRST."""

    lines: tuple[Occurrence, ...]
    inner_first: bool

    def merged(self, inner: Added) -> Added:
        """Put the lines together."""
        first, then = (inner, self) if self.inner_first else (self, inner)
        return Added((*first.lines, *then.lines), self.inner_first)

    def in_force(self) -> Sequence[Occurrence]:
        """Give them."""
        return self.lines


@dataclass(frozen=True, slots=True, eq=False)
class Keyed:
    """Lines by key: KEY.

    Attributes:
        owners: Key → the last line that sets it.
        unset: Keys that the section takes from what is around it: UnsetEnv.
        gone: Keys that were taken away, for as long as nothing sets them.
    """

    owners: Mapping[str, Occurrence]
    unset: Mapping[str, Occurrence] = field(default_factory=dict)
    gone: Mapping[str, Occurrence] = field(default_factory=dict)

    def merged(self, inner: Keyed) -> Keyed:
        """Set the inner keys, then take away; what was taken from the inner is forgotten."""
        outer = {} if EVERYTHING in inner.owners else self.owners
        both = {**outer, **inner.owners}
        owners = {key: line for key, line in both.items() if key not in inner.unset}
        taken = {**self.gone, **inner.unset}
        return Keyed(owners, gone={key: o for key, o in taken.items() if key not in owners})

    def in_force(self) -> Sequence[Occurrence]:
        """Give each line that still owns a key, or took one away."""
        lines = (*self.owners.values(), *self.gone.values())
        return tuple({id(line): line for line in lines}.values())


@dataclass(frozen=True, slots=True, eq=False)
class Signed:
    """Words with signs: SIGNS."""

    signs: option_signs.Signs
    lines: tuple[Occurrence, ...]

    def merged(self, inner: Signed) -> Signed:
        """Merge the words."""
        return Signed(self.signs.merged(inner.signs), (*self.lines, *inner.lines))

    def in_force(self) -> Sequence[Occurrence]:
        """Give each line of which a word still counts."""
        say = self.signs.lines
        return tuple(line for line in self.lines if id(line) in say)


@dataclass(frozen=True, slots=True, eq=False)
class Required:
    """Requirements: ACCESS."""

    authorization: authorization.Authorization

    def merged(self, inner: Required) -> Required:
        """Join or replace them."""
        return Required(self.authorization.merged(inner.authorization))

    def in_force(self) -> Sequence[Occurrence]:
        """Give the Requires and their sections."""
        required = self.authorization.required
        return () if required is None else tuple(required.lines())


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Rewrite rules: RULES; mod_rewrite.c, config_server_merge and config_perdir_merge.

    Attributes:
        lines: The rules, or the maps, or RewriteBase.
        options: Words of RewriteOptions in small letters; None where it is not set.
        joining: The words that join what outer sections have: before what, or after.
    """

    lines: tuple[Occurrence, ...]
    options: frozenset[str] | None
    joining: tuple[frozenset[str], frozenset[str]]

    def merged(self, inner: Rules) -> Rules:
        """Take the inner rules, and the outer ones where an option joins them."""
        options = self.options if inner.options is None else inner.options
        told = options or frozenset()
        if "ignoreinherit" not in told:
            told |= {f"outer {word}" for word in self.options or ()}
        after, before = self.joining
        lines = inner.lines
        if told & after:
            lines = (*inner.lines, *self.lines)
        elif told & before:
            lines = (*self.lines, *inner.lines)
        return Rules(lines, options, self.joining)

    def in_force(self) -> Sequence[Occurrence]:
        """Give them in the order in which they are tried."""
        return self.lines


_JOINING = (
    frozenset({"inherit", "outer inheritdown"}),
    frozenset({"inheritbefore", "outer inheritdownbefore"}),
)
_JOINING_BASE = (frozenset[str](), frozenset({"mergebase"}))


def fold(merge: Merge, groups: Sequence[Sequence[Container]], inside: Inside) -> State | None:
    """Merge what containers say by the directives of one family.

    Args:
        merge: The family, and how it merges.
        groups: The containers of each pass, the outer before the inner; the first group is the
            servers, of which the first is the main one.
        inside: Gives what stands in a section.

    Returns:
        None where nothing is said.
    """
    state: State | None = None
    main = groups[0][0] if groups and groups[0] else None
    for group in groups:
        of_pass: State | None = None
        for container in group:
            said = _said(merge, container, inside, of_main=container is main)
            if said is not None:
                of_pass = said if of_pass is None else of_pass.merged(said)
        if of_pass is not None:
            state = of_pass if state is None else state.merged(of_pass)
    return state


def _said(merge: Merge, container: Container, inside: Inside, *, of_main: bool) -> State | None:
    """Read one container; None where the module has nothing to merge from it."""
    lines = container.by_family.get(merge.family, ())
    if merge.kind is Kind.SIGNS:
        # core has something to merge from every section, and puts back what "+" once added.
        if not (lines or of_main or merge.family == "options"):
            return None
        start = option_signs.built_in(merge.family) if of_main else None
        return Signed(option_signs.read(merge.family, lines, start), tuple(lines))
    if merge.kind is Kind.RULES:
        return _rules(merge, container, lines)
    said = _READ.get(merge.kind, _every)(lines, inside) if lines else None
    if merge.wholly and merge.module in container.modules:
        return Replaced(tuple(said.in_force()) if said is not None else ())
    return said


def _rules(merge: Merge, container: Container, lines: Sequence[Occurrence]) -> Rules | None:
    if not any(module.startswith("mod_rewrite/") for module in container.modules):
        return None
    set_by = container.by_family.get("rewriteoptions", ())
    words = frozenset(word.lower() for line in set_by for word in split(line.args))
    base = merge.family == "rewritebase"
    kept = lines[-1:] if base else lines
    return Rules(tuple(kept), words if set_by else None, _JOINING_BASE if base else _JOINING)


def _last(lines: Sequence[Occurrence], _inside: Inside) -> State:
    return Replaced(tuple(lines[-1:]))


def _list(lines: Sequence[Occurrence], _inside: Inside) -> State:
    return Replaced(tuple(lines))


def _every(lines: Sequence[Occurrence], _inside: Inside) -> State:
    return Added(tuple(lines), inner_first=False)


def _first(lines: Sequence[Occurrence], _inside: Inside) -> State:
    return Added(tuple(lines), inner_first=True)


def _keyed(lines: Sequence[Occurrence], _inside: Inside) -> State:
    owners: dict[str, Occurrence] = {}
    unset: dict[str, Occurrence] = {}
    for line in lines:
        for key in keys_of(line):
            if key == EVERYTHING:
                owners.clear()
            owners.pop(key, None)
            unset.pop(key, None)
            into = unset if line.name == "unsetenv" else owners
            into[key] = line
    return Keyed(owners, unset)


def _required(lines: Sequence[Occurrence], inside: Inside) -> State:
    return Required(authorization.read(lines, inside))


_READ: dict[Kind, Callable[[Sequence[Occurrence], Inside], State]] = {
    Kind.LAST: _last,
    Kind.OWN: _list,
    Kind.LIST: _list,
    Kind.FIRST: _first,
    Kind.KEY: _keyed,
    Kind.ACCESS: _required,
}
