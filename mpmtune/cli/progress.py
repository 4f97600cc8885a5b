"""How far a command is, on stderr, and only where that is a terminal."""

from __future__ import annotations

import sys
import time

_PAUSE = 0.2


class Progress:
    """Shows a share of the whole that is done, and nothing of it in the end.

    Args:
        what: What is done, in one word or two.
        whole: The whole; 0 when it is not known.
        quiet: Show nothing.
    """

    def __init__(self, what: str, whole: int, *, quiet: bool) -> None:
        self._what = what
        self._whole = whole
        self._done = 0
        self._next = time.monotonic() + _PAUSE
        self._shown = 0
        self._silent = quiet or not sys.stderr.isatty()

    def advance(self, by: int) -> None:
        """Take notice that more is done."""
        self._done += by
        if self._silent or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _PAUSE
        share = f"{min(100, self._done * 100 // self._whole)} %" if self._whole else "…"
        text = f"{self._what} {share}"
        sys.stderr.write("\r" + text.ljust(self._shown))
        sys.stderr.flush()
        self._shown = len(text)

    def end(self) -> None:
        """Wipe it away."""
        if self._shown:
            sys.stderr.write("\r" + " " * self._shown + "\r")
            sys.stderr.flush()
            self._shown = 0
