"""Starting a program and waiting for it, whatever it does."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from enum import Enum
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent, Answer
from mpmtune.host.httpd_binary import SEARCH_PATH

if TYPE_CHECKING:
    from mpmtune.host.doorway import Command

_OUTPUT_LIMIT = 1024 * 1024
_PIECE = 64 * 1024
_TICK_SECONDS = 0.1


def start(command: Command) -> Answer | Absent:
    """Start a program in a session of its own and collect what it says.

    Its environment is ``command.environment`` with a fixed PATH and the C locale; it has no
    input. When the time is over, or it said more than 1 MiB, its whole process group is killed.
    """
    environment = {"PATH": ":".join(SEARCH_PATH), "LC_ALL": "C", **dict(command.environment)}
    try:
        process = subprocess.Popen(
            command.argv,
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        return Absent(command.argv[0], f"it cannot be started: {why or 'not a command line'}")
    with process:
        return _Listener(process, command.timeout_seconds).answer()


class _End(Enum):
    """How listening ended."""

    CLEAN = "it closed its streams and ended"
    LATE = "the time was over"
    CUT = "it said too much, or left something behind that holds its streams"


class _Listener:
    """Listens to one process until it ends, the time is over, or it says too much."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self._process = process
        self._deadline = time.monotonic() + seconds
        self._said = {"stdout": bytearray(), "stderr": bytearray()}

    def answer(self) -> Answer:
        end = self._listen()
        if end is not _End.CLEAN:
            _kill_group(self._process.pid)
        return Answer(
            status=self._process.wait(),
            stdout=bytes(self._said["stdout"][:_OUTPUT_LIMIT]),
            stderr=bytes(self._said["stderr"][:_OUTPUT_LIMIT]),
            timed_out=end is _End.LATE,
        )

    def _listen(self) -> _End:
        with selectors.DefaultSelector() as selector:
            for name in self._said:
                selector.register(getattr(self._process, name), selectors.EVENT_READ, name)
            while selector.get_map():
                left = self._deadline - time.monotonic()
                if left <= 0:
                    return _End.LATE
                ready = selector.select(min(left, _TICK_SECONDS))
                if not ready and self._process.poll() is not None:
                    return _End.CUT
                for key, _ in ready:
                    if not self._take(selector, key):
                        return _End.CUT
        return self._ending()

    def _take(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> bool:
        """Take what a stream holds; give whether there is room for more."""
        piece = os.read(key.fd, _PIECE)
        if not piece:
            selector.unregister(key.fileobj)
        self._said[key.data] += piece
        return len(self._said[key.data]) <= _OUTPUT_LIMIT

    def _ending(self) -> _End:
        try:
            self._process.wait(max(0.0, self._deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return _End.LATE
        return _End.CLEAN


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
