"""A log read by several processes: copies of this one, each of which reads every n-th share."""

from __future__ import annotations

import os
import pickle
import signal
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, BinaryIO

from mpmtune.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.workload.counting import Counting
    from mpmtune.workload.reading import Part, Reading


def read_shared(reading: Reading, processes: int) -> Iterator[Part | Counting]:
    """Read all shares; yield their parts in order, and then the counts of each process.

    The copies execute nothing, open nothing but the logs, and write to nothing but a pipe.

    Raises:
        MpmtuneError: as the reading itself.
    """
    with ExitStack() as started:
        pipes = [
            started.enter_context(_reader(reading, number, processes))
            for number in range(processes)
        ]
        for number in range(len(reading.shares)):
            yield _received(pipes[number % processes])
        for pipe in pipes:
            yield _received(pipe)


@contextmanager
def _reader(reading: Reading, first: int, step: int) -> Iterator[BinaryIO]:
    """Start a copy that reads every ``step``-th share; it ends with its work, or with ours."""
    inward, outward = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(inward)
        with os.fdopen(outward, "wb") as pipe:
            _read(reading, first, step, pipe)
        os._exit(0)
    os.close(outward)
    try:
        with os.fdopen(inward, "rb") as pipe:
            yield pipe
    finally:
        # One that still writes is told by the closed pipe; one that reads must not go on.
        os.kill(process, signal.SIGTERM)
        os.waitpid(process, 0)


def _read(reading: Reading, first: int, step: int, pipe: BinaryIO) -> None:
    """Read in a copy, until the work or the interest in it is over."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted too, and ends us
    try:
        for share in reading.shares[first::step]:
            pickle.dump(reading.read(share), pipe)
            pipe.flush()
        pickle.dump(reading.counting, pipe)
    except BrokenPipeError:
        os._exit(0)
    except Exception as error:  # noqa: BLE001 - raised again by the parent
        pickle.dump(error, pipe)


def _received(pipe: BinaryIO) -> Part | Counting:
    try:
        made = pickle.load(pipe)  # noqa: S301 - our own copy wrote it
    except (EOFError, pickle.UnpicklingError):
        raise InputError(
            "A process that read logs ended before its work was done.",
            "Was it killed for its memory? Read with one process: -j 1.",
        ) from None
    if isinstance(made, Exception):
        raise made
    return made  # type: ignore[no-any-return]  # what _read sends
