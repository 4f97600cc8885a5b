"""Comments that suppress, and what is said about them."""

from __future__ import annotations

import pytest

from mpmtune.lint.registry import find
from mpmtune.lint.rule import Example, Scope
from mpmtune.lint.suppressions import means, read
from tests.lint.example_readings import reading_of
from tests.lint.own_rules import a_host_rule, a_rule, checked, places

LNT = [find(code) for code in ("LNT001", "LNT002", "LNT003")]


def with_lnt(text: str, *rules: object, **more: object) -> list[tuple[str, int]]:
    return places(checked(text, *(rules or (a_rule(),)), *LNT, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["KAL299", "KAL2", "kal", "rule-kal299", "KAL1, KAL299"])
def test_a_comment_suppresses_in_the_next_directive_by_code_prefix_or_name(name: str) -> None:
    text = f"# mpmtune: ignore[{name}] slow clients\nTimeout 900\nTimeout 901\n"
    report = checked(text, a_rule())
    assert places(report) == [("KAL299", 3)]
    assert [f.line for f in report.suppressed] == [2]


@pytest.mark.parametrize("name", ["KAL298", "KAL2999", "rule", "", "TIMEOUT"])
def test_other_names_suppress_nothing(name: str) -> None:
    text = f"# mpmtune: ignore[{name}] slow clients\nTimeout 900\n"
    assert places(checked(text, a_rule())) == [("KAL299", 2)]


def test_comments_and_blank_lines_may_stand_between() -> None:
    text = "  #mpmtune:ignore[KAL299] why\n\n# more\n\nTimeout 900\n"
    assert places(checked(text, a_rule())) == []


def test_above_a_section_all_that_is_in_it_is_covered() -> None:
    text = (
        "# mpmtune: ignore[KAL299] why\n"
        "<VirtualHost *:80>\n<IfModule core.c>\nTimeout 1\n</IfModule>\nTimeout 2\n</VirtualHost>\n"
        "Timeout 3\n"
    )
    assert places(checked(text, a_rule())) == [("KAL299", 8)]


def test_above_a_section_that_nobody_closes_the_rest_is_covered() -> None:
    text = "# mpmtune: ignore[KAL299] why\n<VirtualHost *:80>\nTimeout 1\n"
    assert places(checked(text, a_rule())) == []


def test_above_a_continued_line_all_of_it_is_covered() -> None:
    text = "# mpmtune: ignore[KAL299] why\nTimeout \\\n 900\nTimeout 1\n"
    assert places(checked(text, a_rule())) == [("KAL299", 4)]


def test_a_whole_file_is_covered_from_anywhere_in_it_but_no_other_file() -> None:
    text = "Timeout 1\nInclude more.conf\n# mpmtune: ignore-file[KAL2] why\n"
    example = Example(files=(("more.conf", "Timeout 2\n"),))
    (finding,) = checked(text, a_rule(), example=example).findings
    assert finding.file.endswith("more.conf")


def test_a_comment_within_a_continued_directive_is_none() -> None:
    text = "ServerAdmin a \\\n# mpmtune: ignore-file[KAL299] why\nTimeout 1\n"
    assert places(checked(text, a_rule())) == [("KAL299", 3)]


def test_two_comments_may_stand_above_one_directive() -> None:
    text = "# mpmtune: ignore[KAL299] a\n# mpmtune: ignore[KAL298] b\nTimeout 1\n"
    assert places(checked(text, a_rule(), a_rule("KAL298"))) == []


def test_what_has_no_place_cannot_be_suppressed() -> None:
    text = "# mpmtune: ignore-file[KAL] why\nKeepAlive On\n"
    from mpmtune.model.finding import Violation

    rule = a_rule(when_absent=True, check=lambda _tree, _hits: iter([Violation(None, "none")]))
    assert places(checked(text, rule)) == [("KAL299", 1)]


def test_one_without_a_reason_is_reported() -> None:
    assert with_lnt("# mpmtune: ignore[KAL299]\nTimeout 1\n") == [("LNT002", 1)]
    assert with_lnt("# mpmtune: ignore[KAL299]  - \nTimeout 1\n") == [("LNT002", 1)]
    assert with_lnt("# mpmtune: ignore[KAL299]: it is slow\nTimeout 1\n") == []


def test_one_that_suppresses_nothing_is_reported_name_by_name() -> None:
    text = "# mpmtune: ignore[KAL299, KAL298] why\nTimeout 1\n"
    only_first = a_rule("KAL298", on=("keepalive",))
    assert with_lnt(text, a_rule(), only_first) == [("LNT001", 1)]
    assert with_lnt("# mpmtune: ignore[KAL299] why\n") == [("LNT001", 1)]


def test_a_rule_that_did_not_run_leaves_no_unused_suppression() -> None:
    text = "# mpmtune: ignore[MPM098] why\nKeepAlive On\n"
    host = a_host_rule()
    assert with_lnt(text, host) == []
    whole = a_rule("MPM098", whole_tree=True)
    assert with_lnt(text, whole, example=Example(scope=Scope.FRAGMENT)) == []
    assert with_lnt(text, whole) == [("LNT001", 1)]


@pytest.mark.parametrize(
    "comment",
    ["# mpmtune: ignore KAL299 why", "# mpmtune: disable[KAL299] why", "# mpmtune: ignore[] why"],
)
def test_one_that_is_not_understood_is_reported_and_suppresses_nothing(comment: str) -> None:
    assert with_lnt(f"{comment}\nTimeout 1\n") == [("LNT003", 1), ("KAL299", 2)]


def test_a_name_that_no_rule_has_is_reported() -> None:
    text = "# mpmtune: ignore[KAL299,XYZ1] why\nTimeout 1\n"
    (finding,) = checked(text, a_rule(), *LNT).findings  # type: ignore[arg-type]
    assert (finding.code, finding.message) == (
        "LNT003",
        "XYZ1 is no code, prefix or name of a rule",
    )


def test_prose_that_names_the_program_is_no_suppression() -> None:
    text = "# see mpmtune: it wrote this\nTimeout 1\nErrorLog mpmtune:log\n"
    assert with_lnt(text) == [("KAL299", 2)]


def test_reading_finds_each_comment_once() -> None:
    text = "# mpmtune: ignore[A] mpmtune: ignore[B]\n# mpmtune: ignore[C] c\nTimeout 1"
    sources = reading_of(Example(), text).trees[0].sources
    assert [(s.names, s.reason) for s in read(sources)] == [
        (("A",), "mpmtune: ignore[B]"),
        (("C",), "c"),
    ]


def test_names_mean_codes_by_prefix_and_names_exactly() -> None:
    assert means("mpm", "MPM004", "workers-exceed-process-capacity")
    assert means("Workers-Exceed-Process-Capacity", "MPM004", "workers-exceed-process-capacity")
    assert not means("workers", "MPM004", "workers-exceed-process-capacity")
    assert not means("", "MPM004", "workers-exceed-process-capacity")
