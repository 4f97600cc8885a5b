"""Blocks of whole lines out of any pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mpmtune.workload.blocks import LINE_LIMIT, Blocks

LONG = b"x" * (LINE_LIMIT + 1)


def cut(*pieces: bytes) -> tuple[list[bytes], list[bytes]]:
    blocks = Blocks()
    return list(blocks.cut(pieces)), blocks.too_long


def test_a_line_may_lie_in_several_pieces() -> None:
    assert cut(b"a\nb", b"c", b"d\ne\nf") == ([b"a\n", b"bcd\ne\n", b"f\n"], [])


def test_nothing_comes_of_nothing() -> None:
    assert cut() == ([], [])
    assert cut(b"") == ([], [])


def test_a_line_that_is_too_long_is_passed_over_and_its_beginning_kept() -> None:
    blocks, too_long = cut(b"a\n" + LONG + b"\nb\n")
    assert b"".join(blocks) == b"a\nb\n"
    assert too_long == [LONG[:4096]]


def test_a_line_without_end_is_never_held() -> None:
    blocks = Blocks()
    assert list(blocks.cut([b"a\n", *[b"y" * 200_000] * 50, b"y\nb\n"])) == [b"a\n", b"b\n"]
    assert blocks.too_long == [b"y" * 4096]


def test_a_file_of_one_line_without_end_is_one_long_line() -> None:
    assert cut(*[b"\0" * 100_000] * 3) == ([], [b"\0" * 4096])


@given(st.binary(max_size=300).map(lambda text: text.replace(b"\r", b"\n")), st.data())
def test_the_blocks_are_the_pieces(text: bytes, data: st.DataObject) -> None:
    borders = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=5)))
    pieces = [text[a:b] for a, b in zip([0, *borders], [*borders, len(text)], strict=True)]
    blocks, too_long = cut(*pieces)
    whole = text if not text or text.endswith(b"\n") else text + b"\n"
    assert b"".join(blocks) == whole
    assert all(block.endswith(b"\n") for block in blocks)
    assert too_long == []
