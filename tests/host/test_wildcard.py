from __future__ import annotations

import os
import time

import pytest

from mpmtune.errors import InputError
from mpmtune.host.wildcard import compile_wildcard, expand


class Shelf:
    """A tree made of paths."""

    def __init__(self, *paths: str) -> None:
        self.paths = paths

    def names(self, directory: str) -> list[str]:
        above = "" if directory == "." else directory.rstrip("/") + "/"
        below = (path[len(above) :] for path in self.paths if path.startswith(above))
        return list({name.split("/")[0] for name in below})

    def exists(self, path: str) -> bool:
        return any(known == path or known.startswith(path + "/") for known in self.paths)


def matches(pattern: str, name: str) -> bool:
    wildcard = compile_wildcard(pattern)
    assert wildcard is not None
    return wildcard.matches(name)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("*", "a"),
        ("*.conf", "ssl.conf"),
        ("*.conf", "a.b.conf"),
        ("a?c", "abc"),
        ("[a-c]x", "bx"),
        ("[!a]x", "bx"),
        ("[^a]x", "bx"),
        ("[]x]*", "]"),
        ("\\*?", "*b"),
        (".*", ".hidden"),
        ("*a*b*", "xxaxxbxx"),
        ("?", "\udcff"),
        ("[a-]*", "-x"),
    ],
)
def test_a_name_matches(pattern: str, name: str) -> None:
    assert matches(pattern, name)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("*", ".hidden"),
        ("?hidden", ".hidden"),
        ("[.]hidden*", "x"),
        ("*.conf", "ssl.conf~"),
        ("a?c", "ac"),
        ("[a-c]x", "dx"),
        ("[!a]x", "ax"),
        ("*a", "b"),
        ("?", ""),
        ("?", "é"),
    ],
)
def test_a_name_does_not_match(pattern: str, name: str) -> None:
    assert not matches(pattern, name)


@pytest.mark.parametrize("text", ["plain.conf", "a[b", "a\\*", ""])
def test_text_without_a_wildcard_compiles_to_none(text: str) -> None:
    assert compile_wildcard(text) is None


def test_many_stars_take_no_time() -> None:
    started = time.process_time()
    assert not matches("*a" * 60 + "b", "a" * 255)
    assert time.process_time() - started < 1


def test_each_level_is_in_the_order_of_strcmp() -> None:
    shelf = Shelf("/c/a-b/x", "/c/a/x", "/c/Z/x", "/c/é/x")
    assert expand("/c/*/x", shelf) == ("/c/Z/x", "/c/a/x", "/c/a-b/x", "/c/é/x")


def test_a_part_after_the_wildcard_must_exist() -> None:
    shelf = Shelf("/c/a/x.conf", "/c/b/y.conf")
    assert expand("/c/*/x.conf", shelf) == ("/c/a/x.conf",)


def test_a_path_without_a_wildcard_is_itself_if_it_is_there() -> None:
    assert expand("/c/a", Shelf("/c/a")) == ("/c/a",)
    assert expand("/c/b", Shelf("/c/a")) == ()


def test_a_relative_pattern_stays_relative() -> None:
    assert expand("*/x", Shelf("a/x", "b/y")) == ("a/x",)


def test_doubled_slashes_are_one() -> None:
    assert expand("//c///*", Shelf("/c/a")) == ("/c/a",)


def test_too_many_matches_are_refused() -> None:
    class Crowded(Shelf):
        def exists(self, path: str) -> bool:
            return path.startswith("/c/")

    shelf = Crowded(*(f"/c/{number}" for number in range(10_001)))
    with pytest.raises(InputError, match=r"The pattern /c/\* reaches too many files"):
        expand("/c/*", shelf)


def test_too_many_names_are_refused_though_few_match() -> None:
    class Endless(Shelf):
        def names(self, directory: str) -> list[str]:
            return [f"{len(directory)}{number}" for number in range(100)]

        def exists(self, path: str) -> bool:
            return path == "/nowhere"

    with pytest.raises(InputError, match="too many files"):
        expand("/*/*/*/*", Endless())


def test_names_that_are_no_text_are_sorted_as_bytes() -> None:
    raw = os.fsdecode(b"\xff")
    assert expand("/c/*", Shelf("/c/é", f"/c/{raw}", "/c/z")) == ("/c/z", "/c/é", f"/c/{raw}")
