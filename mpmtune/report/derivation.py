"""A number's expression tree, cut where it repeats, for a document or a reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from mpmtune.model.quantity import Number, Op, Quantity, Unit
from mpmtune.model.sizes import show_size

if TYPE_CHECKING:
    from collections.abc import Iterator

SEE = "see"
_SUFFIXES = {Unit.SECONDS: " s", Unit.PER_SECOND: "/s"}


@dataclass(frozen=True, slots=True)
class Step:
    """A node of a published derivation.

    ``op`` is ``see`` where the same number was derived before or stands as a setting of its own.
    """

    quantity: Quantity
    op: str
    inputs: tuple[Step, ...]


@dataclass(slots=True)
class Derivations:
    """Publishes the trees of one document; each labelled number is expanded once in a tree."""

    settings: frozenset[str]
    _seen: set[str] = field(default_factory=set)

    def of(self, quantity: Quantity) -> Step:
        """Give the tree of a number; other settings in it are referred to."""
        self._seen = set(self.settings - {quantity.label})
        return self._step(quantity, top=True)

    def _step(self, quantity: Quantity, *, top: bool = False) -> Step:
        known = bool(quantity.label) and quantity.label in self._seen and not top
        if known and quantity.op is not Op.LEAF:
            return Step(quantity, SEE, ())
        if quantity.label:
            self._seen.add(quantity.label)
        inputs = tuple(self._step(part) for part in quantity.inputs)
        return Step(quantity, quantity.op.value, inputs)


def show(value: Number, unit: Unit) -> str:
    """Write a number with its unit for a reader."""
    if unit is Unit.BYTES:
        return show_size(value.__floor__())
    text = f"{float(value):.3g}" if isinstance(value, Fraction) else str(value)
    return text + _SUFFIXES.get(unit, "")


def json_number(value: Number) -> int | float:
    """Give a number as JSON has it: a whole number as it is, a fraction rounded to 6 digits."""
    return value if isinstance(value, int) else round(float(value), 6)


def derivation_lines(step: Step, depth: int = 0) -> Iterator[str]:
    """Write a tree as indented lines: the expression first, then what it is made of."""
    quantity, pad = step.quantity, "  " * depth
    value = show(quantity.value, quantity.unit)
    if quantity.evidence is not None:
        evidence = quantity.evidence
        yield f"{pad}{_operand(step)}   [{evidence.trust.word}: {evidence.source}]"
        return
    if step.op == SEE:
        yield f"{pad}{quantity.label} {value}   [see above]"
        return
    because = f"   ({quantity.because})" if quantity.because else ""
    yield f"{pad}{quantity.label or 'result'} = {value}: {_expression(step)}{because}"
    for part in _labelled(step):
        yield from derivation_lines(part, depth + 1)


def _labelled(step: Step) -> Iterator[Step]:
    """Find the labelled numbers that an expression names, each once."""
    seen: set[str] = set()
    for part in _named_parts(step):
        if part.quantity.label not in seen:
            seen.add(part.quantity.label)
            if not _is_definition(part.quantity):
                yield part


def _is_definition(quantity: Quantity) -> bool:
    return quantity.evidence is not None and quantity.evidence.source == "definition"


def _named_parts(step: Step) -> Iterator[Step]:
    for part in step.inputs:
        if part.quantity.label:
            yield part
        else:
            yield from _named_parts(part)


_SUMS = frozenset({Op.PLUS.value, Op.MINUS.value})
_BOUNDS = frozenset({Op.AT_MOST.value, Op.AT_LEAST.value, Op.MULTIPLE.value})


def _expression(step: Step) -> str:
    if step.op == Op.SAME.value:
        return _operand(step.inputs[0])
    left, right = step.inputs
    first = _expression(left) if _needs_no_brackets(left, step.op) else _operand(left)
    comma = "," if step.op in _BOUNDS else ""
    return f"{first}{comma} {step.op} {_operand(right)}"


def _needs_no_brackets(left: Step, op: str) -> bool:
    """Tell whether a left operand reads rightly without: sums in sums, anything in a bound."""
    return not left.quantity.label and (op in _BOUNDS or (op in _SUMS and left.op not in _BOUNDS))


def _operand(step: Step) -> str:
    quantity = step.quantity
    if not quantity.label:
        return f"({_expression(step)})"
    value = show(quantity.value, quantity.unit)
    return value if quantity.label == value else f"{quantity.label} {value}"
