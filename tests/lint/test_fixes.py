"""Edits that rules make, and which are applied together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.confparse.edit import apply_edits
from mpmtune.lint.fixes import (
    chosen,
    fix,
    insert_after,
    insert_before,
    remove,
    replace_arguments,
    replace_word,
)
from mpmtune.lint.rule import Example
from mpmtune.model.finding import Violation
from tests.lint.example_readings import reading_of
from tests.lint.own_rules import a_rule, checked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mpmtune.lint.rule import Hits
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Edit

    Maker = Callable[[Occurrence], Edit | None]

MAKERS: dict[str, Maker] = {
    "word 0": lambda hit: replace_word(hit, 0, "TimeOut"),
    "word 1": lambda hit: replace_word(hit, 1, "5"),
    "word 2": lambda hit: replace_word(hit, 2, "5"),
    "arguments": lambda hit: replace_arguments(hit, "7 8"),
    "remove": remove,
    "before": lambda hit: insert_before(hit, "KeepAlive On"),
    "after": lambda hit: insert_after(hit, "KeepAlive On"),
}


def hit_in(text: str, *modules: str) -> Occurrence:
    tree = reading_of(Example(modules=modules), text).trees[0]
    return tree.by_name["timeout"][0]


@pytest.mark.parametrize(
    ("text", "maker", "expected"),
    [
        ("  timeout 60 # x\n", "word 0", "  TimeOut 60 # x\n"),
        ('Timeout  "60"  \n', "word 1", "Timeout  5  \n"),
        ("Timeout \\\n 60 61\n", "word 2", "Timeout \\\n 60 5\n"),
        ("Timeout 60 61 \\\n 62 \nA b\n", "arguments", "Timeout 7 8 \nA b\n"),
        ("A b\n Timeout 60 \\\n 61\nA c\n", "remove", "A b\nA c\n"),
        ("A b\n\tTimeout 60\n", "before", "A b\n\tKeepAlive On\n\tTimeout 60\n"),
        ("\tTimeout 60\nA b\n", "after", "\tTimeout 60\n\tKeepAlive On\nA b\n"),
        ("Timeout 60", "after", "Timeout 60\nKeepAlive On"),
        ("Timeout 60\r\nA b\r\n", "after", "Timeout 60\r\nKeepAlive On\r\nA b\r\n"),
        ("Timeout 60\r\n", "before", "KeepAlive On\r\nTimeout 60\r\n"),
    ],
)
def test_an_edit_changes_what_it_says_and_keeps_the_manners(
    text: str, maker: str, expected: str
) -> None:
    edit = MAKERS[maker](hit_in(text))
    assert edit is not None
    assert apply_edits(text, [edit]) == expected


@pytest.mark.parametrize("maker", MAKERS)
def test_the_body_of_a_macro_is_left_alone(maker: str) -> None:
    text = "<Macro m>\nTimeout 60 61\n</Macro>\nUse m\n"
    assert MAKERS[maker](hit_in(text, "macro_module")) is None


@pytest.mark.parametrize("maker", ["word 1", "arguments"])
def test_arguments_out_of_a_variable_are_left_alone(maker: str) -> None:
    assert MAKERS[maker](hit_in("Define T 60\nTimeout ${T}\n")) is None


def test_a_word_that_is_not_there_cannot_be_replaced() -> None:
    assert MAKERS["word 2"](hit_in("Timeout 60\n")) is None


def test_a_fix_is_made_of_all_its_edits_or_not_at_all() -> None:
    edit = remove(hit_in("Timeout 60\n"))
    made = fix("Do", edit, edit, safe=True)
    assert made is not None
    assert (made.title, made.edits, made.safe) == ("Do", (edit, edit), True)
    assert fix("Do", edit, None) is None
    assert fix("Do") is None


def flagged(text: str, make: Callable[[Occurrence], object]) -> str:
    """Apply what is chosen of the fixes of every Timeout."""

    def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
        for hit in hits:
            yield Violation(hit, "x", make(hit))  # type: ignore[arg-type]

    report = checked(text, a_rule(check=check), a_rule("KAL298", check=check))
    edits = chosen(report.findings, unsafe=False)
    return apply_edits(text, next(iter(edits.values()), ()))


def test_edits_of_one_place_are_made_once() -> None:
    text = "Timeout 1\nTimeout 2\n"
    made = flagged(text, lambda hit: fix("x", replace_word(hit, 1, "3"), safe=True))
    assert made == "Timeout 3\nTimeout 3\n"


def test_an_insertion_beside_another_edit_waits() -> None:
    text = "Timeout 1\nTimeout 2\n"
    made = flagged(text, lambda hit: fix("x", insert_before(hit, "A b"), safe=True))
    assert made == "A b\nTimeout 1\nA b\nTimeout 2\n"


def test_an_unsafe_fix_is_chosen_only_when_asked() -> None:
    assert flagged("Timeout 1\n", lambda hit: fix("x", remove(hit))) == "Timeout 1\n"


def test_a_fix_whose_second_edit_is_in_the_way_is_not_made_by_half() -> None:
    def both(hit: Occurrence) -> object:
        own = replace_word(hit, 1, "9")
        assert own is not None
        first = own._replace(start=8, end=9)
        return fix("x", own, safe=True) if own == first else fix("x", own, first, safe=True)

    made = flagged("Timeout 1\nTimeout 2\nTimeout 3\n", both)
    assert made == "Timeout 9\nTimeout 2\nTimeout 3\n"


def test_many_edits_are_chosen_in_little_time() -> None:
    text = "Timeout 1\n" * 20_000
    made = flagged(text, lambda hit: fix("x", replace_word(hit, 1, "2"), safe=True))
    assert made == "Timeout 2\n" * 20_000
