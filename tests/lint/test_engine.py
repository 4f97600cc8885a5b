"""The engine: who is called with what, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.confparse.fragments import read_alone
from mpmtune.confparse.wholes import Assumptions
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.lint.engine import Checks, Reading, check
from mpmtune.lint.rule import EVERY, TEXT, Example, Over, Scope
from mpmtune.model.config import Fault
from mpmtune.model.finding import Passage, Severity, Violation
from mpmtune.model.httpd import Mpm
from tests.builders import facts
from tests.lint.example_readings import MAIN, reading_of
from tests.lint.example_readings import TEXT as EXAMPLE
from tests.lint.own_rules import a_host_rule, a_rule, checked, each, listed, places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.rule import Hits
    from mpmtune.model.config import Tree

FRAGMENT = Example(scope=Scope.FRAGMENT)
NO_MPM = Example(mpm=None)


def test_a_rule_is_called_with_what_it_names_in_httpds_order() -> None:
    report = checked("Timeout 1\nKeepAlive On\nTimeout 2\n", a_rule())
    assert places(report) == [("KAL299", 1), ("KAL299", 3)]
    finding = report.findings[0]
    assert (finding.file, finding.severity, finding.message) == (
        EXAMPLE,
        Severity.WARNING,
        "here is Timeout",
    )


def test_a_rule_without_a_hit_is_not_called() -> None:
    def never(tree: Tree, hits: Hits) -> Iterator[Violation]:
        raise AssertionError

    assert places(checked("KeepAlive On\n", a_rule(check=never))) == []


def test_a_rule_about_absence_is_called_without_a_hit_and_speaks_of_the_whole() -> None:
    def absent(tree: Tree, hits: Hits) -> Iterator[Violation]:
        if not hits.by_name:
            yield Violation(None, "none")

    report = checked("KeepAlive On\n", a_rule(when_absent=True, check=absent))
    (finding,) = report.findings
    assert (finding.file, finding.place, finding.passage) == (MAIN, (1, 1), None)
    assert places(checked("Timeout 1\n", a_rule(when_absent=True, check=absent))) == []


def test_old_spellings_come_under_the_modern_name() -> None:
    rule = a_rule(on=("maxrequestworkers",))
    assert checked("MaxClients 100\n", rule).findings[0].message == "here is MaxClients"


def test_only_the_text_in_force_is_seen_unless_a_rule_asks_for_all() -> None:
    text = "<IfModule absent.c>\nTimeout 1\n</IfModule>\nTimeout 2\n"
    assert places(checked(text, a_rule())) == [("KAL299", 4)]
    written = a_rule(on=("maxrequestworkers",), over=Over.WRITTEN)
    text = "<IfModule absent.c>\nMaxClients 1\n</IfModule>\nMaxRequestWorkers 400\n"
    assert places(checked(text, written)) == [("KAL299", 2), ("KAL299", 4)]


def test_rules_that_see_everything_are_called_with_it() -> None:
    def count(tree: Tree, hits: Hits) -> Iterator[Violation]:
        if hits["timeout"]:
            yield Violation(hits["timeout"][0], f"{len(hits.by_name)} names")

    (finding,) = checked("Timeout 1\nKeepAlive On\n", a_rule(on=EVERY, check=count)).findings
    # loadmodule, listen and include of the main file, and the two.
    assert finding.message == "5 names"

    def texts(tree: Tree, hits: Hits) -> Iterator[Violation]:
        assert not hits.by_name
        yield Violation(Passage(tree.sources[1], 0, 7), "text")

    assert places(checked("Timeout 1\n", a_rule(on=TEXT, check=texts))) == [("KAL299", 1)]


def test_faults_of_the_reader_and_of_httpds_handlers_come_to_who_asks() -> None:
    both = frozenset({Fault.STRAY_CLOSE, Fault.ARGUMENT_COUNT})
    report = checked("</Directory>\nTimeout\n", a_rule(on=(), faults=both))
    assert [(f.message, f.line) for f in report.findings] == [
        ("here is stray-close", 1),
        ("here is argument-count", 2),
    ]
    assert places(checked("Timeout\n", a_rule(on=(), faults=frozenset({Fault.STRAY_CLOSE})))) == []


@pytest.mark.parametrize(
    "value",
    ["${UNDEFINED}", "{{ timeout }}", "<%= timeout %>", "@@Timeout@@", "@timeout@", "%TIMEOUT%"],
)
def test_an_unknown_value_is_not_judged(value: str) -> None:
    text = f"Timeout {value}\nTimeout 5\n"
    assert places(checked(text, a_rule())) == [("KAL299", 2)]
    assert places(checked(text, a_rule(jointly=True))) == []
    assert places(checked(f"Timeout {value}\n", a_rule(when_absent=True))) == []


def test_a_variable_that_is_defined_is_known() -> None:
    assert places(checked("Define T 5\nTimeout ${T}\n", a_rule())) == [("KAL299", 2)]


def test_the_key_of_a_rewrite_map_is_no_variable() -> None:
    text = "RewriteRule ^/(.*)$ ${map:$1} [L]\n"
    rule = a_rule(on=("rewriterule",))
    example = Example(modules=("rewrite_module",))
    assert places(checked(text, rule, example=example)) == [("KAL299", 1)]


def test_faults_on_unknown_values_are_left_out_but_not_those_of_structure() -> None:
    kinds = frozenset({Fault.ARGUMENT_COUNT, Fault.UNCLOSED_SECTION, Fault.UNDEFINED_VARIABLE})
    text = "Timeout ${A} ${B}\n<Directory ${C}>\n"
    found = {f.message for f in checked(text, a_rule(on=(), faults=kinds)).findings}
    assert found == {"here is unclosed-section", "here is undefined-variable"}


def test_where_a_template_decides_about_lines_they_are_not_compared() -> None:
    text = "{% if a %}\nTimeout 1\n{% else %}\nTimeout 2\n{% endif %}\n"
    kinds = frozenset({Fault.UNKNOWN_COMMAND})
    assert places(checked(text, a_rule(jointly=True))) == []
    assert places(checked(text, a_rule(on=(), faults=kinds))) == []
    assert places(checked(text, a_rule())) == [("KAL299", 2), ("KAL299", 4)]


def test_a_rule_for_some_mpms_needs_one_of_them() -> None:
    rule = a_rule(mpms=frozenset({Mpm.PREFORK}))
    assert places(checked("Timeout 1\n", rule)) == []
    assert places(checked("Timeout 1\n", rule, example=Example(mpm=Mpm.PREFORK))) == [("KAL299", 1)]
    assert places(checked("Timeout 1\n", rule, example=NO_MPM)) == []


def test_a_rule_holds_for_its_versions_of_httpd() -> None:
    assert places(checked("Timeout 1\n", a_rule(httpd_since=(2, 4, 72)))) == []
    assert places(checked("Timeout 1\n", a_rule(httpd_until=(2, 4, 71)))) == []
    fitting = a_rule(httpd_since=(2, 4, 71), httpd_until=(2, 4, 72))
    assert places(checked("Timeout 1\n", fitting)) == [("KAL299", 1)]


def test_in_a_fragment_a_rule_that_needs_the_whole_is_silent() -> None:
    rule = a_rule(whole_tree=True)
    assert places(checked("Timeout 1\n", rule)) == [("KAL299", 1)]
    assert places(checked("Timeout 1\n", rule, example=FRAGMENT)) == []


def test_a_host_rule_runs_with_facts_only() -> None:
    report = checked("Timeout 1\n", a_host_rule())
    assert (places(report), report.host_rules_left_out) == ([], 1)
    report = checked("Timeout 1\n", a_host_rule(), facts=facts())
    assert (places(report), report.host_rules_left_out) == ([("MPM098", 1)], 0)


BLOCKS = (
    "<IfModule mpm_prefork_module>\nMaxRequestWorkers 9\n</IfModule>\n"
    "<IfModule mpm_event_module>\nMaxRequestWorkers 8\n</IfModule>\n"
    "ServerLimit 7\n"
)


def test_without_a_known_mpm_each_block_is_judged_under_its_own() -> None:
    def under(tree: Tree, hits: Hits) -> Iterator[Violation]:
        for hit in hits:
            loaded = [mpm.value for mpm in Mpm if mpm.module in tree.modules]
            yield Violation(hit, f"{hit.item.args} under {loaded[0]}")

    rule = a_rule(on=("maxrequestworkers",), check=under)
    report = checked(BLOCKS, rule, example=FRAGMENT)
    assert [f.message for f in report.findings] == ["9 under prefork", "8 under event"]


def test_what_stands_outside_of_blocks_must_be_wrong_under_each_mpm() -> None:
    threaded = frozenset({Mpm.EVENT, Mpm.WORKER})
    rule = a_rule(on=("serverlimit",), mpms=threaded)
    assert places(checked(BLOCKS, rule, example=FRAGMENT)) == []
    rule = a_rule(on=("serverlimit",))
    assert places(checked(BLOCKS, rule, example=FRAGMENT)) == [("KAL299", 7)]


def test_a_named_mpm_is_the_only_one() -> None:
    files = MemoryFiles({"/a.conf": BLOCKS.encode()})
    reading = read_alone(files, "/a.conf", Assumptions(mpm=Mpm.EVENT))
    rule = listed(a_rule(on=("maxrequestworkers",)))
    assert places(check([reading], Checks([rule]))) == [("KAL299", 5)]


def test_a_file_that_several_configurations_share_is_reported_once() -> None:
    reading = reading_of(Example(), "Timeout 1\n")
    report = check([reading, reading], Checks([listed(a_rule())]))
    assert places(report) == [("KAL299", 1)]


def test_a_file_that_is_included_twice_is_reported_once() -> None:
    text = "<VirtualHost *:80>\nInclude more.conf\n</VirtualHost>\n"
    example = Example(files=(("more.conf", "Timeout 1\n"),))
    assert len(checked(text * 2, a_rule(), example=example).findings) == 1


def test_findings_of_files_that_are_not_asked_about_are_left_out() -> None:
    reading = reading_of(Example(), "Timeout 1\n")
    some = Reading(reading.trees, only=frozenset({MAIN}))
    report = check([some], Checks([listed(a_rule())]))
    assert (places(report), report.files) == ([], (MAIN,))


def test_paths_are_shown_as_the_reading_says() -> None:
    reading = reading_of(Example(), "Timeout 1\n")
    shown = Reading(reading.trees, shown=lambda path: path.replace("/etc/apache2", "conf"))
    report = check([shown], Checks([listed(a_rule())]))
    assert report.findings[0].file == "conf/example.conf"
    assert report.files == ("conf/apache2.conf", "conf/example.conf")


def test_a_line_of_a_macro_is_reported_in_its_body_once() -> None:
    text = "<Macro m $t>\nTimeout $t\n</Macro>\nUse m 1\nUse m 2\n"
    report = checked(text, a_rule(), example=Example(modules=("macro_module",)))
    assert places(report) == [("KAL299", 2)]


def test_a_milder_case_has_its_own_severity() -> None:
    def mild(tree: Tree, hits: Hits) -> Iterator[Violation]:
        yield Violation(next(iter(hits)), "mild", severity=Severity.INFO)

    assert checked("Timeout 1\n", a_rule(check=mild)).findings[0].severity is Severity.INFO


def test_text_of_the_file_in_a_message_is_read_as_utf8() -> None:
    def quote(tree: Tree, hits: Hits) -> Iterator[Violation]:
        yield Violation(next(iter(hits)), f"“{next(iter(hits)).item.args}” × 2")

    text = "Timeout Größe\n"
    assert checked(text, a_rule(check=quote)).findings[0].message == "“Größe” × 2"
    assert "ÿ" in checked("Timeout \udcff\n", a_rule(check=quote)).findings[0].message


def test_httpds_numbers_are_those_of_the_mpm() -> None:
    rule = a_rule(httpd_ids={Mpm.EVENT: ("AH00515",), Mpm.WORKER: ("AH00318",)})
    assert checked("Timeout 1\n", rule).findings[0].httpd_ids == ("AH00515",)
    report = checked("Timeout 1\n", rule, example=Example(mpm=Mpm.WORKER))
    assert report.findings[0].httpd_ids == ("AH00318",)
    assert checked("Timeout 1\n", rule, example=NO_MPM).findings[0].httpd_ids == ()


def test_the_report_counts_files_and_directives() -> None:
    report = checked("Timeout 1\nKeepAlive On\n", a_rule())
    assert report.files == (MAIN, EXAMPLE)
    assert report.directives == 5  # Listen three times, Timeout, KeepAlive
    assert [report.how_many(severity) for severity in Severity] == [0, 1, 0]


def test_a_word_is_pointed_at_and_the_whole_where_it_is_not_written() -> None:
    def second(tree: Tree, hits: Hits) -> Iterator[Violation]:
        for hit in hits:
            yield Violation(hit, "word", word=2)

    rule = a_rule(on=("directoryindex",), check=second)
    text = (
        '  DirectoryIndex a "b c" d\n'
        "DirectoryIndex a \\\n  b\n"
        "Define X b\nDirectoryIndex a ${X}\n"
        "DirectoryIndex a\n"
    )
    found = checked(text, rule).findings
    assert [f.place + f.end_place for f in found] == [
        (1, 20, 1, 25),
        (3, 3, 3, 4),
        (5, 1, 5, 22),
        (6, 1, 6, 17),
    ]


def test_the_name_is_word_0() -> None:
    def name(tree: Tree, hits: Hits) -> Iterator[Violation]:
        yield Violation(next(iter(hits)), "name", word=0)

    (finding,) = checked("\t Timeout 1\n", a_rule(check=name)).findings
    assert finding.place + finding.end_place == (1, 3, 1, 10)


FIRST = "<VirtualHost *:80>\nTimeout  1\n</VirtualHost>\n"


def fingerprints(text: str) -> list[str]:
    return [f.fingerprint for f in checked(text, a_rule()).findings]


def test_a_fingerprint_stays_when_lines_move_and_blanks_change() -> None:
    before = fingerprints(FIRST)
    assert fingerprints("# a comment\n\n" + FIRST) == before
    assert fingerprints(FIRST.replace("Timeout  1", "  timeout\t1")) == before


def test_a_fingerprint_tells_value_scope_and_ordinal_apart() -> None:
    one, two = fingerprints(FIRST + FIRST)
    assert len({one, two, *fingerprints(FIRST.replace("1", "2"))}) == 3
    assert one not in fingerprints("Timeout 1\n")
    assert len(one) == 64


def test_no_secret_goes_into_what_a_fingerprint_is_made_of() -> None:
    rule = a_rule(on=("authldapbindpassword",), check=each)
    example = Example(modules=("ldap_module", "authnz_ldap_module"))
    text = "<Location /a>\nAuthLDAPBindPassword S3CRET\n</Location>\n"
    (finding,) = checked(text, rule, example=example).findings
    assert "S3CRET" not in " ".join(finding.identity)
    assert finding.scope == ("<location /a>",)


def test_a_fault_is_placed_without_the_blanks_around_it() -> None:
    kinds = frozenset({Fault.ARGUMENT_COUNT, Fault.STRAY_CLOSE})
    found = checked("  Timeout  \n </Files> \n", a_rule(on=(), faults=kinds)).findings
    assert [f.place + f.end_place for f in found] == [(1, 3, 1, 10), (2, 2, 2, 10)]


def test_without_a_known_mpm_what_has_no_line_must_be_said_under_each() -> None:
    def absent(tree: Tree, hits: Hits) -> Iterator[Violation]:
        loaded = [mpm for mpm in Mpm if mpm.module in tree.modules]
        yield Violation(None, "always")
        if loaded == [Mpm.EVENT]:
            yield Violation(Passage(tree.sources[0], 0, 3), "under event only")

    rule = a_rule(on=("timeout",), when_absent=True, check=absent)
    report = checked(BLOCKS, rule, example=FRAGMENT)
    assert [finding.message for finding in report.findings] == ["always"]


def test_a_word_that_a_continuation_breaks_is_shown_with_the_whole() -> None:
    def last(tree: Tree, hits: Hits) -> Iterator[Violation]:
        yield Violation(next(iter(hits)), "word", word=1)

    def name(tree: Tree, hits: Hits) -> Iterator[Violation]:
        yield Violation(next(iter(hits)), "name", word=0)

    (finding,) = checked("Timeout 6\\\n0\n", a_rule(check=last)).findings
    assert finding.place + finding.end_place == (1, 1, 2, 2)
    text = "Define T Timeout\n${T} 60\n"
    (finding,) = checked(text, a_rule(check=name)).findings
    assert finding.place + finding.end_place == (2, 1, 2, 8)
