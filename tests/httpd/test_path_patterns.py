"""Wildcards as apr_fnmatch reads them."""

from __future__ import annotations

import pytest

from mpmtune.httpd.path_patterns import compile_pattern, is_pattern


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("/srv/*", True),
        ("/srv/?", True),
        ("/srv/[ab]", True),
        ("/srv/[ab", False),
        ("/srv/ab]", False),
        (r"/srv/\*", False),
        (r"/srv/\[a]", False),
        ("/srv", False),
    ],
)
def test_a_path_is_a_pattern_by_its_signs(text: str, pattern: bool) -> None:
    assert is_pattern(text) is pattern


@pytest.mark.parametrize(
    ("pattern", "text", "slashes", "matches"),
    [
        ("/srv/*/x/", "/srv/a/x/", False, True),
        ("/srv/*/x/", "/srv/a/b/x/", False, False),
        ("/srv/*", "/srv/a/b", True, True),
        ("/srv/?", "/srv//", False, False),
        ("[a-c]x", "bx", False, True),
        ("[!a-c]x", "bx", False, False),
        ("[^a-c]x", "dx", False, True),
        ("[]x]", "]", False, True),
        ("[a-]", "-", False, True),
        (r"[\]]", "]", False, True),
        (r"[\a-c]", "b", False, True),
        ("[a", "[a", False, True),
        (r"\*", "*", False, True),
        ("a\\", "a\\", False, True),
        ("*.t?t", "one.txt", False, True),
        ("*.t?t", "xone.txt.gz", False, False),
    ],
)
def test_a_pattern_matches_a_whole_path(
    pattern: str, text: str, slashes: bool, matches: bool
) -> None:
    compiled = compile_pattern(pattern, slashes=slashes)
    assert compiled is not None
    assert compiled.matches(text) is matches


def test_a_pattern_that_is_too_large_is_not_compiled() -> None:
    assert compile_pattern("*" * 3000) is None
    assert compile_pattern("€*") is None
