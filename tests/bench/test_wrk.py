"""What wrk says."""

from __future__ import annotations

import pytest

from mpmtune.bench.load.command import ClientError
from mpmtune.bench.load.wrk import parse_wrk

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


@pytest.mark.parametrize("text", ["", "unable to connect to 127.0.0.1:1 Connection refused\n"])
def test_anything_else_is_an_error_that_says_what_it_was(text: str) -> None:
    with pytest.raises(ClientError, match=r"wrk says: (nothing|unable to connect)"):
        parse_wrk(text)
