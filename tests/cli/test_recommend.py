"""``mpmtune recommend`` on trees and on options."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mpmtune.cli.app import run

if TYPE_CHECKING:
    from pathlib import Path

MEMINFO = (
    "MemTotal: 2097152 kB\nMemAvailable: 1048576 kB\nHugePages_Total: 0\nHugepagesize: 2048 kB\n"
)
LIMITS = "Limit Soft Limit Hard Limit Units\nMax open files            8192 8192 files\n"


@pytest.fixture
def tree(tmp_path: Path) -> str:
    """A bare tree of 2 GiB with two CPUs."""
    files = {
        "proc/meminfo": MEMINFO,
        "proc/sys/kernel/pid_max": "32768\n",
        "proc/sys/kernel/threads-max": "32768\n",
        "proc/100/limits": LIMITS,
        "proc/100/status": "Name:\tapache2\nCpus_allowed_list:\t0-1\n",
        "proc/100/cgroup": "0::/\n",
        "proc/100/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(tmp_path)


def test_a_bare_tree_is_planned_for(tree: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recommend", "--host", tree, "--mode", "event", "-f", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    proposed = {one["directive"]: one["proposed"] for one in document["settings"]}
    assert document["schema"] == "mpmtune/plan/v1"
    assert (proposed["MaxRequestWorkers"], proposed["ServerLimit"]) == (400, 32)
    assert document["budget"]["total_bytes"] == 2_147_483_648


def test_the_same_host_gives_the_same_bytes(tree: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["recommend", "--host", tree, "-f", "json"])
    first = capsys.readouterr().out
    run(["recommend", "--host", tree, "-f", "json"])
    assert capsys.readouterr().out == first


def test_the_snippet_alone_is_written_to_a_file(tree: str, tmp_path: Path) -> None:
    target = tmp_path / "mpm.conf"
    assert run(["recommend", "--host", tree, "-f", "conf", "-o", str(target)]) == 0
    assert "MaxRequestWorkers 400\n" in target.read_text()


def test_no_drop_in_is_needed_and_said_so(tree: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recommend", "--host", tree, "-f", "systemd"]) == 0
    assert capsys.readouterr().out == "# No limit of systemd holds this plan down.\n"


def test_a_declared_host_is_trusted_as_declared(
    tree: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--memory", "64GiB", "--cpus", "0.5"]
    assert run(["recommend", "--host", tree, *options, "-f", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["budget"]["total_bytes"] == 68_719_476_736
    sources = {
        leaf["source"]
        for leaf in leaves(document["budget"]["derivations"]["memory"])
        if leaf["trust"] == "declared"
    }
    assert sources == {"--memory"}


def leaves(step: dict[str, object]) -> list[dict[str, object]]:
    inputs = step["inputs"]
    assert isinstance(inputs, list)
    if step["op"] == "leaf":
        return [step]
    return [leaf for part in inputs for leaf in leaves(part)]


def test_a_difference_is_exit_code_1_with_check_only(tree: str) -> None:
    assert run(["recommend", "--host", tree, "--check"]) == 1
    assert run(["recommend", "--host", tree]) == 0


def test_derivations_are_printed_on_request(tree: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["recommend", "--host", tree, "-v"])
    out = capsys.readouterr().out
    assert "MemTotal 2048 MiB   [measured: /proc/meminfo]" in out
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--memory", "0"], "--memory"),
        (["--memory", "1e99"], "--memory"),
        (["--cpus", "-1"], "--cpus"),
        (["--mode", "winnt"], "--mode"),
        (["--host", "/nonexistent"], "--host"),
        (["-f", "yaml"], "--format"),
    ],
)
def test_bad_input_is_a_sentence_that_names_the_option(
    arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["recommend", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert word in shown.err
    assert "Traceback" not in shown.err


def test_an_empty_host_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recommend", "--host", str(tmp_path)]) == 2
    assert "holds no machine" in capsys.readouterr().err


def test_a_host_without_meminfo_asks_for_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "proc").mkdir()
    assert run(["recommend", "--host", str(tmp_path)]) == 2
    assert "--memory" in capsys.readouterr().err
    assert run(["recommend", "--host", str(tmp_path), "--memory", "1GiB", "--cpus", "1"]) == 0


def test_a_failed_write_leaves_no_file(tree: str, tmp_path: Path) -> None:
    target = tmp_path / "absent" / "mpm.conf"
    assert run(["recommend", "--host", tree, "-f", "conf", "-o", str(target)]) == 2
    assert not target.parent.exists()


def test_what_a_bench_measured_is_planned_for(
    tree: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "results.json"
    evidence: dict[str, object] = {
        "memory_samples": [],
        "load": {"arrivals": 900, "service": 0.5, "concurrency": 450},
        "workload": None,
    }
    document = {
        "schema": "mpmtune/bench/v1",
        "made": "2026-11-24",
        "workloads": [{"budget_bytes": None, "evidence": evidence}],
    }
    results.write_text(json.dumps(document))
    assert run(["recommend", "--host", tree, "--bench", str(results)]) == 0
    said = capsys.readouterr().out
    assert "measured: bench of 2026-11-24" in said
    assert run(["recommend", "--host", tree, "--bench", str(tmp_path / "missing")]) == 2
    assert "--bench " in capsys.readouterr().err
