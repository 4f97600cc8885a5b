"""What figures say about common claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.bench import verdicts

if TYPE_CHECKING:
    from mpmtune.model.bench import Claim

MIB = 1024**2


def queueing(prefork: float, event: float, enough: float) -> Claim:
    p99 = {"prefork": prefork, "worker": 1.3, "event": event, "prefork, enough": enough}
    return verdicts.queueing(
        150, 600, {name: {"p99_seconds": value} for name, value in p99.items()}
    )


@pytest.mark.parametrize(
    ("prefork", "event", "enough", "verdict"),
    [(1.4, 0.19, 0.3, "partly"), (1.4, 0.19, 1.2, "true"), (0.2, 0.19, 0.2, "false")],
)
def test_prefork_queues_when_it_is_much_slower_and_more_children_do_not_help(
    prefork: float, event: float, enough: float, verdict: str
) -> None:
    assert queueing(prefork, event, enough).verdict == verdict


def test_the_finding_tells_the_figures() -> None:
    assert "longer than 1.4 s under prefork, 1.3 s under worker, 0.19 s under event" in (
        queueing(1.4, 0.19, 0.3).finding
    )


def memory(prefork: int) -> Claim:
    sizes = {"prefork": (prefork, 1744), "worker": (33, 103), "event": (28, 100)}
    return verdicts.memory(
        400,
        {
            name: {"pss_bytes": pss * MIB, "rss_bytes": rss * MIB}
            for name, (pss, rss) in sizes.items()
        },
    )


def test_memory_is_judged_by_pss_and_rss_stands_beside_it() -> None:
    claim = memory(96)
    assert claim.verdict == "true"
    assert "prefork takes 2.9 times what worker does. RSS would say 17 times." in claim.finding
    assert memory(34).verdict == "false"


def keeping(event_few: float, event_many: float, worker: float = 0.0) -> Claim:
    shares = {"prefork": (0.0, 0.0), "worker": (worker, 0.0), "event": (event_few, event_many)}
    return verdicts.keeping(
        150,
        200,
        1000,
        {
            name: {"few_visitors_share": few, "many_visitors_share": many}
            for name, (few, many) in shares.items()
        },
    )


def test_event_keeps_more_connections_up_to_its_ceiling() -> None:
    claim = keeping(1.0, 0.0)
    assert claim.verdict == "partly"
    assert "event 100% and 0%." in claim.finding
    assert "a ceiling too" in claim.finding
    assert keeping(1.0, 1.0).verdict == "true"
    assert keeping(1.0, 0.0, worker=1.0).verdict == "false"


@pytest.mark.parametrize(
    ("rounds", "verdict", "words"),
    [
        ([(100.0, 90.0), (100.0, 91.0), (100.0, 85.0)], "true", "0.90 times"),
        ([(100.0, 110.0)], "false", "fewer in 0 of 1 rounds"),
        ([(100.0, 90.0), (100.0, 101.0)], "unknown", "fewer in 1 of 2 rounds"),
    ],
)
def test_plain_load_is_decided_only_when_every_round_agrees(
    rounds: list[tuple[float, float]], verdict: str, words: str
) -> None:
    claim = verdicts.plain(rounds)
    assert claim.verdict == verdict
    assert words in claim.finding
    assert claim.rows[0][0] == "round 1"
