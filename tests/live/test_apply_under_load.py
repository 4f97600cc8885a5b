"""Graceful applies while visitors come: nobody is lost, and nobody waits for long."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.applying import Request, apply_change
from mpmtune.apply.disk import Disk
from mpmtune.apply.entry import Kind
from mpmtune.apply.new_entry import new_entry
from mpmtune.apply.putting_in_force import Patience
from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.host.local import LocalHost
from mpmtune.model.changes import ChangeSet, FileChange, Regular
from mpmtune.model.server import Server
from tests.live.laid_out_httpd import LaidOutHttpd
from tests.live.private_httpd import binary
from tests.live.test_apply_live import place

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["place"]
pytestmark = pytest.mark.httpd

LENGTH = 4 * 1024 * 1024
CLIENT = Path(__file__).with_name("lossless_client.py")


class Visited:
    """A server with visitors."""

    def __init__(self, httpd: LaidOutHttpd, slow: int) -> None:
        (httpd.root / "www/large").write_bytes(b"x" * LENGTH)
        self._process = subprocess.Popen(
            [sys.executable, str(CLIENT), str(httpd.port), str(LENGTH), str(slow)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def counts(self) -> dict[str, float]:
        said, _ = self._process.communicate("", timeout=90)
        found: dict[str, float] = json.loads(said)
        return found


def reapply(httpd: LaidOutHttpd, seconds: int) -> None:
    """Apply another KeepAliveTimeout, which needs a graceful restart."""
    snippet = f"{httpd.root}/conf-available/zz-mpmtune.conf"
    before = Disk(".test").state(snippet)
    assert isinstance(before, Regular)
    lines = [
        f"KeepAliveTimeout {seconds}\n" if "KeepAliveTimeout" in line.split() else line
        for line in before.content.decode().splitlines(keepends=True)
    ]
    after = replace(before, content="".join(lines).encode())
    host = LocalHost()
    choice = Choice(binary(), str(httpd.conf), str(httpd.root))
    facts = detect_facts(host, choice)
    assert isinstance(facts.server, Server)
    changes = ChangeSet((FileChange(snippet, before, after),))
    entry = new_entry(Kind.APPLY, "another time-out", str(httpd.root), changes)
    patience = Patience(watch=1.3)
    request = Request(host, choice, facts, facts.server, entry, {}, patience)
    done = apply_change(request, str(httpd.state), lambda _work, _found: None)
    assert done.work.action.name == "GRACEFUL"


@pytest.fixture(params=["event", "worker", "prefork"])
def planned(request: pytest.FixtureRequest, place: Path) -> Iterator[LaidOutHttpd]:
    with LaidOutHttpd(place) as httpd:
        assert httpd.mpmtune("apply", "--mode", request.param, "--yes", "-q") == 0
        yield httpd


def test_nobody_is_lost_and_nobody_waits(
    planned: LaidOutHttpd, request: pytest.FixtureRequest
) -> None:
    applies = 100 if request.config.getoption("--all-faults") else 3
    visited = Visited(planned, slow=8)
    for number in range(applies):
        reapply(planned, 3 + number % 2)
    counts = visited.counts()
    print(applies, "applies:", counts)
    assert [name for name in counts if "lost" in name] == []
    assert counts["answered"] > 20 * applies
    assert counts["slow answered"] >= 8
    assert counts["kept answered"] > 0
    assert counts["worst_pause"] <= 1.5
