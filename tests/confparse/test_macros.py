"""Macros beyond what the judged texts show: bounds, and places."""

from __future__ import annotations

import pytest

from mpmtune.confparse.start import Limits
from mpmtune.model.config import Fault, Level, Tree
from tests.confparse.test_evaluate import read

USED = "<Macro m>\nA\nB\n</Macro>\n"


def limit(tree: Tree) -> str:
    (found,) = tree.diagnostics
    assert (found.fault, found.level) == (Fault.LIMIT, Level.NOTE)
    return found.text


@pytest.mark.parametrize(
    ("text", "limits", "told"),
    [
        (USED + "Use m\nUse m\nUse m\nC\n", Limits(macro_lines=5), "more than 5 lines from macros"),
        (
            USED + "<Macro n>\nUse m\nUse m\n</Macro>\nUse n\nC\n",
            Limits(nested_macro_lines=3),
            "more than 3 lines from macros used in macros",
        ),
        (
            "<Macro a>\nUse b\n</Macro>\n<Macro b>\nUse c\n</Macro>\n<Macro c>\nA\n</Macro>\nUse a\nC\n",
            Limits(macro_depth=2),
            "macros used more than 2 deep",
        ),
    ],
)
def test_what_macros_bring_in_is_bounded(text: str, limits: Limits, told: str) -> None:
    tree = read(text, limits=limits)
    assert limit(tree) == f"{told}: mpmtune stops reading here"
    assert "c" not in tree.by_name


def test_a_macro_that_doubles_at_every_level_ends_at_once() -> None:
    doubling = "".join(f"<Macro m{n}>\nUse m{n + 1}\nUse m{n + 1}\n</Macro>\n" for n in range(40))
    tree = read(f"{doubling}<Macro m40>\nA\n</Macro>\nUse m0\n")
    assert limit(tree).startswith("macros used more than 32 deep")


def test_a_macro_of_too_many_arguments_is_not_compared_with_itself() -> None:
    parameters = " ".join(f"$a{n}" for n in range(501))
    tree = read(f"<Macro m {parameters}>\n</Foo>\n</Macro>\nA\n")
    assert "mpmtune reads no macro of more than 500 arguments" in limit(tree)
    assert [one.name for one in tree.occurrences] == ["a"]


def test_variables_that_double_with_every_define_end_at_the_limit() -> None:
    tree = read("Define A x\n" + "Define A ${A}${A}\n" * 60 + "B\n")
    assert limit(tree) == "more than 33554432 bytes made by ${}: mpmtune stops reading here"
    assert max(len(value) for value in tree.defines.values()) <= 33554432


def test_sections_are_followed_a_thousand_deep() -> None:
    tree = read("<A>\n" * 1001 + "</A>\n" * 1001 + "B\n")
    assert limit(tree) == "sections more than 1000 deep: mpmtune stops reading here"
    assert read("<A>\n" * 1000 + "</A>\n" * 1000).diagnostics == ()


def test_a_thousand_things_are_reported_and_no_more() -> None:
    tree = read("</A>\n" * 5000)
    assert len(tree.diagnostics) == 1001
    assert (
        tree.diagnostics[-1].text == "more than 1000 things to report: mpmtune stops reading here"
    )


def test_a_line_beyond_16_mib_is_told_and_what_follows_is_read() -> None:
    tree = read("A " + "x" * 17_000_000 + "\nB\n")
    assert [(found.fault, found.line) for found in tree.diagnostics] == [(Fault.LINE_TOO_LONG, 1)]
    assert tree.occurrences[1].name == "b"


def test_a_macro_that_uses_itself_is_refused() -> None:
    tree = read("<Macro m>\nUse n\n</Macro>\n<Macro n>\nUse M\nA\n</Macro>\nUse m\n")
    (found,) = tree.diagnostics
    assert (found.fault, found.text) == (
        Fault.MACRO_RECURSION,
        "recursive use of macro 'm' is invalid",
    )
    assert [made.name for made in tree.occurrences] == ["a"]


def test_a_pattern_too_long_to_be_meant_is_not_compiled() -> None:
    (found,) = read(f"<IfVersion ~ {'a' * 1001}>\n</IfVersion>\n").diagnostics
    assert found.text == "Unable to compile regular expression"


def test_a_directive_of_a_macro_can_be_continued_by_its_argument() -> None:
    tree = read("<Macro m $a>\nA $a\n B\n</Macro>\nUse m 'x\\\\'\n")
    (made,) = tree.occurrences
    assert (made.name, made.args, made.httpd_place[1]) == ("a", "xB", 2)


def test_a_variable_in_a_macro_is_replaced_where_the_macro_is_used() -> None:
    tree = read('<Macro m $a>\n"A" ${$a}\n</Macro>\nDefine V one\nUse m V\nDefine V two\nUse m V\n')
    assert [made.args for made in tree.occurrences] == ["one", "two"]


def test_a_false_section_in_a_macro_ends_with_the_file_it_is_used_in() -> None:
    tree = read("<Macro m>\n<IfModule none>\n</Macro>\nUse m\nA\n</IfModule>\nB\n")
    assert [made.name for made in tree.occurrences] == ["b"]
    assert [found.id for found in tree.diagnostics] == ["AH02795"]
