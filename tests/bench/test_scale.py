"""How much of a machine a bench takes."""

from __future__ import annotations

from mpmtune.bench.scale import Scale, scale_of, usable_cpus

GIB = 1024**3


def test_two_cpus_are_one_for_the_server_and_one_for_its_clients() -> None:
    scale = scale_of([0, 1], 20 * GIB)
    assert (scale.by, scale.server, scale.clients) == (1, {0}, {1})


def test_eight_cpus_scale_four_times_and_more_do_not() -> None:
    assert scale_of(range(8), 64 * GIB).by == 4
    assert scale_of(range(64), 64 * GIB).by == 4.0


def test_one_cpu_is_shared() -> None:
    scale = scale_of([3], 20 * GIB)
    assert (scale.server, scale.clients, scale.by) == ({3}, {3}, 1)


def test_little_memory_makes_it_smaller_and_a_word_decides() -> None:
    assert scale_of([0, 1], GIB).by == 0.25
    assert scale_of([0, 1], 1).by == 0.05
    assert scale_of([0, 1], GIB, 2.0).by == 2.0


def test_numbers_are_scaled_and_threads_stay_whole_children() -> None:
    tenth = Scale(0.1, frozenset(), frozenset())
    assert (tenth.count(450), tenth.count(3), tenth.threads(500), tenth.threads(100)) == (
        45,
        1,
        50,
        25,
    )
    assert tenth.bytes(512) == 51


def test_there_is_a_cpu() -> None:
    assert usable_cpus()
