"""Whole commands of mpmtune's, each in a scene where an httpd really runs."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mpmtune.apply.disk import Disk
from mpmtune.apply.entry import Phase
from mpmtune.apply.files_only import carry_out
from mpmtune.apply.state_directory import state_directory
from mpmtune.apply.transaction import begin
from mpmtune.model.changes import ChangeSet, FileChange, Regular
from mpmtune.model.server import Mpm
from tests.apply import faults
from tests.live.stage import SNIPPET

if TYPE_CHECKING:
    from collections.abc import Callable

    from mpmtune.apply.entry import Entry
    from tests.apply.faults import Scene, State, Truth
    from tests.live.stage import Stage


@dataclass(frozen=True)
class Part:
    """A scene, and what must be so after its command.

    Attributes:
        scene: What is done.
        judge: Makes the truth of the state before the command, and of that after it.
    """

    scene: Scene
    judge: Callable[[State, State], Truth]


def switch(stage: Stage) -> Part:
    """``apply``: prefork → event, by stop and start."""
    scene = stage.mpmtune(stage.start, "apply", "--mode", "event", "--yes", "-q")
    return Part(replace(scene, read=stage.read_planned), faults.change)


def switch_on_trial(stage: Stage) -> Part:
    """``apply --confirm-within``: in force until it is taken back."""
    more = ("--mode", "event", "--yes", "-q", "--confirm-within", "3600")

    def judge(old: State, new: State) -> Truth:
        usual = faults.change(old, new)
        return replace(usual, settled={}, otherwise=(old,))

    scene = stage.mpmtune(stage.start, "apply", *more)
    return Part(replace(scene, read=stage.read_planned), judge)


def graceful(stage: Stage) -> Part:
    """``rollback``: to other soft values of event, by a graceful restart."""
    entry = _event(stage)
    path = str(stage.httpd.root / SNIPPET)
    planned = entry.changes.after[path]
    assert isinstance(planned, Regular)
    edited = planned.content.replace(b"KeepAliveTimeout ", b"KeepAliveTimeout 1")
    longer = ChangeSet((FileChange(path, planned, replace(planned, content=edited)),))

    def make() -> None:
        carry_out(str(stage.httpd.state), entry)
        carry_out(str(stage.httpd.state), replace(entry, identity="0" * 16, changes=longer))
        stage.start()

    return Part(stage.mpmtune(make, "rollback", "-q"), faults.change)


def rollback(stage: Stage) -> Part:
    """``rollback``: back to prefork."""
    entry = _event(stage)

    def make() -> None:
        carry_out(str(stage.httpd.state), entry)
        stage.start()

    return Part(stage.mpmtune(make, "rollback", "-q"), faults.change)


def confirm(stage: Stage) -> Part:
    """``confirm``: what was in force on trial stays; what is not confirmed does not."""
    entry = _event(stage)
    scene = stage.mpmtune(lambda: _on_trial(stage, entry), "confirm", "-q")
    first = _first(stage)

    def judge(trial: State, confirmed: State) -> Truth:
        return faults.Truth(
            dict.fromkeys((0, 2, 3), trial),
            {0: confirmed, 2: first, 3: first},
            (confirmed, first),
            one_fault_is_undone=False,
        )

    return Part(scene, judge)


def watchdog(stage: Stage) -> Part:
    """The watchdog of a change that nobody has confirmed: it tries again, and gives up."""
    entry = _event(stage)
    program = faults.python("-I", "-B", "-m", "mpmtune.apply.watchdog")
    scene = stage.scene(lambda: _on_trial(stage, entry), *program, str(stage.httpd.state))

    def last_words() -> list[str]:
        # Past its time already, and for 10 more seconds it is tried again.
        return [entry.identity, f"{time.time() - 590:.3f}"]

    def judge(trial: State, back: State) -> Truth:
        del trial
        return faults.Truth({0: back}, {}, (back,), one_fault_is_undone=False)

    return Part(replace(scene, last_words=last_words), judge)


def half_done(stage: Stage, steps: int, phase: Phase, action: str, running: str) -> Part:
    """``recover``, after a change to event that was killed.

    Args:
        stage: Where.
        steps: So many of its files were changed.
        phase: What its journal says.
        action: What was done to httpd; empty for nothing.
        running: ``old``, ``new``, or nothing: which httpd runs.
    """
    entry = _event(stage)

    def make() -> None:
        with state_directory(str(stage.httpd.state)) as state:
            transaction = begin(state, entry)
            if running == "old":
                stage.start()
            disk = Disk(f".mpmtune-{entry.identity}")
            for step in entry.changes.changes[:steps]:
                disk.carry_out(step)
            transaction.note(phase, action=action)
        if running == "new":
            stage.start()

    return Part(stage.mpmtune(make, "recover", "-q"), faults.taking_over)


def _on_trial(stage: Stage, entry: Entry) -> None:
    """Let a change be in force that awaits its confirmation."""
    with state_directory(str(stage.httpd.state)) as state:
        transaction = begin(state, replace(entry, confirm_by="2030-01-01T00:00:00Z"))
        transaction.write()
        transaction.note(Phase.ACTING, action="stop_and_start")
        stage.start()
        transaction.note(Phase.AWAITING_CONFIRM)


def _event(stage: Stage) -> Entry:
    shutil.rmtree(stage.directory, ignore_errors=True)
    stage.directory.mkdir()
    stage.lay_out()
    stage.start()
    entry = stage.change_to(Mpm.EVENT)
    stage.end_all()
    return entry


def _first(stage: Stage) -> State:
    scene = stage.scene(stage.start)
    scene.renew()
    return scene.state()
