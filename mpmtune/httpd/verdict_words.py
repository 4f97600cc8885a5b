"""The shape of a verdict: the finer answers, what each comes down to, and a row of the table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from mpmtune.model.compatibility import Notice, Verdict


class Word(Enum):
    """The finer answer."""

    OK = "ok"
    ASYNC = "ok-async"
    ASYNC_WHEN_IDLE = "ok-async-when-idle"
    WHILE_ACTIVE = "ok-holds-thread-while-active"
    WHILE_STREAMING = "ok-holds-thread-while-streaming"
    WHILE_FILTERING = "ok-holds-thread-while-filtering"
    WHOLE_CONNECTION = "ok-holds-worker"
    SLOW_FORK = "ok-slow-fork"
    OWN_COUNTERS = "ok-per-process-counters"
    HOLDS_THREAD = "holds-thread"
    INACTIVE = "inactive"
    IF_THREAD_SAFE = "ok-if-threadsafe"
    RACY = "racy"
    UNSAFE = "unsafe"
    REFUSES = "refuses"
    UNPROVEN = "unproven"
    UNKNOWN = "unknown"


VERDICT = {
    Word.OK: Verdict.OK,
    Word.ASYNC: Verdict.OK,
    Word.ASYNC_WHEN_IDLE: Verdict.OK,
    Word.WHILE_ACTIVE: Verdict.OK,
    Word.WHILE_STREAMING: Verdict.OK,
    Word.WHILE_FILTERING: Verdict.OK,
    Word.WHOLE_CONNECTION: Verdict.OK,
    Word.SLOW_FORK: Verdict.OK,
    Word.OWN_COUNTERS: Verdict.OK,
    Word.HOLDS_THREAD: Verdict.FALLBACK,
    Word.INACTIVE: Verdict.FALLBACK,
    Word.IF_THREAD_SAFE: Verdict.UNKNOWN,
    Word.RACY: Verdict.UNSAFE,
    Word.UNSAFE: Verdict.UNSAFE,
    Word.REFUSES: Verdict.REFUSED,
    Word.UNPROVEN: Verdict.UNKNOWN,
    Word.UNKNOWN: Verdict.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Case:
    """The answer for one MPM; ``why`` is one sentence."""

    word: Word
    why: str
    way_out: str = ""
    notice: Notice = Notice.NOWHERE


@dataclass(frozen=True, slots=True)
class Known:
    """A row: modules that share their answers.

    Attributes:
        modules: Identifiers as ``LoadModule`` names them, separated by blanks.
        prefork: The answer there.
        worker: The answer there.
        event: The answer there.
        source: Where it was measured or read.
        since: First httpd version the row holds for; rows of one module stand newest first.
    """

    modules: str
    prefork: Case
    worker: Case
    event: Case
    source: str
    since: tuple[int, int, int] = (2, 4, 0)
