"""The parent process of a running httpd, held fast: its number is never another's."""

from __future__ import annotations

import os
import select
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

_TICK_SECONDS = 0.05


class ParentProcess:
    """A process that was found to be an httpd; use it as a context manager.

    Attributes:
        pid: Its id.
        patience_seconds: How long its end is waited for.

    Raises:
        ProcessLookupError: if it has ended.
        PermissionError: if the kernel does not allow it.
    """

    def __init__(self, pid: int, patience_seconds: float = 10.0) -> None:
        self.pid = pid
        self.patience_seconds = patience_seconds
        self._handle = os.pidfd_open(pid)

    def __enter__(self) -> ParentProcess:  # noqa: PYI034 - Self is newer than Python 3.10
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._handle)

    def runs(self, binary: str) -> bool:
        """Tell whether it runs a binary: before it was held, its number may have become another's.

        The binary may have been exchanged since it was started.
        """
        try:
            running = os.readlink(f"/proc/{self.pid}/exe")
        except (FileNotFoundError, ProcessLookupError):
            return False
        except PermissionError:
            return True  # another user's, who cannot be signalled anyway
        return running.removesuffix(" (deleted)") == os.path.realpath(binary)

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return not self.ended_within(0)

    def ended_within(self, seconds: float) -> bool:
        """Wait for its end, at most so long; tell whether it came."""
        poll = select.poll()
        poll.register(self._handle, select.POLLIN)
        return bool(poll.poll(max(0, round(seconds * 1000))))

    def require_permission(self) -> None:
        """Make sure that it may be signalled.

        Raises:
            ProcessLookupError: if it has ended.
            PermissionError: if it is another user's.
        """
        signal.pidfd_send_signal(self._handle, 0)

    def graceful(self) -> None:
        """Have it read its configuration and exchange its children as they become free (USR1).

        Raises:
            ProcessLookupError: if it has ended.
            PermissionError: if it is another user's.
        """
        signal.pidfd_send_signal(self._handle, signal.SIGUSR1)

    def stop(self, drain_seconds: float) -> bool:
        """End it: requests may finish for a while (WINCH), then it goes (TERM).

        Args:
            drain_seconds: How long requests in work may take; 0 cuts them off at once.

        Returns:
            Whether it ended, with all its children.

        Raises:
            PermissionError: if it is another user's.
        """
        family = (self.pid, *children_of(self.pid))
        with suppress(ProcessLookupError):
            if drain_seconds > 0:
                signal.pidfd_send_signal(self._handle, signal.SIGWINCH)
                self._drain(drain_seconds)
            signal.pidfd_send_signal(self._handle, signal.SIGTERM)
        patience = self.patience_seconds
        return self.ended_within(patience) and _all_gone(family, patience)

    def _drain(self, seconds: float) -> None:
        """Wait until its children are gone; itself it looks for that once a second alone."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and any(map(_runs, children_of(self.pid))):
            if self.ended_within(_TICK_SECONDS):
                return


def children_of(pid: int) -> tuple[int, ...]:
    """Find the children of a process; none where that cannot be seen."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return tuple(int(word) for word in file.read().split())
    except OSError:
        return ()


def shares_network(pid: int) -> bool:
    """Tell whether a process has the same network as we; so it is where that cannot be seen."""
    try:
        return os.path.samefile(f"/proc/{pid}/ns/net", "/proc/self/ns/net")
    except OSError:
        return True


def tasks_of(pid: int) -> int:
    """Count the threads of a process; 0 when it is gone."""
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return 0


def _all_gone(pids: tuple[int, ...], seconds: float) -> bool:
    """Wait until none is left; what is dead and not yet buried is gone."""
    deadline = time.monotonic() + seconds
    left = [pid for pid in pids if _runs(pid)]
    while left and time.monotonic() < deadline:
        time.sleep(_TICK_SECONDS)
        left = [pid for pid in left if _runs(pid)]
    return not left


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0] not in {b"Z", b"X"}
    except (OSError, IndexError):
        return False
