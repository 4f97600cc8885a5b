"""A load: what is known goes before what follows."""

from __future__ import annotations

from mpmtune.model.load import Load
from mpmtune.model.quantity import declared, measured

TWO = declared("requests a second", 2, "--rps")
NINE = measured("requests a second", 9, "a log")
STREAMS = measured("streams", 5, "a log")


def test_what_is_known_goes_before_what_another_says() -> None:
    load = Load(arrivals=TWO).over(Load(arrivals=NINE, streams=STREAMS, open_ended=("full",)))
    assert load == Load(arrivals=TWO, streams=STREAMS, open_ended=("full",))


def test_nothing_is_known_of_an_empty_load() -> None:
    assert not Load().known
    assert Load(streams=STREAMS).known
