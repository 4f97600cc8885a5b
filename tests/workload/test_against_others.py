"""apachelogs and DuckDB read the same logs and come to the same numbers."""

from __future__ import annotations

import gzip
import random
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mpmtune.errors import InputError, UsageError
from mpmtune.report.workload_v1 import workload_v1
from mpmtune.workload.logformat import WELL_KNOWN
from mpmtune.workload.logs import look_at
from mpmtune.workload.reader import LogReader
from mpmtune.workload.stream import read_logs
from tests.workload.generated import TIMED, log
from tests.workload.oracle import agree, oracle

if TYPE_CHECKING:
    from pathlib import Path

    from mpmtune.model.workload import Workload

FORMATS = {
    "timed": TIMED,
    "common": WELL_KNOWN["common"],
    "combined": WELL_KNOWN["combined"],
    "vhost_combined": WELL_KNOWN["vhost_combined"],
    "with %T": WELL_KNOWN["combined"] + " %T %k",
    "with %{ms}T": WELL_KNOWN["vhost_combined"] + " %{ms}T %X %k",
    "protocol": "%t %H %D %>s %O %k",
    "no layout": '%{sec}t "%r" %>s %O %D',
}


def path_of(directory: Path, content: bytes) -> str:
    path = directory / "access.log"
    path.write_bytes(content)
    return str(path)


def ours(path: str, text: str) -> Workload:
    return read_logs(look_at([path]), [LogReader(text)])


def theirs(path: str, text: str, threads: int = 2) -> Workload:
    pytest.importorskip("duckdb", reason="DuckDB is an extra")
    from mpmtune.workload.duckdb_engine import read_with_duckdb

    return read_with_duckdb(look_at([path]), [LogReader(text)], threads)


def theirs_without_asking(path: str) -> Workload:
    from mpmtune.workload.duckdb_engine import read_with_duckdb

    return read_with_duckdb(look_at([path]), [LogReader(TIMED)], 1)


def damaged(text: str, most: int = 127) -> bytes:
    """A log in which one line in a hundred lacks a piece, and some have no sense at all."""
    chance = random.Random(7)
    made = []
    for line in log(3000, text, seed=2).splitlines():
        cut = chance.randrange(len(line)) if chance.random() < 0.01 else len(line)
        made.append(line[:cut])
        if chance.random() < 0.002:
            made.append(bytes(chance.choices(range(32, most), k=80)))
    return b"\n".join(made) + b"\n"


@pytest.mark.parametrize("text", FORMATS.values(), ids=FORMATS)
def test_apachelogs_comes_to_the_same_numbers(tmp_path: Path, text: str) -> None:
    pytest.importorskip("apachelogs", reason="apachelogs is not installed here")
    content = log(4000, text, seed=11)
    agree(ours(path_of(tmp_path, content), text), oracle(content.splitlines(), text))


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "no layout"])
def test_duckdb_comes_to_the_same_bytes(tmp_path: Path, name: str) -> None:
    text = FORMATS[name]
    path = path_of(tmp_path, log(4000, text, seed=12))
    assert workload_v1(theirs(path, text)) == workload_v1(ours(path, text))


@pytest.mark.parametrize("name", ["timed", "vhost_combined", "protocol"])
def test_duckdb_leaves_odd_lines_to_us(tmp_path: Path, name: str) -> None:
    text = FORMATS[name]
    content = damaged(text) + b"\n  \n" + b"x" * 70_000 + b"\n"
    path = path_of(tmp_path, content)
    mine = ours(path, text)
    assert mine.requests.bad > 10
    assert mine.requests.read > 2900
    assert workload_v1(theirs(path, text)) == workload_v1(mine)


def test_duckdb_leaves_a_log_that_is_not_utf_8_to_us(tmp_path: Path) -> None:
    path = path_of(tmp_path, damaged(TIMED, 256))
    assert workload_v1(theirs(path, TIMED)) == workload_v1(ours(path, TIMED))


def test_duckdb_reads_gzip_and_odd_names(tmp_path: Path) -> None:
    path = tmp_path / "a[1]*? log.gz"
    path.write_bytes(gzip.compress(log(500)))
    assert theirs(str(path), TIMED) == ours(str(path), TIMED)


def test_duckdb_reads_two_zones(tmp_path: Path) -> None:
    path = path_of(tmp_path, log(300) + log(300).replace(b" +0000]", b" -0330]"))
    mine = replace(ours(path, TIMED), troubles=())  # clocks set back are not seen by DuckDB
    assert theirs(path, TIMED) == mine
    assert mine.day_requests[0] != theirs(path_of(tmp_path, log(600)), TIMED).day_requests[0]


def test_duckdb_reads_an_empty_log(tmp_path: Path) -> None:
    path = path_of(tmp_path, b"")
    assert theirs(path, TIMED) == ours(path, TIMED)


def test_duckdb_says_what_it_cannot_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="parted by blanks and quotes"):
        theirs(path_of(tmp_path, log(10, FORMATS["no layout"])), FORMATS["no layout"])
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(log(3000))[:1000])
    with pytest.raises(InputError, match="DuckDB cannot read"):
        theirs(str(path), TIMED)
    packed = tmp_path / "log.bz2"
    packed.write_bytes(b"BZh91AY")
    with pytest.raises(UsageError, match="only files, plain or gzip"):
        theirs(str(packed), TIMED)


def test_a_duckdb_that_is_not_there_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(tmp_path, log(10))
    pytest.importorskip("duckdb", reason="DuckDB is an extra")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UsageError, match="is not installed") as error:
        theirs_without_asking(path)
    assert "mpmtune[duckdb]" in error.value.hint
