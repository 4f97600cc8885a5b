"""Whole logs: the same numbers from one process or several, from one file or many."""

from __future__ import annotations

import gzip
import os
import random
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from mpmtune.errors import InputError
from mpmtune.model.workload import Requests, Trouble, Workload
from mpmtune.report.workload_v1 import workload_v1
from mpmtune.workload import logs as module
from mpmtune.workload.logs import look_at
from mpmtune.workload.reader import LogReader
from mpmtune.workload.stream import read_logs
from mpmtune.workload.summary import merged
from tests.workload.generated import COMBINED, TIMED, log

if TYPE_CHECKING:
    from pathlib import Path

LOG = log(4000, seed=3)
LINE = b'10.0.0.1 - - [16/Sep/2025:05:%02d:%02d +0000] "GET / HTTP/1.1" 200 5 "-" "curl" %d 0 +\n'


def read(directory: Path, *contents: bytes, text: str = TIMED, processes: int = 1) -> Workload:
    paths = []
    for number, content in enumerate(contents):
        path = directory / f"access.log.{number}"
        path.write_bytes(content)
        paths.append(str(path))
    logs = look_at(paths)
    return read_logs(logs, [LogReader(text)] * len(logs), processes)


@pytest.fixture
def small_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut logs every 20 kB, so that a small one has many shares."""
    monkeypatch.setattr(module, "_SHARE", 20_000)


def test_a_day_is_counted(tmp_path: Path) -> None:
    made = read(tmp_path, LOG)
    assert made.requests == Requests(
        read=4000,
        timed=4000,
        sized=4000,
        bytes_sent=210_303_962,
        protocol_known=4000,
        http2=820,
        keyed=3180,
        opening=1294,
        long=7,
        long_microseconds=515_421_395,
    )


@pytest.mark.usefixtures("small_shares")
@pytest.mark.parametrize("processes", [2, 3, 64])
def test_several_processes_count_the_same_as_one(tmp_path: Path, processes: int) -> None:
    damaged = LOG[:300_000] + b"nonsense\n" + LOG[300_000:]
    one = read(tmp_path, damaged, gzip.compress(LOG))
    several = read(tmp_path, damaged, gzip.compress(LOG), processes=processes)
    assert workload_v1(one) == workload_v1(several)
    assert several.requests.bad >= 1


@pytest.mark.usefixtures("small_shares")
def test_no_process_is_left_behind(tmp_path: Path) -> None:
    read(tmp_path, LOG, processes=4)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.usefixtures("small_shares")
def test_an_error_of_another_process_is_ours(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not written in the log format"):
        read(tmp_path, log(3000, COMBINED), processes=2)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_log_cut_anywhere_counts_the_same_in_any_order(tmp_path: Path) -> None:
    lines = LOG.splitlines(keepends=True)
    borders = [0, 13, 1000, 1001, 2500, 4000]
    parts = [b"".join(lines[a:b]) for a, b in pairwise(borders)]
    whole = read(tmp_path, LOG)
    for seed in range(3):
        random.Random(seed).shuffle(parts)
        assert read(tmp_path, *parts) == whole


def test_two_logs_of_one_server_are_added_second_by_second(tmp_path: Path) -> None:
    lines = LOG.splitlines(keepends=True)
    chance = random.Random(5)
    halves: list[list[bytes]] = [[], []]
    for line in lines:
        halves[chance.randrange(2)].append(line)
    assert read(tmp_path, *map(b"".join, halves)) == read(tmp_path, LOG)


def test_logs_of_different_formats_are_added(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(log(300, TIMED))
    (tmp_path / "b").write_bytes(log(300, COMBINED))
    logs = look_at([str(tmp_path / "a"), str(tmp_path / "b")])
    made = read_logs(logs, [LogReader(TIMED), LogReader(COMBINED)])
    assert (made.requests.read, made.requests.timed, made.requests.keyed) == (600, 300, 242)
    assert made.formats == tuple(sorted((COMBINED, TIMED)))
    assert made.resolution_microseconds == 1


def test_a_format_without_durations_tells_no_concurrency(tmp_path: Path) -> None:
    made = read(tmp_path, log(300, COMBINED), text=COMBINED)
    assert made.arrivals.total == 300
    assert (made.busy.count, made.service.count, made.resolution_microseconds) == (0, 0, 0)


def test_bad_lines_are_counted_and_shown(tmp_path: Path) -> None:
    bad = [b"\x1b[2Jnonsense", b"GET /?token=S3CRET HTTP/1.1", b"b", b"a", b"x" * 70_000]
    made = read(tmp_path, LOG + b"\n".join(bad) + b"\n")
    assert made.requests.bad == len(bad)
    assert made.samples == ("GET /?… HTTP/1.1", "\\x1b[2Jnonsense", "a")


def test_a_last_line_without_its_end_counts(tmp_path: Path) -> None:
    made = read(tmp_path, LOG[:-1])
    assert (made.requests.read, made.requests.bad) == (4000, 0)
    made = read(tmp_path, LOG[:-3])
    assert (made.requests.read, made.requests.bad) == (3999, 1)


def test_a_log_of_another_format_is_refused_with_the_field(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match="its first line does not fit, for it ends before %D"
    ) as error:
        read(tmp_path, LOG, log(100, COMBINED))
    assert "access.log.1 is not written" in error.value.sentence


def test_an_empty_log_holds_nothing(tmp_path: Path) -> None:
    made = read(tmp_path, b"")
    assert (made.requests.read, made.first, made.observed_seconds) == (0, None, 0)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_compressed_log_that_is_cut_off_counts_as_far_as_it_goes(
    tmp_path: Path, processes: int
) -> None:
    packed = gzip.compress(LOG)
    made = read(tmp_path, packed[: len(packed) // 2], LOG, processes=processes)
    assert made.troubles == ((Trouble.TRUNCATED, 1),)
    assert 4000 < made.requests.read < 8000
    assert made.requests.bad == 0


def test_a_damaged_log_counts_up_to_the_damage(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(LOG))
    packed[len(packed) // 2 : len(packed) // 2 + 50] = bytes(50)
    made = read(tmp_path, bytes(packed), LOG)
    assert dict(made.troubles)[Trouble.DAMAGED] == 1
    assert made.requests.read > 4000


@pytest.mark.usefixtures("small_shares")
@pytest.mark.parametrize("processes", [1, 3])
def test_a_clock_that_is_set_back_is_noticed(tmp_path: Path, processes: int) -> None:
    forward = b"".join(LINE % (at // 60, at % 60, 300) for at in range(1800))
    again = b"".join(LINE % (at // 60, at % 60, 300) for at in range(600, 900))
    made = read(tmp_path, forward + again + again, processes=processes)
    assert made.troubles == ((Trouble.CLOCK_SET_BACK, 2),)
    assert made.arrivals.largest == 3


def test_a_long_request_is_no_clock_that_is_set_back(tmp_path: Path) -> None:
    log_of_hours = b"".join(LINE % (at, 0, 300) for at in range(50)) + LINE % (0, 0, 2_990_000_000)
    made = read(tmp_path, log_of_hours + LINE % (50, 0, 300))
    assert made.troubles == ()
    assert made.service.largest == 2_990_000_000


def test_parts_of_a_fleet_add_up_to_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    parts = [
        replace(read(tmp_path, log(300 + seed, seed=seed)), samples=(f"sample {seed}",))
        for seed in range(5)
    ]
    parts.append(read(tmp_path, log(200, COMBINED, seed=9), text=COMBINED))
    whole = workload_v1(merged(parts))
    for seed in range(5):
        random.Random(seed).shuffle(parts)
        cut = seed + 1
        assert workload_v1(merged([merged(parts[:cut]), *parts[cut:]])) == whole
    assert merged(parts).parts == 6
    assert merged(parts).requests.read == 1710
    assert merged([parts[0]]) == parts[0]
