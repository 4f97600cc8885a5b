"""Ctrl-C, a polite kill and a lost login: each takes a change back, once, and never half.

What has begun to be taken back, or is in force, is not to be interrupted: the next ctrl-C would
leave it as nobody has asked for it.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def one_interruption() -> Iterator[None]:
    """Let the first of these signals raise KeyboardInterrupt, and further ones do nothing.

    One that is ignored stays so: ``nohup`` means it.
    """
    before = {one: signal.getsignal(one) for one in _SIGNALS}
    heard = [one for one, handler in before.items() if handler is not signal.SIG_IGN]
    for one in heard:
        signal.signal(one, _interrupt)
    try:
        yield
    finally:
        for one in heard:
            signal.signal(one, before[one])


def no_more_interruptions() -> None:
    """Let further signals do nothing, until the end of ``one_interruption``."""
    for one in _SIGNALS:
        if signal.getsignal(one) is _interrupt:
            signal.signal(one, _do_nothing)


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    no_more_interruptions()
    raise KeyboardInterrupt


def _do_nothing(number: int, frame: FrameType | None) -> None:
    # Not SIG_IGN: that would go over to the httpd that is started.
    del number, frame
