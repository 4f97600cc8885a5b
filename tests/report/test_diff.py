"""The difference that fixes would make."""

from __future__ import annotations

from mpmtune.report.diff import lines
from mpmtune.report.text import plain


def test_a_difference_is_a_unified_diff() -> None:
    before = "A 1\nMaxClients 5\n\tB 2\n"
    after = "A 1\nMaxRequestWorkers 5\n\tB 2\n"
    assert plain(lines("conf/a.conf", before, after)) == (
        "--- a/conf/a.conf\n"
        "+++ b/conf/a.conf\n"
        "@@ -1,4 +1,4 @@\n"
        " A 1\n"
        "-MaxClients 5\n"
        "+MaxRequestWorkers 5\n"
        "     B 2\n"
        "\n"
    ).replace(" A 1\n", " A ***\n").replace("     B 2\n", "     B ***\n")


def test_no_secret_beside_a_change_is_shown() -> None:
    before = "SetEnv A s3cret\nMaxClients 5\nAuthLDAPBindPassword \\\n  s3cret\n"
    text = plain(lines("a.conf", before, before.replace("MaxClients", "MaxRequestWorkers")))
    assert "s3cret" not in text
    assert " SetEnv A ***\n" in text
    assert "+MaxRequestWorkers 5\n" in text


def test_equal_texts_have_no_difference() -> None:
    assert lines("a.conf", "A\n", "A\n") == []


def test_lines_that_are_masked_alike_still_differ() -> None:
    text = plain(lines("a.conf", "SetEnv A 1\n", "SetEnv A 2\n"))
    assert "-SetEnv A ***\n+SetEnv A ***\n" in text


def test_a_change_of_a_line_that_looks_like_a_head_is_shown() -> None:
    text = plain(lines("a.conf", "-- x\n", "Timeout 5\n"))
    assert "--- ***\n+Timeout 5\n" in text
