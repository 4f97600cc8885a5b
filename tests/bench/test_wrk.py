"""What wrk says."""

from __future__ import annotations

import pytest

from mpmtune.bench.load.command import ClientError
from mpmtune.bench.load.wrk import parse_wrk

SAID = """\
Running 3s test @ http://127.0.0.1:1/wait.php
  1 threads and 440 connections
Requests/sec:   1260.82
MEASURED 3000000 600 0 9 1 30 2
300000 500
477183 99
1200000 1
"""


def test_the_summary_and_the_latencies_are_read() -> None:
    seen = parse_wrk(SAID)
    assert (seen.seconds, seen.wanted, seen.good, seen.failed) == (3.0, 600, 570, 42)
    assert seen.closed
    assert seen.latencies.count == 600
    assert seen.latencies.largest == 1_200_000
    assert seen.within(1.0) == 599 / 3


@pytest.mark.parametrize("text", ["", "unable to connect to 127.0.0.1:1 Connection refused\n"])
def test_anything_else_is_an_error_that_says_what_it_was(text: str) -> None:
    with pytest.raises(ClientError, match=r"wrk says: (nothing|unable to connect)"):
        parse_wrk(text)
