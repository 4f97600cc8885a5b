"""Explanations of httpd's messages."""

from __future__ import annotations

import re

import pytest

from mpmtune.httpd.corrections import DEFAULTS, Frozen, Reading, correct
from mpmtune.httpd.messages import ah, by_id, find
from mpmtune.model.server import Mpm

ASKED_FOR = [
    "1",
    "3",
    "4",
    "13",
    "14",
    "15",
    "16",
    "20",
    "23",
    "24",
    "45",
    "46",
    "47",
    "50",
    "51",
    "52",
    "60",
    "72",
    "73",
    "76",
    "91",
    "94",
    "98",
    "111",
    "112",
    "136",
    "159",
    "161",
    "162",
    "163",
    "169",
    "171",
    "173",
    "283",
    "286",
    "287",
    "288",
    "289",
    "481",
    "484",
    "485",
    "486",
    "489",
    "491",
    "492",
    "493",
    "494",
    "526",
    "529",
    "534",
    "543",
    "544",
    "545",
    "548",
    "558",
    "1574",
    "2179",
    "2291",
    "2324",
    "2325",
    "2435",
    "2436",
    "2818",
    "2819",
    "2820",
    "3285",
    "3286",
    "3490",
    "10034",
    "10159",
    "10392",
    "10393",
]


@pytest.mark.parametrize("number", ASKED_FOR)
def test_what_a_user_of_the_mpms_meets_is_explained(number: str) -> None:
    found = find(number)
    assert found is not None
    assert found.meaning
    assert found.cause
    assert found.cure


@pytest.mark.parametrize("mpm", list(Mpm))
def test_every_clamp_is_explained_with_its_mpm_and_reading(mpm: Mpm) -> None:
    extremes = ({}, dict.fromkeys(DEFAULTS[mpm], 0), dict.fromkeys(DEFAULTS[mpm], 2**31 - 1))
    extremes += ({"MaxRequestWorkers": 999, "ThreadsPerChild": 2}, {"MaxRequestWorkers": 999})
    frozen = Frozen(7, 7)
    for written in extremes:
        for reading in Reading:
            corrected = correct(mpm, written, reading=reading, frozen=frozen)
            for message in corrected.messages:
                found = by_id()[message.id]
                assert found.mpm is mpm
                assert found.reading in {reading, None}
                shape = re.sub(r"-?\d+", "N", found.says.split(",")[0]).rstrip(".")
                assert shape.split(" of ")[0] in re.sub(r"-?\d+", "N", message.text)


def test_a_number_is_found_however_it_is_written() -> None:
    one = find("AH00513")
    assert one is not None
    assert find("ah513") == find("513") == find(" 00513 ") == one
    assert one.siblings == ("AH00316", "AH00317", "AH00514")
    assert (one.mpm, one.reading) == (Mpm.EVENT, Reading.CONSOLE)
    log = find("AH00514")
    assert log is not None
    assert log.reading is Reading.LOG


@pytest.mark.parametrize("text", ["", "AH", "AH99999", "513x", "AH1234567"])
def test_what_is_no_number_that_is_known(text: str) -> None:
    assert find(text) is None


def test_numbers_are_written_as_httpd_writes_them() -> None:
    assert ah(1) == "AH00001"
    assert ah(10159) == "AH10159"


def test_every_explanation_is_made_of_sentences() -> None:
    for one in by_id().values():
        for sentence in (one.meaning, one.cause, one.cure):
            assert sentence[-1] == "."
            assert "  " not in sentence
        assert one.id not in one.siblings
