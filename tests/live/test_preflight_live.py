"""Sixty configurations that pass ``httpd -t`` and fail later, and a hundred that do not fail."""

from __future__ import annotations

import shutil
import socket
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.checks import Check, Verdict
from mpmtune.apply.guards import ports_free
from mpmtune.apply.shadow_boot import Candidate, shadow_boot
from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.configuration_files import ConfigurationFiles
from mpmtune.host.doorway import Absent
from mpmtune.host.httpd_binary import Invocation
from mpmtune.host.local import LocalHost
from mpmtune.host.private_world import in_private_world
from mpmtune.httpd.targets import TARGETS
from mpmtune.model.changes import ChangeSet, FileChange, Regular
from mpmtune.model.server import Mpm
from tests.live.failing_configurations import FAILING, Tried, prepare
from tests.live.private_httpd import PrivateHttpd, binary, free_port
from tests.live.sound_variants import SOUND

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.httpd


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tried = in_private_world(lambda: b"", 10)
    if isinstance(tried, Absent):
        pytest.skip(f"no private world can be made here: {tried.why}")
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed here")
    root = tmp_path_factory.mktemp("made")
    prepare(root)
    return root / "made"


@pytest.fixture(scope="module")
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def put(httpd: PrivateHttpd, tried: Tried, made: Path, taken: int) -> None:
    shutil.copytree(made, httpd.root / "made")
    marks = {"root": httpd.root, "port": httpd.port, "other": taken, "tls": free_port()}
    text = tried.directives
    for mark, value in marks.items():
        text = text.replace(f"{{{mark}}}", str(value))
    httpd.directives = text


def looked_at(httpd: PrivateHttpd, changes: ChangeSet | None = None) -> list[Check]:
    """Do the part of a preflight that concerns the configuration."""
    start = Start(str(httpd.conf), TARGETS["debian-12"])
    tree = evaluate(ConfigurationFiles(LocalHost()), start)
    candidate = Candidate(
        Invocation(binary(), str(httpd.root), str(httpd.conf)),
        changes or ChangeSet(),
        httpd.mpm,
        str(httpd.root / "error.log"),
        str(httpd.root / "httpd.pid"),
    )
    return [ports_free(tree, None), *shadow_boot(candidate)]


def comes_to_nothing(httpd: PrivateHttpd) -> bool:
    """Start it where it would really be: it refuses, or ends by itself soon after.

    Raises:
        TimeoutExpired: if it runs on.
    """
    try:
        httpd.start()
    except RuntimeError:
        return True
    httpd.ended()
    return True


@pytest.mark.parametrize("tried", FAILING, ids=str)
def test_what_fails_after_t_is_refused_before(tried: Tried, made: Path, taken: int) -> None:
    with PrivateHttpd(tried.mpm, "", tried.modules) as httpd:
        put(httpd, tried, made, taken)
        assert httpd.check().exit == 0
        refusals = [one for one in looked_at(httpd) if one.verdict is Verdict.REFUSED]
        assert len(refusals) == 1
        assert refusals[0].why
        assert comes_to_nothing(httpd)


@pytest.mark.parametrize("tried", SOUND, ids=str)
def test_what_starts_is_not_refused(tried: Tried, made: Path, taken: int) -> None:
    with PrivateHttpd(tried.mpm, "", tried.modules) as httpd:
        put(httpd, tried, made, taken)
        httpd.write()
        assert {one.verdict for one in looked_at(httpd)} == {Verdict.PASSED}


def test_there_are_as_many_as_are_claimed() -> None:
    assert len(FAILING) >= 60
    assert len(SOUND) >= 100


def test_the_change_is_tried_and_nothing_of_it_is_left(made: Path) -> None:
    with PrivateHttpd(Mpm.EVENT, f"IncludeOptional {made}/../*.conf") as httpd:
        httpd.write()
        snippet = httpd.root / "snippet.conf"
        httpd.directives = f"IncludeOptional {httpd.root}/snippet.con[f]"
        httpd.write()
        good = FileChange(str(snippet), None, Regular(b"StartServers 1\n", 0o644, 0, 0))
        bad = FileChange(str(snippet), None, Regular(b"MaxRequestWorkers 3000\n", 0o644, 0, 0))
        assert [one.verdict for one in looked_at(httpd, ChangeSet((good,)))[1:]] == [
            Verdict.PASSED,
            Verdict.PASSED,
        ]
        (syntax,) = looked_at(httpd, ChangeSet((bad,)))[1:]
        assert syntax.verdict is Verdict.REFUSED
        assert syntax.why.startswith("AH00515: ")
        assert sorted(path.name for path in httpd.root.iterdir()) == ["httpd.conf"]


def test_the_pid_file_of_a_server_that_runs_is_no_hindrance() -> None:
    with PrivateHttpd(Mpm.EVENT, "") as httpd:
        httpd.start()
        (httpd.root / "httpd.pid").write_text("1\n")
        verdicts = [one.verdict for one in looked_at(httpd)]
        assert verdicts[1:] == [Verdict.PASSED, Verdict.PASSED]
        assert httpd.get()
