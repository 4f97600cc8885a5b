"""Starting the candidate for a moment where nobody sees it.

``httpd -t`` accepts what kills a server: a missing TypesConfig, a certificate that does not fit
its key, a log that is a directory, a scoreboard too large for the kernel. So the change is carried
out and httpd started in a private world (``host/private_world.py``), asked over its loopback, and
ended with that world.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.apply.checks import Check, Verdict, passed, refused, unseen
from mpmtune.apply.disk import Disk
from mpmtune.detect.answers import parse_messages
from mpmtune.detect.mpm import running_found, running_objects
from mpmtune.errors import InputError
from mpmtune.host.doorway import Absent
from mpmtune.host.listening import answers, listeners
from mpmtune.host.local import LocalHost
from mpmtune.host.private_world import in_private_world
from mpmtune.host.running import processes_of
from mpmtune.host.starting import start

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.host.doorway import Answer
    from mpmtune.host.httpd_binary import Invocation
    from mpmtune.model.changes import ChangeSet
    from mpmtune.model.server import Mpm

SYNTAX = "httpd accepts the new configuration (-t)"
BOOT = "the new configuration starts and answers"
_SPARE = ".mpmtune-shadow"
_WORLD_SECONDS = 20.0
_ANSWER_SECONDS = 5.0
_TICK_SECONDS = 0.05
_LOG_TAIL = 64 * 1024
# The first victim when memory is short shall be the shadow, not the server (proc(5)).
_OOM_FIRST = "1000"
# There are no other machines in the private world, so names are not resolved there: core.c,
# mod_unixd and vhost.c say these then, and go on.
_NO_NETWORK = ("AH00547", "AH00549", "AH00557", "AH00558")
_UNRESOLVED = ("could not resolve", "name or service not known", "temporary failure in name")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A configuration that is to be tried.

    Attributes:
        invocation: How the server is started, with the environment that its start script gives it.
        changes: What is to be written before.
        mpm: What it shall run with; None where it is compiled in.
        error_log: The file of the main ErrorLog; None where it is none.
        pid_file: PidFile of the server that runs; None where it is not known.
        made_at_start: Directories that a start script makes.
        known: What httpd says of the configuration as it is: no reason to refuse the new one.
    """

    invocation: Invocation
    changes: ChangeSet
    mpm: Mpm | None
    error_log: str | None
    pid_file: str | None
    made_at_start: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


def shadow_boot(candidate: Candidate) -> tuple[Check, ...]:
    """Carry the change out, check it and start it, all in a private world.

    Returns:
        Two checks, ``SYNTAX`` and ``BOOT``; both not looked at where there can be no such world.
    """
    answer = in_private_world(lambda: _tried(candidate), _WORLD_SECONDS)
    if isinstance(answer, Absent):
        why = f"No private copy of this machine could be made to try it in: {answer.why}."
        return unseen(SYNTAX, why), unseen(BOOT, why)
    return tuple(
        Check(name, Verdict(verdict), *rest) for name, verdict, *rest in json.loads(answer)
    )


def _tried(candidate: Candidate) -> bytes:
    """In the private world: give the checks as JSON."""
    Path("/proc/self/oom_score_adj").write_text(_OOM_FIRST, "ascii")
    checks = [_syntax(candidate)]
    if checks[0].verdict is not Verdict.REFUSED:
        checks.append(_boot(candidate))
    fields = [(one.name, one.verdict.value, one.why, one.way_out) for one in checks]
    return json.dumps(fields).encode()


def _syntax(candidate: Candidate) -> Check:
    try:
        _carry_out(candidate)
    except InputError as error:
        return refused(SYNTAX, f"It cannot be written: {error.sentence}", error.hint)
    answer = start(candidate.invocation.syntax())
    said = _said(answer, candidate.known)
    if isinstance(answer, Absent) or answer.timed_out:
        return refused(SYNTAX, f"httpd gave no answer: {_why(answer)}.")
    if answer.status and _unresolved(said):
        return unseen(SYNTAX, f"A name would have to be resolved: {said[0]}")
    if answer.status or said:
        return refused(SYNTAX, " ".join(said) or f"httpd -t ended with {answer.status}.")
    return passed(SYNTAX)


def _carry_out(candidate: Candidate) -> None:
    disk = Disk(_SPARE)
    for change in candidate.changes.changes:
        disk.carry_out(change)
    for path in candidate.made_at_start:
        with suppress(OSError):
            Path(path).mkdir(parents=True, exist_ok=True)
    if candidate.pid_file is not None:
        # Its number means another process here, and httpd would think that it runs already.
        with suppress(OSError):
            Path(candidate.pid_file).unlink()


def _boot(candidate: Candidate) -> Check:
    log_size = _size(candidate.error_log)
    answer = start(candidate.invocation.start())
    if isinstance(answer, Absent) or answer.timed_out:
        return refused(BOOT, f"httpd could not be started: {_why(answer)}.")
    why = f"httpd -k start ended with {answer.status}." if answer.status else _watched(candidate)
    if not why:
        return passed(BOOT)
    said = (*_said(answer, ()), *_logged(candidate.error_log, log_size))
    if _unresolved(said):
        return unseen(BOOT, f"A name would have to be resolved: {said[0]}")
    return refused(BOOT, " ".join((why, *said[-3:])))


def _watched(candidate: Candidate) -> str:
    """Wait until every listening socket answers; give why that did not happen."""
    binary = candidate.invocation.binary
    deadline = time.monotonic() + _ANSWER_SECONDS
    waiting = "It listens nowhere."
    while time.monotonic() < deadline:
        sockets = listeners()
        silent = [one for one in sockets if not answers(one)]
        if sockets and not silent:
            return _other_mpm(candidate)
        if not processes_of(binary):
            return "It started and ended at once."
        if silent:
            waiting = f"It listens on port {silent[0].port} and answers nobody there."
        time.sleep(_TICK_SECONDS)
    return waiting


def _other_mpm(candidate: Candidate) -> str:
    """Say with which MPM it runs, where that is another one than meant."""
    host = LocalHost()
    for pid in processes_of(candidate.invocation.binary)[:1]:
        found = running_found(running_objects(host, pid), pid)
        if candidate.mpm is not None and found is not None and found.mpm is not candidate.mpm:
            return f"It runs with {found.mpm.value}, not with {candidate.mpm.value}."
    return ""


def _said(answer: Answer | Absent, known: Iterable[str]) -> tuple[str, ...]:
    if isinstance(answer, Absent):
        return ()
    found = parse_messages(answer.stderr.decode("utf-8", "replace"))
    return tuple(one for one in found if one not in known and not one.startswith(_NO_NETWORK))


def _logged(path: str | None, since: int) -> tuple[str, ...]:
    """Read what httpd has added to its error log, notices left out."""
    if path is None:
        return ()
    try:
        with Path(path).open("rb") as file:
            file.seek(since)
            text = file.read(_LOG_TAIL).decode("utf-8", "replace")
    except OSError:
        return ()
    return parse_messages("\n".join(line for line in text.splitlines() if ":notice]" not in line))


def _size(path: str | None) -> int:
    try:
        return Path(path).stat().st_size if path is not None else 0
    except OSError:
        return 0


def _unresolved(said: tuple[str, ...]) -> bool:
    return any(mark in one.lower() for one in said for mark in _UNRESOLVED)


def _why(answer: Answer | Absent) -> str:
    return answer.why if isinstance(answer, Absent) else "it did not end in time"
