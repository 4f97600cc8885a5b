"""Options that mean the same everywhere."""

from __future__ import annotations

from fractions import Fraction

import pytest

from mpmtune.cli.options import cpus_of, declare, memory_of
from mpmtune.errors import UsageError
from mpmtune.model.quantity import Quantity, Trust
from mpmtune.model.unknown import Unknown
from tests.builders import a_machine, facts


def test_a_size_and_a_number_of_cpus_are_read() -> None:
    assert memory_of("4GiB") == 4_294_967_296
    assert memory_of(None) is None
    assert cpus_of("0.5") == Fraction(1, 2)
    assert cpus_of(None) is None


@pytest.mark.parametrize(
    "text", ["0", "-1", "1", "15MiB", "65TiB", "1e30", "much", "\x1b[2J", "9" * 19, "9" * 400, ""]
)
def test_an_absurd_memory_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(UsageError, match="--memory") as caught:
        memory_of(text)
    assert "\x1b" not in caught.value.sentence
    assert caught.value.hint


@pytest.mark.parametrize(
    "text", ["0", "-1", "nan", "inf", "1/0", "1_0", "9000", "two", "\x1b[2J", ""]
)
def test_an_absurd_number_of_cpus_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--cpus") as caught:
        cpus_of(text)
    assert "\x1b" not in caught.value.sentence


def test_what_is_declared_stands_in_the_place_of_what_was_found() -> None:
    made = declare(facts(a_machine(2048)), "4GiB", "3").machine
    assert isinstance(made.memory_total, Quantity)
    assert (made.memory_total.value, made.memory_total.trust) == (4_294_967_296, Trust.DECLARED)
    assert isinstance(made.cpus, Quantity)
    assert (made.cpus.value, made.cpus.trust) == (3, Trust.DECLARED)


def test_what_others_hold_here_says_nothing_of_another_size_of_host() -> None:
    made = declare(facts(a_machine(2048)), "4GiB", None)
    assert isinstance(made.machine.memory_available, Unknown)
    assert [one.what for one in made.unknown] == ["host.mem_available_bytes"]


def test_nothing_declared_changes_nothing() -> None:
    known = facts(a_machine())
    assert declare(known, None, None) == known
