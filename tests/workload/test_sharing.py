"""Reading with several processes: what a copy does, and what becomes of its troubles."""

from __future__ import annotations

import io
import os
import pickle
import signal
from typing import TYPE_CHECKING

import pytest

from mpmtune.errors import InputError
from mpmtune.workload import logs as module
from mpmtune.workload import sharing
from mpmtune.workload.counting import Counting
from mpmtune.workload.logs import look_at
from mpmtune.workload.reader import LogReader
from mpmtune.workload.reading import Part, Reading
from tests.workload.generated import TIMED, log

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reading:
    """A log of five shares."""
    monkeypatch.setattr(module, "_SHARE", 20_000)
    path = tmp_path / "access.log"
    path.write_bytes(log(500))
    return Reading(look_at([str(path)]), [LogReader(TIMED)])


@pytest.fixture(autouse=True)
def _interrupts() -> object:
    """Put back what a copy sets for itself."""
    before = signal.getsignal(signal.SIGINT)
    yield None
    signal.signal(signal.SIGINT, before)


def test_a_copy_reads_every_nth_share_and_then_gives_its_counts(reading: Reading) -> None:
    pipe = io.BytesIO()
    sharing._read(reading, 1, 2, pipe)
    pipe.seek(0)
    first, second, counts = (sharing._received(pipe) for _ in range(3))
    assert isinstance(first, Part)
    assert isinstance(second, Part)
    assert (first.share, second.share) == (reading.shares[1], reading.shares[3])
    assert isinstance(counts, Counting)
    assert 0 < counts.requests < 500


def test_an_error_is_sent_and_raised_with_its_hint(reading: Reading, tmp_path: Path) -> None:
    (tmp_path / "access.log").unlink()
    pipe = io.BytesIO()
    sharing._read(reading, 0, 1, pipe)
    pipe.seek(0)
    with pytest.raises(InputError, match="no such file") as error:
        sharing._received(pipe)
    assert error.value.hint


@pytest.mark.parametrize("sent", [b"", pickle.dumps("text")[:-1]])
def test_a_copy_that_was_killed_is_said_to_be(sent: bytes) -> None:
    with pytest.raises(InputError, match="ended before its work was done"):
        sharing._received(io.BytesIO(sent))


def test_copies_end_when_nobody_wants_their_work(reading: Reading) -> None:
    parts = sharing.read_shared(reading, 3)
    assert isinstance(next(parts), Part)
    parts.close()  # type: ignore[attr-defined]  # a generator
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
