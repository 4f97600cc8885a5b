"""Programs in httpd's place that hang, flood or die: nobody waits for them longer than was said."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.attacks.scene import Done, Scene, mpmtune, script

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

pytestmark = pytest.mark.httpd

PROGRAMS = {
    "sleeps": "exec sleep 300",
    "ignores TERM": "trap '' TERM INT HUP; while :; do sleep 1; done",
    "leaves something behind": "while :; do sleep 1; done & echo Server version: Apache/2.4.62; exit 0",
    "prints without end": "exec yes 'Server version: Apache/2.4.62 (Debian)'",
    "complains without end": "exec yes 'AH00558: evil' >&2",
    "dies by a signal": "kill -SEGV $$",
    "says nothing": "exit 0",
    "is no program": "",
}
PROMISED_SECONDS = 10 + 1
BUSY_SECONDS = 15  # the machine that runs tests may be


@dataclass(frozen=True)
class Asked:
    """What came of asking a program, how long it took, and what of it still runs."""

    done: Done
    seconds: float
    left: tuple[str, ...]


def ask(scene: Scene, text: str) -> Asked:
    fake = script(scene.top / "apache2", text)
    if not text:
        fake.write_text("no program")
    line = scene.httpd.arguments("apply", "--yes", "--httpd", str(fake))
    began = time.monotonic()
    done = mpmtune(*line)
    return Asked(done, time.monotonic() - began, tuple(running(str(scene.top))))


def running(place: str) -> list[str]:
    """List the command lines that name a place."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_text(errors="replace")
        except OSError:  # it has ended
            continue
        if place in line:
            found.append(line)
    return found


@pytest.fixture(scope="module")
def asked(make_scene: Callable[[], Scene]) -> Mapping[str, Asked]:
    """Ask some at the same time, for the first two take their whole time."""
    scenes = [make_scene() for _ in PROGRAMS]
    with ThreadPoolExecutor(3) as pool:
        answers = pool.map(ask, scenes, PROGRAMS.values())
        return dict(zip(PROGRAMS, answers, strict=True))


@pytest.mark.parametrize("how", PROGRAMS)
def test_a_program_that_does_not_answer_holds_nobody_up(
    how: str, asked: Mapping[str, Asked]
) -> None:
    one = asked[how]
    assert one.done.code in {2, 3}
    assert one.seconds < PROMISED_SECONDS + BUSY_SECONDS
    assert len(one.done.out) + len(one.done.err) < 4000
    assert one.left == ()
