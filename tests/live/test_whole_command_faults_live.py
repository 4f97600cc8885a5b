"""kill -9 and refusals of the kernel in whole commands, with an httpd that really runs.

A few points of a few commands are tried; ``pytest --all-faults`` tries every fault at every point
of each, one test for each kind of fault: ``-k`` and ``--lf`` go on where it was left.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.entry import Phase
from tests.apply import faults
from tests.apply.faults import FROM_THEN_ON, KILL, ONE_SHOT
from tests.apply.system_calls import ACTING, CHANGING
from tests.live import whole_commands
from tests.live.stage import Stage
from tests.live.whole_commands import half_done

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.apply.faults import Truth
    from tests.apply.system_calls import Point
    from tests.live.whole_commands import Part

pytestmark = pytest.mark.httpd
EVERY_STEP = 99
PARTS: dict[str, Callable[[Stage], Part]] = {
    "apply": whole_commands.switch,
    "graceful": whole_commands.graceful,
    "on-trial": whole_commands.switch_on_trial,
    "rollback": whole_commands.rollback,
    "confirm": whole_commands.confirm,
    "watchdog": whole_commands.watchdog,
    "recover-written": partial(half_done, steps=3, phase=Phase.WRITING, action="", running="old"),
    "recover-told": partial(
        half_done, steps=EVERY_STEP, phase=Phase.ACTING, action="stop_and_start", running="old"
    ),
    "recover-stopped": partial(
        half_done, steps=EVERY_STEP, phase=Phase.ACTING, action="stop_and_start", running=""
    ),
    "recover-started": partial(
        half_done, steps=EVERY_STEP, phase=Phase.ACTING, action="stop_and_start", running="new"
    ),
    "recover-back": partial(
        half_done, steps=0, phase=Phase.REVERTING, action="stop_and_start", running=""
    ),
}
# Of the calls by which processes are started and servers asked: what the kernel may say there.
OF_ACTING = (
    KILL,
    *(f"error={name}" for name in ("EMFILE", "ENOMEM", "EPERM")),
    "error=EMFILE:lasting",
    "error=ENOMEM:lasting",
)
IN_SHORT = {"apply": 3, "recover-stopped": 2, "confirm": 1, "watchdog": 2}
ACTING_IN_SHORT = {"recover-stopped": 1}


@dataclass(frozen=True)
class Prepared:
    """A scene with the calls of its command."""

    part: Part
    truth: Truth
    changing: tuple[Point, ...]
    acting: tuple[Point, ...]


@pytest.fixture(scope="module")
def prepared() -> Iterator[Callable[[str], Prepared]]:
    """Prepare each scene once."""
    stages: list[Stage] = []
    made: dict[str, Prepared] = {}

    def prepare(name: str) -> Prepared:
        if name not in made:
            place = Path(tempfile.mkdtemp(prefix="mpmtune-whole-"))
            place.chmod(0o755)
            stages.append(Stage(place))
            made[name] = _prepared(PARTS[name](stages[-1]))
        return made[name]

    yield prepare
    for stage in stages:
        stage.end_all()
        shutil.rmtree(stage.directory.parent, ignore_errors=True)


def _prepared(part: Part) -> Prepared:
    scene = part.scene
    scene.renew()
    old = scene.state()
    found = faults.traced(scene, (*CHANGING, *ACTING))
    new = scene.state()
    assert faults.bootable(scene)
    return Prepared(
        part,
        part.judge(old, new),
        tuple(point for point in found if point.syscall in CHANGING),
        tuple(point for point in found if point.syscall in ACTING and not _repeats(point)),
    )


def _repeats(point: Point) -> bool:
    """Tell whether it starts one more of many threads."""
    return point.syscall == "clone3" and point.nth > 2


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "fault" not in metafunc.fixturenames:
        return
    acting = metafunc.definition.name == test_what_starts_and_asks_processes_fails_too.__name__
    if metafunc.config.getoption("--all-faults"):
        kinds = OF_ACTING if acting else (*ONE_SHOT, *FROM_THEN_ON)
        found = [(name, fault) for name in PARTS for fault in kinds]
    else:
        found = [(name, "") for name in (ACTING_IN_SHORT if acting else IN_SHORT)]
    ids = ["-".join((name, fault.partition("=")[2])).rstrip("-") for name, fault in found]
    metafunc.parametrize(("name", "fault"), found, ids=ids)


def test_what_changes_files_fails_in_a_whole_command(
    prepared: Callable[[str], Prepared], name: str, fault: str
) -> None:
    made = prepared(name)
    every = [(point, fault) for point in made.changing]
    judged(made, every if fault else spread(made.changing, IN_SHORT[name]))


def test_what_starts_and_asks_processes_fails_too(
    prepared: Callable[[str], Prepared], name: str, fault: str
) -> None:
    made = prepared(name)
    every = [(point, fault) for point in made.acting]
    judged(made, every if fault else spread(made.acting, ACTING_IN_SHORT[name]))


def judged(made: Prepared, trials: list[tuple[Point, str]]) -> None:
    verdicts = faults.tried(made.part.scene, trials, made.truth)
    print(f"{verdicts.tried} trials, {len(verdicts.bad)} bad")
    assert not verdicts.bad, "\n\n".join(verdicts.bad)


def spread(points: tuple[Point, ...], count: int) -> list[tuple[Point, str]]:
    """Choose points in the middle of equal pieces, the first one to be killed at."""
    every = (*ONE_SHOT, *FROM_THEN_ON)
    return [
        (points[(2 * at + 1) * len(points) // (2 * count)], every[at * len(every) // count])
        for at in range(count)
    ]
