"""Having httpd read what is written, or running it as it ran before; each told by what it did."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.apply.action import Action
from mpmtune.apply.error_log import mark
from mpmtune.apply.php_pages import shown_source
from mpmtune.apply.putting_back import REFUSALS, sentence_of
from mpmtune.apply.verification import (
    Former,
    Watch,
    verify,
    workers_after_graceful,
    workers_at_start,
)
from mpmtune.detect.choice import Choice, choose_instance
from mpmtune.detect.instance import detect_instances
from mpmtune.errors import MpmtuneError
from mpmtune.host.doorway import Absent
from mpmtune.host.listening import answers, listeners, sockets_of
from mpmtune.host.local import LocalHost
from mpmtune.host.parent_process import ParentProcess, children_of

if TYPE_CHECKING:
    from mpmtune.apply.php_pages import PhpPage
    from mpmtune.apply.service import Service
    from mpmtune.apply.verification import Expectation
    from mpmtune.model.server import Instance

_UP_SECONDS = 10.0
_ORPHAN_SECONDS = 5.0
_TICK_SECONDS = 0.02


class NotInForceError(MpmtuneError):
    """What was done to httpd is not what came of it; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to httpd, and what shall come of it.

    Attributes:
        service: How it is ended and started.
        action: What is done.
        expected: What shall be so afterwards.
        error_log: The file of its error log; None where it is none.
        drain_seconds: How long requests may take to finish before a stop.
        watch_seconds: How long it is watched afterwards.
        php_pages: Whose source nobody shall see who does not see it now.
    """

    service: Service
    action: Action
    expected: Expectation
    error_log: str | None
    drain_seconds: float
    watch_seconds: float
    php_pages: tuple[PhpPage, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it.

    Attributes:
        parent_pid: The parent that runs now.
        closed_seconds: How long nobody answered; 0 for a graceful restart.
    """

    parent_pid: int
    closed_seconds: float


def bring_up(change: Change, parent_pid: int | None) -> Done:
    """Do it, and watch what comes of it.

    Args:
        change: What is done.
        parent_pid: The parent that runs; None where none does, and then httpd is started.

    Raises:
        NotInForceError: if it is not in force, or httpd not as able as it should be.
    """
    try:
        if change.action is Action.GRACEFUL and parent_pid is not None:
            return _graceful(change, parent_pid)
        return _stop_and_start(change, parent_pid)
    except ProcessLookupError:
        raise NotInForceError("httpd has ended by itself.") from None
    except PermissionError:
        raise NotInForceError("This httpd belongs to another user.") from None
    except REFUSALS as failure:
        raise NotInForceError(sentence_of(failure)) from failure


def _graceful(change: Change, parent_pid: int) -> Done:
    former = Former(frozenset(children_of(parent_pid)), mark(change.error_log))
    with ParentProcess(parent_pid) as parent:
        _require_httpd(change, parent)
        parent.graceful()
        needed = workers_after_graceful(change.expected, change.watch_seconds)
        watch = Watch(change.watch_seconds, needed)
        _require(verify(LocalHost(), parent, change.expected, former, watch))
    return Done(parent_pid, 0.0)


def _stop_and_start(change: Change, parent_pid: int | None) -> Done:
    former = Former(frozenset(), mark(change.error_log))
    shown = set(shown_source(LocalHost(), change.php_pages))
    began = time.monotonic()
    if parent_pid is not None:
        with ParentProcess(parent_pid) as parent:
            _require_httpd(change, parent)
            why = change.service.stop(LocalHost(), parent, change.drain_seconds)
        _require((f"httpd was not stopped: {why}.",) if why else ())
    why = change.service.start(LocalHost())
    _require((f"httpd was not started: {why}.",) if why else ())
    pid = _parent_that_answers(change.service)
    closed = time.monotonic() - began
    with ParentProcess(pid) as parent:
        watch = Watch(change.watch_seconds, workers_at_start(change.expected))
        _require(verify(LocalHost(), parent, change.expected, former, watch))
    _require(tuple(one for one in shown_source(LocalHost(), change.php_pages) if one not in shown))
    return Done(pid, closed)


def _require_httpd(change: Change, parent: ParentProcess) -> None:
    """Make sure that the number that was found some time ago is still that of httpd."""
    if not parent.runs(change.service.invocation.binary):
        raise ProcessLookupError


def running_parent(service: Service) -> int | None:
    """Find the parent of the httpd that a service is; None when it does not run.

    Children whose parent has died look like parents without children, and so does a parent that
    is about to end: they are waited for.

    Raises:
        NotInForceError: if that cannot be seen.
    """
    deadline = time.monotonic() + _ORPHAN_SECONDS
    while (found := _instance(service)) is not None:
        if found.child_pids or time.monotonic() > deadline:
            return found.parent_pid
        time.sleep(_TICK_SECONDS)
    return None


def _instance(service: Service) -> Instance | None:
    host = LocalHost()
    listed = host.processes()
    if isinstance(listed, Absent):
        raise NotInForceError(f"Whether httpd runs is not known: {listed.why}.")
    called = service.invocation
    meant = Choice(called.binary, called.conf, called.server_root)
    found = choose_instance(detect_instances(host, listed, called.binary), meant)
    return None if found is None or found.other_namespace else found


def _parent_that_answers(service: Service) -> int:
    deadline = time.monotonic() + _UP_SECONDS
    pid = None
    while time.monotonic() < deadline:
        pid = running_parent(service)
        if pid is not None:
            held = sockets_of(pid)
            if any(one.inode in held and answers(one) for one in listeners()):
                return pid
        time.sleep(_TICK_SECONDS)
    raise NotInForceError(
        "httpd was started and does not run."
        if pid is None
        else f"httpd was started and answered nobody within {_UP_SECONDS:.0f} s."
    )


def _require(failures: tuple[str, ...]) -> None:
    if failures:
        raise NotInForceError(" ".join(failures))
