"""The arguments of Options; each sentence is what httpd 2.4.71 said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.httpd.options import MIXED_SIGNS, plainly_right, refusal
from mpmtune.httpd.words import split

TAKEN = (
    "",
    "None",
    "ALL",
    "Indexes FollowSymLinks",
    "+Indexes -MultiViews",
    "All -Indexes",
    "None +Indexes",
    "none Indexes -MultiViews +Indexes",
    "All Indexes",
    "RunScripts",
)
REFUSED = {
    "+Indexes FollowSymLinks": MIXED_SIGNS,
    "Indexes +FollowSymLinks": MIXED_SIGNS,
    "None +Indexes FollowSymLinks": MIXED_SIGNS,
    "Indexes None": "'Options None' must be the first Option given.",
    "None None": "'Options None' must be the first Option given.",
    "ALL -All": "'Options All' must be the first option given.",
    "+All": "You may not use 'Options +All' or 'Options -All'.",
    "-None": "You may not use 'Options +None' or 'Options -None'.",
    "-Indexes -Bogus": "Illegal option Bogus",
    "Indexes ''": "Illegal option ",
    "+ Indexes": "Illegal option ",
    "Fancy": "Illegal option Fancy",
}
WORDS = ("Indexes", "+Indexes", "-ExecCGI", "None", "All", "+All", "MultiViews", "Bogus", "''", "+")


@pytest.mark.parametrize("args", TAKEN)
def test_options_are_taken(args: str) -> None:
    assert refusal(split(args)) is None


@pytest.mark.parametrize(("args", "sentence"), REFUSED.items())
def test_options_are_refused_with_httpds_sentence(args: str, sentence: str) -> None:
    assert refusal(split(args)) == sentence


@settings(max_examples=100)
@given(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join))
def test_what_needs_no_closer_look_is_never_refused(args: str) -> None:
    assert not plainly_right(args) or refusal(split(args)) is None
