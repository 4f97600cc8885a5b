"""LogFormats are taken apart as mod_log_config does."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpmtune.errors import UsageError
from mpmtune.workload.logformat import WELL_KNOWN, Field, fields_of, parse_format


def test_fields_and_literal_text_alternate() -> None:
    assert parse_format('%h "%{Referer}i" %>s') == (
        Field("%h", "h"),
        ' "',
        Field("%{Referer}i", "i", "Referer"),
        '" ',
        Field("%>s", "s", "", original=False),
    )


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("%<D", Field("%<D", "D", "", original=True)),
        (
            "%!200,304{User-Agent}i",
            Field("%!200,304{User-Agent}i", "i", "User-Agent", None, conditional=True),
        ),
        ("%400,501D", Field("%400,501D", "D", conditional=True)),
        ("%{a%b}t", Field("%{a%b}t", "t", "a%b")),
        ("%^ti", Field("%^ti", "^ti")),
        ("%{x}^to", Field("%{x}^to", "^to", "x")),
        ("%{ssl}x", Field("%{ssl}x", "x", "ssl")),
    ],
)
def test_a_field_has_modifiers_in_any_order(text: str, field: Field) -> None:
    assert parse_format(text) == (field,)


def test_escapes_are_undone_and_others_stay() -> None:
    assert parse_format(r"a\tb\nc\\d\qe\r") == ("a\tb\nc\\d\\qe\r",)
    assert parse_format("100%% of %h\\") == ("100% of ", Field("%h", "h"), "\\")


@pytest.mark.parametrize("text", ["%", "%{Referer", "%{Referer}", "%!200"])
def test_a_field_that_is_cut_off_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="ends within a field"):
        parse_format(text)


def test_a_field_that_httpd_does_not_know_is_refused() -> None:
    with pytest.raises(UsageError, match=r"the field %Z, which httpd does not know"):
        parse_format("%h %Z")


@given(st.text('%{}<>!,0123456789hDtTisX^ \\"nr\x01é'))
def test_no_text_breaks_it(text: str) -> None:
    try:
        parts = parse_format(text)
    except UsageError:
        return
    assert all(isinstance(part, str | Field) for part in parts)
    assert not any(isinstance(a, str) and isinstance(b, str) for a, b in pairwise(parts))


@pytest.mark.parametrize("text", WELL_KNOWN.values())
def test_the_known_ones_have_a_time(text: str) -> None:
    assert "t" in {field.letter for field in fields_of(parse_format(text))}
