"""What wrk says."""

from __future__ import annotations

import asyncio
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from mpmtune.bench.load.command import ClientError
from mpmtune.bench.load.target import Target, Window
from mpmtune.bench.load.wrk import Wrk, parse_wrk
from mpmtune.bench.programs import Need, Programs
from tests.bench.small_server import PLAIN, answering, listening

if TYPE_CHECKING:
    from pathlib import Path

    from mpmtune.bench.load.outcome import Outcome

SAID = """\
Running 3s test @ http://127.0.0.1:1/wait.php
  1 threads and 440 connections
Requests/sec:   1260.82
"""
# Of 6,000 requests 5,000 took 0.3 s, 994 took 0.477183 s and 6 took 1.2 s.
STEPS = [300_000] * 833 + [477_183] * 166 + [1_200_000]
SAID += f"MEASURED 3000000 6000 0 9 1 30 2 331000 {' '.join(map(str, STEPS))}\n"


def test_the_summary_and_the_latencies_are_read() -> None:
    seen = parse_wrk(SAID)
    assert (seen.seconds, seen.wanted, seen.good, seen.failed) == (3.0, 6000, 5970, 42)
    assert seen.closed
    assert seen.latencies.count == 6000
    assert seen.latencies.largest == 1_200_000
    assert seen.latencies.total == 6000 * 331_000
    assert seen.within(1.0) == 5994 / 3
    assert seen.seconds_at(500) == pytest.approx(0.3, rel=0.01)


def test_no_answer_at_all_is_no_latency() -> None:
    seen = parse_wrk(f"MEASURED 1000000 0 5 0 0 0 0 0{' 0' * 1000}\n")
    assert (seen.good, seen.failed, seen.latencies.counts) == (0, 5, ())


def test_wrk_itself_tells_the_longest_latency_too(tmp_path: Path) -> None:
    """Its percentile(100) says 0."""
    found = shutil.which("wrk")
    if found is None:
        pytest.skip("wrk is not installed here")

    async def drive() -> Outcome:
        async with listening(answering(PLAIN, after=0.02)) as target:
            programs = Programs("/nowhere", tmp_path, {Need.WRK: found})
            now = asyncio.get_running_loop().time()
            whole = Target(target.port, 0, None, programs, tmp_path, os.sched_getaffinity(0))
            return await Wrk("/", 4).drive(whole, Window(now, now, now + 1.0))

    seen = asyncio.run(drive())
    assert seen.good > 20
    assert 0.02 <= seen.seconds_at(500) <= seen.seconds_at(990) * 1.01
    assert seen.latencies.largest >= 20_000
    assert seen.latencies.count == seen.wanted


@pytest.mark.parametrize("text", ["", "unable to connect to 127.0.0.1:1 Connection refused\n"])
def test_anything_else_is_an_error_that_says_what_it_was(text: str) -> None:
    with pytest.raises(ClientError, match=r"wrk says: (nothing|unable to connect)"):
        parse_wrk(text)
