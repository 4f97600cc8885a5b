"""Claims that cannot be tested, without a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from mpmtune.bench.claims import Trial, put_to_the_test
from mpmtune.bench.programs import Programs
from mpmtune.bench.scale import Scale
from mpmtune.bench.session import Means

MEANS = Means(Programs("/bin/false", Path("/nowhere"), {}), Scale(1.0, frozenset(), frozenset()))


def test_what_no_time_or_no_program_is_left_for_is_said(tmp_path: Path) -> None:
    made, remarks = put_to_the_test(MEANS, tmp_path / "claims", Trial(limit=0.0))
    assert made == ()
    assert remarks == (
        "Whether prefork queues was not tested: the time was over.",
        "Whether worker takes less memory was not tested: the time was over.",
        "Whether event is better with many connections was not tested: the time was over.",
        (
            "Whether event is slower than worker was not tested: wrk is not installed here "
            "(Debian: apt-get install wrk)."
        ),
    )


@pytest.mark.parametrize(("rounds", "runs"), [(1, 15), (3, 19)])
def test_the_measurements_are_counted(rounds: int, runs: int) -> None:
    assert Trial(60.0, rounds=rounds).runs == runs
