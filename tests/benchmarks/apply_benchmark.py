"""How long each part of a change of configuration takes, with a private httpd for each MPM.

Seconds of wall, the median and the longest of 5: an administrator waits for them. What httpd itself
needs for its start stands beside them, for nobody can be faster than that.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.apply.bringing_up import bring_up
from mpmtune.apply.changeset import planned_changes
from mpmtune.apply.entry import Kind, Phase
from mpmtune.apply.layouts import ByHand, read_layout
from mpmtune.apply.new_entry import new_entry
from mpmtune.apply.preflight import guards
from mpmtune.apply.putting_in_force import Patience, change_of, take_back
from mpmtune.apply.shadow_boot import shadow_boot
from mpmtune.apply.state_directory import state_directory
from mpmtune.apply.transaction import begin
from mpmtune.apply.undertaking import parent_of, undertake
from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.host.local import LocalHost
from mpmtune.host.parent_process import ParentProcess, children_of
from mpmtune.model.changes import ChangeSet, FileChange, Regular
from mpmtune.model.server import Mpm, Server
from mpmtune.plan.planner import plan
from tests.live.laid_out_httpd import LaidOutHttpd, debian
from tests.live.private_httpd import binary, version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.facts import Facts

ROUNDS = 5
OTHER = {Mpm.PREFORK: Mpm.EVENT, Mpm.WORKER: Mpm.PREFORK, Mpm.EVENT: Mpm.PREFORK}
BEFORE = "all before the first step"
OWN = {"graceful": "httpd's own graceful restart", "stop and start": "httpd's own start"}
LESS = "{}: … less httpd's own"
GOALS = {BEFORE: "6", LESS.format("graceful"): "1", LESS.format("stop and start"): "1"}


class Bench:
    """One private httpd with one MPM that is changed and put back; what each part takes.

    Args:
        httpd: Runs.
        mpm: What it runs.
    """

    def __init__(self, httpd: LaidOutHttpd, mpm: Mpm) -> None:
        self.httpd = httpd
        self.mpm = mpm
        self.choice = Choice(binary(), str(httpd.conf), str(httpd.root))
        self.seconds: dict[str, list[float]] = defaultdict(list)

    def found(self) -> tuple[Facts, Server]:
        facts = detect_facts(LocalHost(), self.choice)
        assert isinstance(facts.server, Server)
        return facts, facts.server

    def soft(self) -> ChangeSet:
        """A change for which a graceful restart is enough."""
        path = f"{self.httpd.root}/conf-enabled/keepalive.conf"
        content = Regular(b"KeepAliveTimeout 4\n", 0o644, os.geteuid(), os.getegid())
        return ChangeSet((FileChange(path, None, content),))

    def switch(self) -> ChangeSet:
        """The change to another MPM."""
        facts, server = self.found()
        layout = read_layout(LocalHost(), server)
        assert not isinstance(layout, ByHand)
        return planned_changes(plan(OTHER[self.mpm], "", facts), server, layout)

    def change(self, name: str, changes: ChangeSet) -> None:
        """Carry changes out and take them back."""
        facts, server = self.found()
        began = time.monotonic()
        with self.timed("read it"):
            work = undertake(LocalHost(), self.choice, facts, server, changes)
            was = undertake(LocalHost(), self.choice, facts, server, ChangeSet()).expected
        with self.timed("guards"):
            list(guards(facts, work, {}))
        with self.timed("trial start and its -t"):
            shadow_boot(work.candidate)
        self.seconds[BEFORE].append(time.monotonic() - began)
        with self.timed("httpd -t alone"):
            LocalHost().run(work.service.invocation.syntax())
        with state_directory(str(self.httpd.state)) as state:
            entry = new_entry(Kind.APPLY, name, str(self.httpd.root), changes)
            transaction = begin(state, entry)
            with self.timed(f"{name}: write the files"):
                transaction.write()
            transaction.note(Phase.ACTING, action=work.action.name.lower())
            put = change_of(work, Patience(), work.action)
            began = time.monotonic()
            done = bring_up(put, parent_of(server))
            watched = time.monotonic() - began - done.closed_seconds
            self.seconds[f"{name}: ports closed"].append(done.closed_seconds)
            self.seconds[f"{name}: watch"].append(watched)
            with self.timed(f"{name}: take it back"):
                take_back(put, was, transaction, "")

    def own(self) -> None:
        """See how long httpd needs until a new child has come, and until it answers."""
        pid = self.httpd.pid
        assert pid is not None
        former = set(children_of(pid))
        with ParentProcess(pid) as parent, self.timed(OWN["graceful"]):
            parent.graceful()
            while former.issuperset(children_of(pid)):
                time.sleep(0.01)
        self.httpd.stop()
        with self.timed(OWN["stop and start"]):
            self.httpd.start()

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[name].append(time.monotonic() - began)


@contextmanager
def a_server(mpm: Mpm) -> Iterator[LaidOutHttpd]:
    top = Path(tempfile.mkdtemp(prefix="mpmtune-bench-"))
    top.chmod(0o755)
    (top / "etc").mkdir()
    try:
        with LaidOutHttpd(top / "etc", lambda root, more: debian(root, mpm.value, more)) as httpd:
            yield httpd
    finally:
        shutil.rmtree(top, ignore_errors=True)


def measured(mpm: Mpm) -> dict[str, list[float]]:
    """Give, for each part, its seconds in each round."""
    with a_server(mpm) as httpd:
        bench = Bench(httpd, mpm)
        for _ in range(ROUNDS):
            bench.change("graceful", bench.soft())
            bench.change("stop and start", bench.switch())
            bench.own()
    for action, name in OWN.items():
        own = statistics.median(bench.seconds[name])
        back = bench.seconds[f"{action}: take it back"]
        bench.seconds[LESS.format(action)] = [max(0.0, one - own) for one in back]
    return bench.seconds


def main() -> None:
    import pytest

    try:
        found = {mpm: measured(mpm) for mpm in OTHER}
    except pytest.skip.Exception as why:
        print(f"apply: {why}")
        return
    number = ".".join(map(str, version()))
    load = os.getloadavg()[0]
    print(f"apply, httpd {number}, load {load:.1f}; seconds, median (longest) of {ROUNDS}")
    print(f"  {'':<44}" + "".join(f"{mpm.value:>16}" for mpm in found))
    for part in next(iter(found.values())):
        cells = (
            f"{statistics.median(of[part]):.2f} ({max(of[part]):.2f})" for of in found.values()
        )
        goal = f"   goal at most {GOALS[part]}" if part in GOALS else ""
        print(f"  {part:<44}" + "".join(f"{cell:>16}" for cell in cells) + goal)


if __name__ == "__main__":
    main()
