"""A change that is in force is taken back from a real httpd, which goes on serving."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.action import Action
from mpmtune.apply.bringing_up import bring_up
from mpmtune.apply.entry import Kind, Phase
from mpmtune.apply.new_entry import new_entry
from mpmtune.apply.putting_in_force import Patience, change_of, take_back
from mpmtune.apply.state_directory import state_directory
from mpmtune.apply.transaction import begin
from mpmtune.apply.undertaking import parent_of, undertake
from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.host.local import LocalHost
from mpmtune.model.changes import ChangeSet, FileChange, Regular
from mpmtune.model.server import Server
from tests.apply.laid_out import contents
from tests.live.laid_out_httpd import LaidOutHttpd, debian
from tests.live.private_httpd import binary

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.httpd


@pytest.fixture
def place() -> Iterator[Path]:
    top = Path(tempfile.mkdtemp(prefix="mpmtune-back-"))
    top.chmod(0o755)
    (top / "etc").mkdir()
    yield top / "etc"
    shutil.rmtree(top, ignore_errors=True)


@pytest.mark.parametrize("mpm", ["prefork", "worker", "event"])
def test_a_graceful_restart_is_taken_back_by_another(place: Path, mpm: str) -> None:
    """worker and event make new children when they look the next time, once a second."""

    def laid_out(root: Path, more: str) -> Path:
        return debian(root, mpm, more)

    with LaidOutHttpd(place, laid_out) as httpd:
        path = f"{place}/conf-enabled/keepalive.conf"
        before, pid = contents(place / "conf-enabled"), httpd.pid
        after = Regular(b"KeepAliveTimeout 4\n", 0o644, os.geteuid(), os.getegid())
        changes = ChangeSet((FileChange(path, None, after),))
        choice = Choice(binary(), str(httpd.conf), str(place))
        facts = detect_facts(LocalHost(), choice)
        assert isinstance(facts.server, Server)
        work_out = partial(undertake, LocalHost(), choice, facts, facts.server)
        work, was = work_out(changes), work_out(ChangeSet()).expected
        assert work.action is Action.GRACEFUL
        with state_directory(str(httpd.state)) as state:
            transaction = begin(state, new_entry(Kind.APPLY, "", str(place), changes))
            transaction.write()
            transaction.note(Phase.ACTING, action="graceful")
            change = change_of(work, Patience(watch=1.5), work.action)
            bring_up(change, parent_of(facts.server))
            began = time.monotonic()
            take_back(change, was, transaction, "It is no good.")
            print(f"{mpm}: taken back in {time.monotonic() - began:.1f} s")
            assert [(one.phase, one.why) for one in state.history()] == [
                (Phase.REVERTED, "It is no good.")
            ]
        assert contents(place / "conf-enabled") == before
        assert httpd.pid == pid
        assert httpd.serves()
