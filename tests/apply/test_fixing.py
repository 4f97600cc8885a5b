"""Fixes in memory: each proved, round after round, nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.edited_files import EditedFiles
from mpmtune.apply.fixing import Fixed, Fixing
from mpmtune.confparse.inputs import read_inputs
from mpmtune.confparse.wholes import Assumptions
from mpmtune.host.local import LocalFiles
from mpmtune.lint.engine import Checks, Report, check
from mpmtune.lint.fixes import fix, insert_after, insert_before, remove, replace_word
from mpmtune.model.finding import Severity, Violation
from tests.lint.own_rules import a_rule, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mpmtune.host.doorway import Files
    from mpmtune.lint.rule import AnyRule, Hits
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def flags(wrong: str, make: Callable[[Occurrence], Fix | None]) -> Callable[..., object]:
    """Make a check that flags a value, with a fix for it."""

    def one(tree: Tree, hits: Hits) -> Iterator[Violation]:
        for hit in hits:
            if hit.args.startswith(wrong):
                yield Violation(hit, "wrong", make(hit))

    return one


def fixed(
    here: Path, *rules: AnyRule, unsafe: bool = False, allowed: Callable[[str], bool] = bool
) -> Fixed:
    """Fix all files of a directory in memory."""
    checks = Checks([listed(rule) for rule in rules])

    def lint(files: Files) -> Report:
        return check(read_inputs(files, ["."], Assumptions(str(here))), checks)

    return Fixing(LocalFiles(), lint, unsafe=unsafe, may_change=allowed).run()


def texts(result: Fixed) -> dict[str, str]:
    return {change.path.rpartition("/")[2]: change.after.decode() for change in result.changes}


SIXTY = a_rule(check=flags("9", lambda hit: fix("x", replace_word(hit, 1, "60"), safe=True)))


def test_every_file_is_fixed_and_none_is_written(here: Path) -> None:
    (here / "a.conf").write_bytes(b"Timeout 900\r\n# \xff\nTimeout 901")
    (here / "b.conf").write_text("  Timeout 99 # x\n")
    (here / "c.conf").write_text("Timeout 60\n")
    result = fixed(here, SIXTY)
    assert [change.after for change in result.changes] == [
        b"Timeout 60\r\n# \xff\nTimeout 60",
        b"  Timeout 60 # x\n",
    ]
    assert (result.done, result.refused) == (3, ())
    assert len(result.before.findings) == 3
    assert result.report.findings == ()
    assert (here / "a.conf").read_bytes().startswith(b"Timeout 900")


def test_what_a_fix_reveals_is_fixed_in_the_next_round(here: Path) -> None:
    (here / "a.conf").write_text("Timeout 900\n")
    once = a_rule(check=flags("9", lambda hit: fix("x", replace_word(hit, 1, "80"), safe=True)))
    twice = a_rule(
        "KAL298",
        severity=Severity.INFO,
        check=flags("8", lambda hit: fix("x", replace_word(hit, 1, "7"), safe=True)),
    )
    assert texts(fixed(here, once, twice)) == {"a.conf": "Timeout 7\n"}


def test_an_unsafe_fix_is_made_only_when_asked(here: Path) -> None:
    (here / "a.conf").write_text("Timeout 900\n")
    rule = a_rule(check=flags("9", lambda hit: fix("x", replace_word(hit, 1, "60"))))
    assert texts(fixed(here, rule)) == {}
    assert texts(fixed(here, rule, unsafe=True)) == {"a.conf": "Timeout 60\n"}


def test_a_fix_that_brings_another_finding_is_refused(here: Path) -> None:
    (here / "a.conf").write_text("Timeout 900\nKeepAlive On\n")
    worse = a_rule("KAL298", on=("keepalive",), check=flags("On", lambda _hit: None))
    rule = a_rule(
        check=flags(
            "9", lambda hit: fix("x", insert_after(hit, "KeepAlive On"), remove(hit), safe=True)
        )
    )
    result = fixed(here, rule, worse)
    assert (texts(result), result.done) == ({}, 0)
    assert [finding.code for finding in result.refused] == ["KAL299"]


def test_a_fix_that_does_not_help_is_refused(here: Path) -> None:
    (here / "a.conf").write_text("Timeout 900\n")
    rule = a_rule(check=flags("9", lambda hit: fix("x", replace_word(hit, 1, "91"), safe=True)))
    result = fixed(here, rule)
    assert (texts(result), len(result.refused)) == ({}, 1)


def test_one_bad_fix_does_not_keep_the_good_ones_back(here: Path) -> None:
    for number in range(6):
        (here / f"{number}.conf").write_text(f"Timeout 9{number}\n")

    def make(hit: Occurrence) -> Fix | None:
        new = "99" if hit.args == "93" else "60"
        return fix("x", replace_word(hit, 1, new), safe=True)

    result = fixed(here, a_rule(check=flags("9", make)))
    assert sorted(texts(result)) == ["0.conf", "1.conf", "2.conf", "4.conf", "5.conf"]
    assert [finding.file for finding in result.refused] == ["3.conf"]


def test_an_edit_that_changes_how_other_lines_are_read_is_refused(here: Path) -> None:
    (here / "a.conf").write_text("Timeout 900\nKeepAlive On\n")
    rule = a_rule(check=flags("9", lambda hit: fix("x", replace_word(hit, 1, "60 \\"), safe=True)))
    result = fixed(here, rule)
    assert (texts(result), len(result.refused)) == ({}, 1)


def test_a_file_that_may_not_be_changed_is_left(here: Path) -> None:
    (here / "a.conf").write_text("Timeout 900\n")
    (here / "b.conf").write_text("Timeout 900\n")
    result = fixed(here, SIXTY, allowed=lambda name: name == "b.conf")
    assert texts(result) == {"b.conf": "Timeout 60\n"}
    assert [finding.file for finding in result.refused] == ["a.conf"]


def test_a_template_is_left(here: Path) -> None:
    (here / "a.conf").write_text("Timeout 900\nServerName {{ name }}\n")
    assert texts(fixed(here, SIXTY)) == {}


def test_a_fragment_that_is_read_for_each_mpm_is_fixed_once(here: Path) -> None:
    (here / "a.conf").write_text("MaxRequestWorkers 900\nServerLimit 900\n")
    rule = a_rule(
        on=("maxrequestworkers", "serverlimit"),
        check=flags(
            "9",
            lambda hit: fix("x", insert_before(hit, "# n"), replace_word(hit, 1, "8"), safe=True),
        ),
    )
    result = fixed(here, rule)
    assert texts(result) == {"a.conf": "# n\nMaxRequestWorkers 8\n# n\nServerLimit 8\n"}


def test_a_file_is_found_changed_under_every_link_to_it(here: Path) -> None:
    (here / "a.conf").write_text("Timeout 900\n")
    (here / "b.conf").symlink_to("a.conf")
    files = EditedFiles(LocalFiles()).having({str((here / "a.conf").resolve()): b"new"})
    assert files.read(str(here / "b.conf")) == b"new"
    assert files.read(str(here / "c.conf")) != b"new"
    assert [change.before for change in files.changes()] == [b"Timeout 900\n"]
    assert files.glob(f"{here}/*.conf") == (f"{here}/a.conf", f"{here}/b.conf")
    assert list(files.stream(str(here / "a.conf"))) == [b"Timeout 900\n"]
