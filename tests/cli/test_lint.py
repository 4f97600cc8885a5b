"""``mpmtune lint`` from the outside: paths, options, exit codes, what is written."""

from __future__ import annotations

import io
import json
import os
import stat
from typing import TYPE_CHECKING

import pytest

from mpmtune.cli.app import run

if TYPE_CHECKING:
    from pathlib import Path

BAD = "ThreadsPerChild 25\nMaxRequestWorkers 800\n"
OLD = "MaxClients 150\n"
ERROR = "<Directory /srv>\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


def lint(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["lint", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def codes(out: str) -> list[str]:
    return [finding["code"] for finding in json.loads(out)["findings"]]


def test_a_finding_of_an_error_makes_exit_1(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.conf").write_text(ERROR)
    code, out, _ = lint(capsys, "a.conf")
    assert code == 1
    assert out.startswith("a.conf:1:1: SYN901 <Directory> was not closed\n")


def test_less_than_the_limit_makes_exit_0(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.conf").write_text(OLD)
    assert lint(capsys, "a.conf")[0] == 0
    assert lint(capsys, "a.conf", "--fail-on", "info")[0] == 1
    (here / "b.conf").write_text(ERROR)
    assert lint(capsys, "b.conf", "--fail-on", "never")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["absent.conf"], "absent.conf does not exist."),
        (["--select", "XYZ", "a.conf"], "XYZ is no code, prefix or name of a rule."),
        (["--target", "amiga", "a.conf"], "--target amiga is not known."),
        (["--httpd-version", "3", "a.conf"], "--httpd-version 3 is no version."),
        (["--root", "absent", "a.conf"], "--root absent is not a directory."),
        (["--baseline", "absent", "a.conf"], "--baseline absent cannot be read"),
        (["--fail-on", "sometimes", "a.conf"], "sometimes"),
        (["--host", "absent", "a.conf"], "--host absent is not a directory."),
        (["-o", "absent/x", "a.conf"], "absent/x cannot be written"),
        ([], "holds no httpd configuration"),
    ],
)
def test_what_cannot_be_used_makes_exit_2_and_a_sentence(
    arguments: list[str], says: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "a.conf" in arguments:
        (here / "a.conf").write_text(OLD)
    code, out, err = lint(capsys, *arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


def test_codes_are_chosen_by_prefix_and_by_commas(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.conf").write_text(OLD + ERROR)
    assert codes(lint(capsys, "a.conf", "-f", "json", "--select", "SYN9,DEP803")[1]) == [
        "DEP803",
        "SYN901",
    ]
    assert codes(lint(capsys, "a.conf", "-f", "json", "--ignore", "syn")[1]) == ["DEP803"]


def test_standard_input_is_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(OLD.encode())))
    code, out, _ = lint(capsys, "-")
    assert code == 0
    assert out.startswith("-:1:1: DEP803 [*] ")


def test_settings_say_what_is_checked_and_options_are_stronger(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "conf").mkdir()
    (here / "conf/a.conf").write_text(OLD)
    (here / "mpmtune.toml").write_text('[lint]\npaths = ["conf"]\nfail-on = "info"\n')
    assert lint(capsys)[0] == 1
    assert lint(capsys, "--fail-on", "error")[0] == 0
    (here / "mpmtune.toml").write_text('[lint]\npaths = ["conf"]\n[lint.severity]\nDEP = "error"\n')
    assert lint(capsys)[0] == 1
    (here / "mpmtune.toml").write_text('[lint]\nprofile = "none"\n')
    code, _, err = lint(capsys, "conf")
    assert code == 2
    assert "The setting profile cannot be none." in err
    (here / "mpmtune.toml").write_text('[lint]\n[lint.per-file-ignores]\n"conf/*" = ["DEP"]\n')
    assert "No findings" in lint(capsys, "conf")[1]


def test_a_baseline_leaves_out_what_it_holds_and_tells_what_is_gone(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.conf").write_text(OLD + ERROR)
    code, out, _ = lint(capsys, "a.conf", "--write-baseline", "base.json")
    assert code == 0
    assert "No findings in 1 file (2 in the baseline)." in out
    assert lint(capsys, "a.conf", "--baseline", "base.json")[0] == 0
    (here / "a.conf").write_text("# moved\n" + ERROR + "</Files>\n")
    code, out, err = lint(capsys, "a.conf", "--baseline", "base.json")
    assert code == 1
    assert "</Files>" in out
    assert "1 finding of the baseline no longer there (DEP803)" in err


def test_fix_rewrites_the_file_and_a_second_run_changes_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = here / "a.conf"
    file.write_bytes(b"# gr\xc3\xb6\xdfe\r\n\tMaxClients 150 \r\nKeepAlive On")
    file.chmod(0o640)
    _, out, err = lint(capsys, "a.conf", "--fix", "--select", "DEP803")
    assert file.read_bytes() == b"# gr\xc3\xb6\xdfe\r\n\tMaxRequestWorkers 150 \r\nKeepAlive On"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert "Fixed 1 finding in 1 file." in err
    assert out == "No findings in 1 file.\n"
    before = file.stat()
    assert "Fixed" not in lint(capsys, "a.conf", "--fix", "--select", "DEP803")[2]
    assert file.stat().st_ino == before.st_ino


def test_unsafe_fixes_are_made_when_asked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = here / "a.conf"
    file.write_text(BAD)
    arguments = ("a.conf", "--select", "MPM004", "--mpm", "event")
    assert lint(capsys, *arguments, "--fix")[0] == 1
    assert file.read_text() == BAD
    assert lint(capsys, *arguments, "--unsafe-fixes")[0] == 0
    assert "ServerLimit" in file.read_text()


def test_diff_shows_what_fix_would_do_and_writes_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.conf").write_text(OLD)
    code, out, _ = lint(capsys, "a.conf", "--diff")
    assert code == 0
    assert out == (
        "--- a/a.conf\n+++ b/a.conf\n@@ -1,2 +1,2 @@\n-MaxClients 150\n+MaxRequestWorkers 150\n\n"
    ).replace("\n\n", "\n \n").replace(" \n", "\n")
    assert (here / "a.conf").read_text() == OLD
    (here / "b.conf").write_text("KeepAlive On\n")
    assert lint(capsys, "b.conf", "--diff")[1] == ""


def test_a_link_of_sites_enabled_is_fixed_where_it_leads(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("sites-available", "sites-enabled"):
        (here / name).mkdir()
    (here / "sites-available/a.conf").write_text(OLD)
    (here / "sites-enabled/a.conf").symlink_to("../sites-available/a.conf")
    lint(capsys, "sites-enabled/a.conf", "--fix")
    assert (here / "sites-enabled/a.conf").is_symlink()
    assert (here / "sites-available/a.conf").read_text() == "MaxRequestWorkers 150\n"


def test_a_link_that_leads_elsewhere_is_not_followed_to_write(
    here: Path, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    decoy = tmp_path_factory.mktemp("elsewhere") / "decoy.conf"
    decoy.write_text(OLD)
    (here / "a.conf").symlink_to(decoy)
    _, _, err = lint(capsys, "a.conf", "--fix")
    assert decoy.read_text() == OLD
    assert "a.conf:1: DEP803 is left to you" in err


def test_standard_input_and_another_host_cannot_be_fixed(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(OLD.encode())))
    code, _, err = lint(capsys, "-", "--fix")
    assert code == 2
    assert "Standard input cannot be fixed." in err
    (here / "host/etc").mkdir(parents=True)
    (here / "host/etc/a.conf").write_text(OLD)
    code, _, err = lint(capsys, "/etc/a.conf", "--host", "host", "--fix")
    assert code == 2
    assert "--fix changes nothing with --host." in err


def test_a_bare_tree_is_checked_and_gives_facts(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "host/etc").mkdir(parents=True)
    (here / "host/etc/a.conf").write_text(OLD)
    code, out, err = lint(capsys, "/etc/a.conf", "--host", "host", "-f", "json")
    assert code == 0
    document = json.loads(out)
    assert [f["file"] for f in document["findings"]] == ["/etc/a.conf"]
    assert document["summary"]["host_rules_left_out"] == 0
    assert err == ""
    code, _, err = lint(capsys, "a.conf", "--host", "host", "--root", ".")
    assert code == 2
    assert "--root and --host exclude each other." in err


def test_host_rules_that_had_no_facts_are_told_unless_quiet(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.conf").write_text(OLD)
    assert "did not run, for want of facts" in lint(capsys, "a.conf", "--profile", "strict")[2]
    assert lint(capsys, "a.conf", "--profile", "strict", "-q")[2] == ""


def test_the_result_goes_to_a_file_when_asked(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.conf").write_text(OLD)
    code, out, _ = lint(capsys, "a.conf", "-f", "sarif", "-o", "out.sarif")
    assert (code, out) == (0, "")
    assert json.loads((here / "out.sarif").read_text())["version"] == "2.1.0"


def test_outside_of_the_root_nothing_is_read(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "conf").mkdir()
    (here / "secret.conf").write_text(ERROR)
    (here / "conf/httpd.conf").write_text(f"ServerRoot {here}/conf\nInclude {here}/secret.conf\n")
    (here / "conf/link.conf").symlink_to("../secret.conf")
    code, out, _ = lint(capsys, "conf/httpd.conf", "--root", "conf", "--select", "SYN901")
    assert (code, out) == (0, "No findings in 1 file.\n")
    code, _, err = lint(capsys, "conf/link.conf", "--root", "conf")
    assert code == 2
    assert "lies outside" in err


@pytest.mark.parametrize("content", [b"", b"\x00", b"\xff\xfe", b"<", b"\\", b'"', b"</", b"<If"])
def test_odd_files_end_with_findings_or_none(
    content: bytes, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.conf").write_bytes(content)
    code, out, err = lint(capsys, "a.conf", "--profile", "strict", "-v")
    assert code in {0, 1}
    assert "Traceback" not in err
    assert out


def test_a_fifo_is_not_waited_for(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(here / "a.conf")
    code, _, err = lint(capsys, "a.conf")
    assert code == 2
    assert "a.conf cannot be read" in err


def test_envvars_beside_the_main_file_is_read_and_not_run(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = here / "host/etc/apache2"
    (tree / "mods-enabled").mkdir(parents=True)
    (tree / "apache2.conf").write_text(
        "IncludeOptional mods-enabled/*.load\nServerName ${OWN_NAME}\n"
    )
    arguments = ("/etc/apache2", "--host", "host", "--select", "SYN909", "-f", "json")
    assert codes(lint(capsys, *arguments)[1]) == ["SYN909"]
    (tree / "envvars").write_text(f"export OWN_NAME=a.example.com\ntouch {here}/marker\n")
    (here / "host/etc/os-release").write_text("ID=ubuntu\nVERSION_ID=24.04\n")
    assert codes(lint(capsys, *arguments)[1]) == []
    assert not (here / "marker").exists()


def test_target_and_version_are_taken_from_options(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.conf").write_text("<IfVersion = 2.4.37>\nMaxClients 5\n</IfVersion>\n")
    arguments = ("a.conf", "-f", "json", "--select", "DEP803")
    assert codes(lint(capsys, *arguments)[1]) == []
    assert codes(lint(capsys, *arguments, "--httpd-version", "2.4.37")[1]) == ["DEP803"]
    assert codes(lint(capsys, *arguments, "--target", "rhel-8")[1]) == ["DEP803"]


def test_a_settings_file_that_cannot_be_read_is_a_sentence(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "mpmtune.toml").write_text("[lint]\n")
    (here / "mpmtune.toml").chmod(0)
    (here / "a.conf").write_text(OLD)
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    code, _, err = lint(capsys, "a.conf")
    assert code == 2
    assert "mpmtune.toml cannot be read" in err


def test_explain_all_explains_in_text_and_json_and_in_no_other_format(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.conf").write_text(OLD)
    _, out, _ = lint(capsys, "a.conf", "--explain-all")
    assert "= cause: An MPM directive is written under the name" in out
    _, out, _ = lint(capsys, "a.conf", "--explain-all", "-f", "json")
    (finding,) = json.loads(out)["findings"]
    assert finding["explanation"]["fix"] == "--fix"
    _, out, _ = lint(capsys, "a.conf", "-f", "json")
    assert "explanation" not in json.loads(out)["findings"][0]
    code, _, err = lint(capsys, "a.conf", "--explain-all", "-f", "sarif")
    assert code == 2
    assert "--explain-all goes with the formats text and json" in err


def test_explain_all_has_nothing_to_say_where_nothing_is_found(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.conf").write_text("KeepAlive On\n")
    code, out, _ = lint(capsys, "a.conf", "--explain-all", "-f", "json")
    assert code == 0
    assert json.loads(out)["findings"] == []
