"""Workloads that hold workers, with a real httpd, in a short form: every kind of client is served."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mpmtune.bench.programs import find_programs
from mpmtune.bench.registry import find
from mpmtune.cli.app import run
from mpmtune.errors import HttpdError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.httpd


def measured(
    name: str, capsys: pytest.CaptureFixture[str], setting: str = "debian", scale: str = "0.05"
) -> Mapping[str, float]:
    """Give the figures of one run, and its score."""
    try:
        programs = find_programs()
    except HttpdError as error:
        pytest.skip(error.sentence)
    if lacking := programs.lacking(find(name).needs):
        pytest.skip(lacking)
    short = ("--scale", scale, "--seconds", "1", "-n", "1", "-q", "-f", "json")
    assert run(["bench", name, "-s", setting, *short]) == 0
    (found,) = json.loads(capsys.readouterr().out)["workloads"][0]["settings"]
    (only,) = found["runs"]
    return {**only["figures"], "score": only["score"], "over_budget": only["over_budget"]}


@pytest.mark.parametrize("name", ["slow_uploads", "tls_handshakes", "tunnels"])
def test_a_server_with_workers_to_spare_serves_all(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    found = measured(name, capsys)
    assert found["score"] > 0.5


def test_both_pools_answer(capsys: pytest.CaptureFixture[str]) -> None:
    found = measured("two_pools", capsys)
    assert found["pages_p50_seconds"] >= 0.1
    assert found["reports_p50_seconds"] >= 0.75
    assert found["probe_share"] > 0.5


def test_debians_children_and_a_pool_break_a_small_budget(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = measured("shared_memory", capsys)
    assert found["over_budget"]
    assert found["score"] == 0


def test_few_children_and_a_pool_keep_to_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    few = tmp_path / "few.conf"
    few.write_text("ServerLimit 3\nMaxRequestWorkers 3\nStartServers 3\n")
    found = measured("shared_memory", capsys, f"file:{few}", "0.2")
    assert not found["over_budget"]
    together = found["clients_per_second"] + found["pool_per_second"]
    assert found["score"] == pytest.approx(together, abs=0.02)
    assert together > 0
    assert found["clients_p50_seconds"] >= 1.0
