"""A number and its derivation: an expression tree whose leaves carry evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, IntEnum
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING

from mpmtune.model.sizes import show_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


Number = int | Fraction


class Unit(Enum):
    """What a number counts."""

    COUNT = "count"
    BYTES = "bytes"
    SECONDS = "seconds"
    PER_SECOND = "per_second"
    CPUS = "cpus"


class Trust(IntEnum):
    """How far a number is to be trusted; a result is as good as its weakest input."""

    ASSUMED = 0
    DOCUMENTED = 1
    DECLARED = 2
    MEASURED = 3

    @property
    def word(self) -> str:
        """The name in published documents."""
        return self.name.lower()


class Op(Enum):
    """The operations of the language; it is closed on purpose."""

    LEAF = "leaf"
    PLUS = "+"
    MINUS = "−"
    TIMES = "×"
    DIVIDED_BY = "÷"
    AT_MOST = "at most"
    AT_LEAST = "at least"
    MULTIPLE = "down to a multiple of"
    SAME = "="


_COMPARISONS = frozenset({Op.AT_MOST, Op.AT_LEAST})


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a leaf comes from.

    Attributes:
        trust: Its kind.
        source: The file and line, the option, or the reason of an assumption.
        measure: For an assumption, how to replace it by a measurement.
    """

    trust: Trust
    source: str
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number together with the expression that made it.

    ``+ − × ÷`` and the named operations build new nodes; ``÷`` rounds down, as every count of
    children or threads must. Value and explanation are read off the same tree.

    Attributes:
        label: What the number is, in httpd's words.
        value: The number itself, exact.
        unit: What it counts.
        op: How ``inputs`` made it.
        inputs: The operands; empty for a leaf.
        evidence: Of a leaf.
        because: Why this operation, in one clause.
    """

    label: str
    value: Number
    unit: Unit = Unit.COUNT
    op: Op = Op.LEAF
    inputs: tuple[Quantity, ...] = ()
    evidence: Evidence | None = None
    because: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.value, Fraction) and self.value.denominator == 1:
            object.__setattr__(self, "value", int(self.value))
        if (self.evidence is None) == (self.op is Op.LEAF):
            raise ValueError(f"{self.label}: a leaf, and only a leaf, carries evidence")

    @property
    def whole(self) -> int:
        """The value rounded down."""
        return self.value.__floor__()

    @property
    def trust(self) -> Trust:
        """The trust of the weakest leaf that decided the value."""
        return min(found.evidence.trust for found in self.deciding_leaves() if found.evidence)

    def deciding_leaves(self) -> Iterator[Quantity]:
        """Yield the leaves that the value rests on, left to right.

        Of two bounds compared, only the one that won counts; both do when they are equal.
        """
        if self.evidence is not None:
            yield self
        for part in self.inputs:
            if self.op not in _COMPARISONS or part.value == self.value:
                yield from part.deciding_leaves()

    def leaves(self) -> Iterator[Quantity]:
        """Yield the leaves, left to right."""
        if self.evidence is not None:
            yield self
        for part in self.inputs:
            yield from part.leaves()

    def named(self, label: str, because: str = "") -> Quantity:
        """Label the number; a leaf keeps its own label beneath."""
        if self.evidence is not None:
            return Quantity(label, self.value, self.unit, Op.SAME, (self,), None, because)
        return replace(self, label=label, because=because)

    def __add__(self, other: Quantity) -> Quantity:
        return self._node(Op.PLUS, other, self.value + other.value)

    def __sub__(self, other: Quantity) -> Quantity:
        return self._node(Op.MINUS, other, self.value - other.value)

    def __mul__(self, other: Quantity) -> Quantity:
        return self._node(Op.TIMES, other, self.value * other.value)

    def __floordiv__(self, other: Quantity) -> Quantity:
        return self._node(Op.DIVIDED_BY, other, self.value // other.value)

    def at_most(self, other: Quantity) -> Quantity:
        """Take the smaller of the two."""
        return self._node(Op.AT_MOST, other, min(self.value, other.value))

    def at_least(self, other: Quantity) -> Quantity:
        """Take the larger of the two."""
        return self._node(Op.AT_LEAST, other, max(self.value, other.value))

    def down_to_multiple_of(self, other: Quantity) -> Quantity:
        """Round down to a multiple of ``other``."""
        return self._node(Op.MULTIPLE, other, self.value // other.value * other.value)

    def _node(self, op: Op, other: Quantity, value: Number) -> Quantity:
        return Quantity("", value, _unit_of(op, self.unit, other.unit), op, (self, other))


_RATE_AND_TIME = frozenset({Unit.PER_SECOND, Unit.SECONDS})


def _unit_of(op: Op, left: Unit, right: Unit) -> Unit:
    """One unit rule: a product takes the unit that is not a count, a quotient of like units counts.

    A rate times a time counts, a count by a time is a rate.
    """
    if op is Op.TIMES:
        if {left, right} == _RATE_AND_TIME:
            return Unit.COUNT
        return right if left in {Unit.COUNT, Unit.CPUS} else left
    if op is Op.DIVIDED_BY:
        if right is Unit.SECONDS and left in {Unit.COUNT, Unit.CPUS}:
            return Unit.PER_SECOND
        return Unit.COUNT if left is right else left
    if left is not right:
        raise ValueError(f"cannot combine {left.value} {op.value} {right.value}")
    return left


def leaf(label: str, value: Number, evidence: Evidence, unit: Unit = Unit.COUNT) -> Quantity:
    """Make a leaf."""
    return Quantity(label, value, unit, evidence=evidence)


def measured(label: str, value: Number, source: str, unit: Unit = Unit.COUNT) -> Quantity:
    """Make a leaf that was read off the machine."""
    return leaf(label, value, Evidence(Trust.MEASURED, source), unit)


def declared(label: str, value: Number, source: str, unit: Unit = Unit.COUNT) -> Quantity:
    """Make a leaf that a configuration file or an option states."""
    return leaf(label, value, Evidence(Trust.DECLARED, source), unit)


def documented(label: str, value: Number, source: str, unit: Unit = Unit.COUNT) -> Quantity:
    """Make a leaf that httpd's documentation or source fixes."""
    return leaf(label, value, Evidence(Trust.DOCUMENTED, source), unit)


def chosen(value: int, reason: str, unit: Unit = Unit.COUNT) -> Quantity:
    """Make a leaf that is our own choice and no statement about the host: nothing to measure."""
    label = show_size(value) if unit is Unit.BYTES else str(value)
    return leaf(label, value, Evidence(Trust.DOCUMENTED, f"chosen: {reason}"), unit)


def chosen_time(seconds: Fraction, reason: str) -> Quantity:
    """Make a leaf that is our own choice of a time."""
    label = f"{float(seconds):g} s"
    return leaf(label, seconds, Evidence(Trust.DOCUMENTED, f"chosen: {reason}"), Unit.SECONDS)


def assumed(
    label: str, value: Number, source: str, unit: Unit = Unit.COUNT, *, measure: str = ""
) -> Quantity:
    """Make a leaf that is a choice or a guess; ``measure`` says how to replace it."""
    return leaf(label, value, Evidence(Trust.ASSUMED, source, measure), unit)


def smallest(first: Quantity, *others: Quantity) -> Quantity:
    """Take the smallest of several, as a chain of ``at_most``."""
    return _chain(Quantity.at_most, first, others)


def total(first: Quantity, *others: Quantity) -> Quantity:
    """Add several up."""
    return _chain(Quantity.__add__, first, others)


def _chain(
    join: Callable[[Quantity, Quantity], Quantity], first: Quantity, others: tuple[Quantity, ...]
) -> Quantity:
    return reduce(join, others, first)


ZERO = leaf("0", 0, Evidence(Trust.MEASURED, "definition"))
ZERO_BYTES = leaf("0 B", 0, Evidence(Trust.MEASURED, "definition"), Unit.BYTES)
ONE = leaf("1", 1, Evidence(Trust.MEASURED, "definition"))
HUNDRED = leaf("100", 100, Evidence(Trust.MEASURED, "definition"))
