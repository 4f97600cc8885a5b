"""Whether a change is really in force, and the server as able as it should be.

An exit status says neither: ``-k start`` ends with 0 where nothing came up, a graceful restart
keeps the ServerLimit that it finds, and threads that the kernel refuses are missed by nobody but
the visitors.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.apply.error_log import against, written_since
from mpmtune.detect.mpm import running_found, running_objects
from mpmtune.host.listening import answers, listeners, sockets_of
from mpmtune.host.parent_process import children_of, tasks_of
from mpmtune.httpd.addresses import ANY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mpmtune.apply.error_log import LogMark
    from mpmtune.host.doorway import Files
    from mpmtune.host.listening import Listener
    from mpmtune.host.parent_process import ParentProcess
    from mpmtune.httpd.addresses import Address
    from mpmtune.model.server import Mpm

WATCH_SECONDS = 6.0
_READY_SECONDS = 5.0
_TICK_SECONDS = 0.05
_MOST_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Expectation:
    """What shall be in force.

    Attributes:
        mpm: The MPM that shall be loaded; None where it is compiled in.
        values: Directive → value as httpd starts with it.
        addresses: Where it shall listen; those with a name are left out.
        threaded: Its children have threads.
    """

    mpm: Mpm | None
    values: Mapping[str, int | str]
    addresses: tuple[Address, ...]
    threaded: bool

    def number(self, directive: str) -> int:
        """Give a value; 0 where it has none."""
        value = self.values.get(directive, 0)
        return value if isinstance(value, int) else 0


@dataclass(frozen=True, slots=True)
class Former:
    """What was there before something was done to httpd."""

    children: frozenset[int]
    log: LogMark


@dataclass(frozen=True, slots=True)
class Watch:
    """How long to watch at least, and how many new children, or threads of them, must come.

    What cannot make its threads dies after four seconds. After a graceful restart worker and event
    make the first child when they look at their children the next time, once a second.
    """

    seconds: float
    workers: int


def workers_at_start(expected: Expectation) -> int:
    """Count the children with which httpd starts, or their threads."""
    children = expected.number("StartServers")
    if not expected.threaded:
        return children
    limit = expected.number("MaxRequestWorkers")
    return min(children * expected.number("ThreadsPerChild"), limit)


def workers_after_graceful(expected: Expectation, seconds: float) -> int:
    """Count the new children, or their threads, that a graceful restart must have brought.

    It starts none at once: as many as are to be spare come by one, two, four … a second
    (perform_idle_server_maintenance).
    """
    spare = expected.number("MinSpareThreads" if expected.threaded else "MinSpareServers")
    each = expected.number("ThreadsPerChild") if expected.threaded else 1
    ramped: int = max(1, (1 << max(0, int(seconds) - 1)) - 1) * each
    return max(1, min(workers_at_start(expected), spare, ramped))


def verify(
    files: Files,
    parent: ParentProcess,
    expected: Expectation,
    former: Former,
    watch: Watch,
) -> tuple[str, ...]:
    """Watch a server after a change.

    Args:
        files: The machine.
        parent: The server's parent.
        expected: What shall be in force.
        former: What was there before.
        watch: How long to watch, and for how many workers.

    Returns:
        What is not as it should be, one sentence each; empty when all is well.
    """
    began = time.monotonic()
    seen = _Seen(parent, former)
    asked: tuple[str, ...] | None = None
    while (passed := time.monotonic() - began) < watch.seconds or (
        seen.workers < watch.workers and passed < _READY_SECONDS
    ):
        if not parent.alive:
            return (f"httpd ended after {passed:.1f} s.", *against(written_since(former.log)))
        seen.look()
        if asked is None and (seen.workers >= watch.workers or passed > _READY_SECONDS):
            asked = tuple(_asked(parent, expected))
        time.sleep(_TICK_SECONDS)
    if asked is None:
        asked = tuple(_asked(parent, expected))
    return (
        *_other_mpm(files, parent, expected),
        *_too_few(seen, expected, watch.workers),
        *asked,
        *against(written_since(former.log)),
    )


class _Seen:
    """The children that came since, at their most."""

    def __init__(self, parent: ParentProcess, former: Former) -> None:
        self._parent = parent
        self._former = former
        self.children: frozenset[int] = frozenset()
        self.workers = 0

    def look(self) -> None:
        """Count the new children and their threads."""
        new = [pid for pid in children_of(self._parent.pid) if pid not in self._former.children]
        self.children |= frozenset(new)
        self.workers = max(self.workers, sum(map(tasks_of, new)))


def _too_few(seen: _Seen, expected: Expectation, needed: int) -> Iterator[str]:
    if not seen.children:
        yield "No new child has come: the new values are not in force."
    elif seen.workers < needed:
        what = "threads" if expected.threaded else "children"
        yield f"Only {seen.workers} of {needed} {what} have come."


def _other_mpm(files: Files, parent: ParentProcess, expected: Expectation) -> Iterator[str]:
    found = running_found(running_objects(files, parent.pid), parent.pid)
    if expected.mpm is not None and found is not None and found.mpm is not expected.mpm:
        yield f"httpd runs with {found.mpm.value}, not with {expected.mpm.value}."


def _asked(parent: ParentProcess, expected: Expectation) -> Iterator[str]:
    """Look for every port among the sockets of this very server, then ask one many times at once."""
    held = sockets_of(parent.pid)
    ours = [one for one in listeners() if one.inode in held]
    for address in expected.addresses:
        if not any(_serves(one, address) for one in ours):
            yield f"It does not listen on {address}."
    answering = [one for one in ours if answers(one)]
    silent = [one for one in ours if one not in answering]
    for one in silent:
        yield f"Port {one.port} is open and nobody answers there."
    if answering:
        yield from _burst(answering[0], expected)


def _burst(listener: Listener, expected: Expectation) -> Iterator[str]:
    count = max(1, min(expected.number("MaxRequestWorkers"), _MOST_AT_ONCE))
    try:
        with ThreadPoolExecutor(count) as pool:
            answered = sum(pool.map(answers, [listener] * count))
    except RuntimeError:  # "can't start new thread": httpd will meet the same limit
        yield f"{count} requests at once could not be made: the system gives no more threads."
        return
    if answered < count:
        yield f"Of {count} requests at once {count - answered} were not answered."


def _serves(listener: Listener, address: Address) -> bool:
    anywhere = {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound
    hosts = anywhere if address.host == ANY else {address.host}
    return listener.port == address.port and listener.address in hosts
