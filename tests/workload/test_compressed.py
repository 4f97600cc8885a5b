"""Compressed logs: whole, joined, cut off, damaged, and bombs."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from typing import TYPE_CHECKING

import pytest

from mpmtune.model.workload import Trouble
from mpmtune.workload.compressed import PIECE, Compression, CutShort, compression_of, decompressed

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = b"".join(b"line %d of a log\n" % number for number in range(100_000))
KINDS: dict[Compression, Callable[[bytes], bytes]] = {
    Compression.GZIP: gzip.compress,
    Compression.BZIP2: bz2.compress,
    Compression.XZ: lzma.compress,
}


def in_pieces(data: bytes, size: int = 10_000) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def read(data: bytes, kind: Compression) -> tuple[bytes, Trouble | None]:
    made = []
    try:
        for piece in decompressed(iter(in_pieces(data)), kind):
            assert 0 < len(piece) <= 2 * PIECE
            made.append(piece)
    except CutShort as cut:
        return b"".join(made), cut.trouble
    return b"".join(made), None


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_told_by_its_first_bytes_and_read(kind: Compression) -> None:
    data = KINDS[kind](TEXT)
    assert compression_of(data[:6]) is kind
    assert read(data, kind) == (TEXT, None)


def test_plain_text_is_not_compressed() -> None:
    assert compression_of(b"127.0.") is Compression.NONE
    assert compression_of(b"") is Compression.NONE
    assert compression_of(b"\x28\xb5\x2f\xfd..") is Compression.ZSTD


@pytest.mark.parametrize("kind", KINDS)
def test_joined_files_are_read_to_the_last(kind: Compression) -> None:
    data = KINDS[kind](b"one\n") + KINDS[kind](b"") + KINDS[kind](b"two\n")
    assert read(data, kind) == (b"one\ntwo\n", None)
    assert read(data + bytes(1024), kind) == (b"one\ntwo\n", None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes(kind: Compression) -> None:
    data = KINDS[kind](TEXT)
    made, trouble = read(data[: len(data) * 2 // 3], kind)
    assert trouble is Trouble.TRUNCATED
    assert TEXT.startswith(made)
    assert kind is Compression.XZ or len(made) > 100_000


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("end", [b"garbage", b"\0\0\0\0garbage"])
def test_what_follows_and_is_no_such_file_is_damage(kind: Compression, end: bytes) -> None:
    assert read(KINDS[kind](b"one\n") + end, kind) == (b"one\n", Trouble.DAMAGED)


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_read_up_to_the_damage(kind: Compression) -> None:
    data = bytearray(KINDS[kind](TEXT))
    data[len(data) // 2 : len(data) // 2 + 30] = b"\xff" * 30
    made, trouble = read(bytes(data), kind)
    assert trouble in {Trouble.DAMAGED, Trouble.TRUNCATED}
    assert TEXT.startswith(made[:1000])


def test_a_bomb_is_left_where_it_grows_beyond_all_measure() -> None:
    machine = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = b"".join(machine.compress(bytes(1 << 20)) for _ in range(400)) + machine.flush()
    made, trouble = read(bomb, Compression.GZIP)
    assert trouble is Trouble.TOO_DENSE
    assert len(made) < 130 << 20
