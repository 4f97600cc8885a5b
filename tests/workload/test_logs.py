"""Log files: looked at, cut into shares, read."""

from __future__ import annotations

import gzip
import io
import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from mpmtune.errors import InputError
from mpmtune.model.workload import Trouble
from mpmtune.workload.compressed import Compression, CutShort
from mpmtune.workload.logs import Log, Share, first_lines, look_at, pieces_of, shares_of

if TYPE_CHECKING:
    from pathlib import Path

LINES = b"".join(b"%07d a line of some length\n" % number for number in range(400_000))


def read(log: Log, share: Share) -> bytes:
    return b"".join(pieces_of(log, share, lambda _: None))


def test_shares_are_whole_lines_and_together_the_file(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_bytes(LINES)
    (log,) = look_at([str(path)])
    shares = list(shares_of(0, log))
    assert [share.start for share in shares] == [0, 4_194_330, 8_388_630]
    assert b"".join(read(log, share) for share in shares) == LINES
    for share in shares:
        assert read(log, share).startswith(share.line + b"\n")
        assert len(share.line) == 29


def test_a_share_is_not_cut_where_no_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_bytes(b"a\n" + b"x" * 9_000_000 + b"\nb")
    (log,) = look_at([str(path)])
    (share,) = shares_of(0, log)
    assert (share.start, share.end, share.line) == (0, 9_000_004, b"a")


def test_an_empty_file_is_one_empty_share(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.touch()
    (log,) = look_at([str(path)])
    assert [read(log, share) for share in shares_of(0, log)] == [b""]
    assert first_lines(log) == (b"",)


def test_a_compressed_log_is_one_share(tmp_path: Path) -> None:
    path = tmp_path / "access.log.2.gz"
    path.write_bytes(gzip.compress(LINES))
    (log,) = look_at([str(path)])
    assert log.compression is Compression.GZIP
    (share,) = shares_of(0, log)
    assert read(log, share) == LINES
    assert share.line == LINES[:29]
    assert first_lines(log)[1] == b"0000001 a line of some length"


def test_a_log_named_twice_is_read_once(tmp_path: Path) -> None:
    path, link = tmp_path / "access.log", tmp_path / "link.log"
    path.write_bytes(LINES[:290])
    os.link(path, tmp_path / "hard.log")
    link.symlink_to(path)
    assert len(look_at([str(path), str(link), str(tmp_path / "hard.log")])) == 1


def test_a_log_that_shrinks_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_bytes(LINES)
    (log,) = look_at([str(path)])
    *_, last = shares_of(0, log)
    path.write_bytes(LINES[: last.start + 29])
    pieces = pieces_of(log, last, lambda _: None)
    assert next(pieces) == LINES[last.start : last.start + 29]
    with pytest.raises(CutShort) as cut:
        next(pieces)
    assert cut.value.trouble is Trouble.SHRANK


def test_a_log_that_grows_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_bytes(LINES[:290])
    (log,) = look_at([str(path)])
    path.write_bytes(LINES)
    (share,) = shares_of(0, log)
    assert read(log, share) == LINES[:290]


def test_the_bytes_read_are_told(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_bytes(LINES[:2_000_000])
    (log,) = look_at([str(path)])
    (share,) = shares_of(0, log)
    seen: list[int] = []
    assert len(b"".join(pieces_of(log, share, seen.append))) == sum(seen) == 2_000_000


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing", "no such file or directory"),
        ("directory", "it is a directory"),
        ("fifo", "it is a FIFO"),
        ("nul\0name", "it is no path"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "directory").mkdir()
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(InputError, match=why) as error:
        look_at([f"{tmp_path}/{name}"])
    assert "- for standard input" in error.value.hint


def test_zstd_is_said_to_be_for_its_own_tool(tmp_path: Path) -> None:
    path = tmp_path / "access.log.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfdxxxx")
    with pytest.raises(InputError, match="compressed with zstd") as error:
        look_at([str(path)])
    assert error.value.hint == f"zstdcat {path} | mpmtune workload -"


@pytest.mark.parametrize("data", [LINES, gzip.compress(LINES)])
def test_standard_input_is_read_compressed_or_not(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    (log,) = look_at(["-", "-"])
    (share,) = shares_of(0, log)
    assert log.name == "standard input"
    assert first_lines(log) == ()
    assert read(log, share) == LINES


def test_zstd_on_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"\x28\xb5\x2f\xfdxxxx")))
    (log,) = look_at(["-"])
    (share,) = shares_of(0, log)
    with pytest.raises(InputError, match="zstd"):
        read(log, share)
