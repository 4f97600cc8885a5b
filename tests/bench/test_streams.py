"""What h2load says."""

from __future__ import annotations

import pytest

from mpmtune.bench.load.command import ClientError
from mpmtune.bench.load.streams import parse_h2load

SAID = """\
progress: 100% of clients started.
finished in 3.00s, 355.33 req/s, 46.50KB/s
requests: 1066 total, 1450 started, 1066 done, 1060 succeeded, 6 failed, 0 errored, 0 timeout
status codes: 1060 2xx, 0 3xx, 0 4xx, 6 5xx
"""
ROWS = "1700000000000000\t200\t210000\n1700000000000001\t503\t5\n1700000000000002\t200\t230000\n"


def test_the_summary_and_the_times_of_good_answers_are_read() -> None:
    seen = parse_h2load(SAID, ROWS)
    assert (seen.seconds, seen.wanted, seen.good, seen.failed) == (3.0, 1060, 1060, 6)
    assert seen.closed
    assert seen.latencies.count == 2
    assert seen.latencies.largest == 230000


def test_short_runs_are_told_in_other_units() -> None:
    assert parse_h2load(SAID.replace("3.00s", "950.50ms"), "").seconds == 0.9505


def test_anything_else_is_an_error() -> None:
    with pytest.raises(ClientError, match="h2load says: could not connect"):
        parse_h2load("could not connect\n", "")
    with pytest.raises(ClientError, match="h2load says: nothing"):
        parse_h2load("", "")
