"""The registry: every rule is found, a malformed one is refused, the index is current."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.lint import rules
from mpmtune.lint.documentation import documentation_of
from mpmtune.lint.listing import listing_of, module_name, written_names
from mpmtune.lint.registry import (
    FAMILIES,
    MalformedRuleError,
    all_rules,
    check_rule,
    find,
    listings,
)
from mpmtune.lint.rule import Every, Over
from tests.lint.own_rules import a_host_rule, a_rule, listed

if TYPE_CHECKING:
    from mpmtune.lint.rule import AnyRule


def test_rules_are_sorted_by_code_and_of_known_families() -> None:
    codes = [rule.code for rule in all_rules()]
    assert codes == sorted(codes)
    assert {rule.family for rule in all_rules()} <= set(FAMILIES)


def test_a_rule_is_found_by_code_and_by_name_in_any_case() -> None:
    rule = find("mpm004")
    assert rule is not None
    assert rule.name == "workers-exceed-process-capacity"
    assert find(" Workers-Exceed-Process-Capacity ") is rule
    assert find("MPM") is None


def test_the_index_is_current() -> None:
    assert listings() == tuple(map(listing_of, all_rules())), "run ./dev docs"


def test_an_entry_of_the_index_loads_its_rule() -> None:
    entry = next(one for one in listings() if one.code == "MPM004")
    assert entry.load() is find("MPM004")
    assert entry.family == "mpm"


def test_an_entry_says_when_its_rule_is_called() -> None:
    rule = a_rule(on=("a",), over=Over.WRITTEN, when_absent=True, whole_tree=True, cis=("1.1",))
    assert listing_of(rule)[2:] == ("rule", True, True, False, ("a",), (), True, True, True)
    assert listing_of(a_host_rule()).kind == "host rule"
    assert listing_of(a_rule(on=Every.DIRECTIVE)).on == "directive"
    written = [listed(rule), listed(a_rule("KAL298")), listed(a_rule("KAL297", on=Every.SOURCE))]
    assert written_names(written) == {"a"}


MODULE = "mpmtune.lint.rules.kal.rule_kal299"


@pytest.mark.parametrize(
    ("rule", "module", "says"),
    [
        (a_rule(), MODULE, ""),
        (None, MODULE, "has no RULE"),
        ("RULE", MODULE, "has no RULE"),
        (a_rule("XYZ101"), MODULE, "the code XYZ101 is of no family"),
        (a_rule("KAL2991"), MODULE, "the code KAL2991 is of no family"),
        (a_rule("KAL301"), MODULE, "the code KAL301 does not begin with KAL2"),
        (a_rule(name="Rule_KAL"), MODULE, "the name Rule_KAL is not in kebab-case"),
        (a_rule(name="other"), MODULE, "belongs into mpmtune.lint.rules.kal.other"),
    ],
)
def test_a_malformed_rule_is_refused_with_a_sentence(
    rule: AnyRule | None, module: str, says: str
) -> None:
    if not says:
        assert check_rule(rule, module) is rule
        return
    with pytest.raises(MalformedRuleError) as caught:
        check_rule(rule, module)
    assert says in caught.value.sentence


def test_a_name_with_a_dot_lies_in_a_file_without() -> None:
    expected = f"{rules.__name__}.dep.dead_2_2_compat_block"
    assert module_name("DEP811", "dead-2.2-compat-block") == expected


def test_documentation_is_taken_apart_at_its_headings() -> None:
    rule = find("MPM004")
    assert rule is not None
    text = documentation_of(rule)
    assert text.summary == "MaxRequestWorkers needs more children than ServerLimit allows."
    assert [heading for heading, _ in text.sections] == [
        "What it does",
        "Why it matters",
        "When to ignore it",
    ]
    assert text.markdown.startswith("## What it does\n\n")
    assert "``" not in text.markdown
