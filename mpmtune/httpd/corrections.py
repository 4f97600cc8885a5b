"""What each MPM's check_config changes after the configuration was read, in its own order.

httpd reads its configuration twice at start. The first reading, and ``-t``, say on the console
``WARNING: …`` with one AH number; the second reading and every restart log a terser line with
the next number. The arithmetic and the numbers are the same in every 2.4 release
(prefork.c: prefork_check_config, worker.c: worker_check_config, event.c: event_check_config).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVER_LIMIT_MAX = MappingProxyType({Mpm.PREFORK: 200_000, Mpm.WORKER: 20_000, Mpm.EVENT: 20_000})
THREAD_LIMIT_MAX = MappingProxyType({Mpm.WORKER: 20_000, Mpm.EVENT: 100_000})

_PREFORK_DEFAULTS = {
    "ServerLimit": 256,
    "MaxRequestWorkers": 256,
    "StartServers": 5,
    "MinSpareServers": 5,
    "MaxSpareServers": 10,
}
_THREADED_DEFAULTS = {
    "ServerLimit": 16,
    "ThreadLimit": 64,
    "ThreadsPerChild": 25,
    # 16 × 25 when httpd was compiled; it does not follow the two directives.
    "MaxRequestWorkers": 400,
    "StartServers": 3,
    "MinSpareThreads": 75,
    "MaxSpareThreads": 250,
}
DEFAULTS: Mapping[Mpm, Mapping[str, int]] = MappingProxyType(
    {
        Mpm.PREFORK: MappingProxyType(_PREFORK_DEFAULTS),
        Mpm.WORKER: MappingProxyType(_THREADED_DEFAULTS),
        Mpm.EVENT: MappingProxyType(_THREADED_DEFAULTS),
    }
)


class Reading(Enum):
    """Which reading of the configuration speaks, and so in which words."""

    CONSOLE = "first"
    LOG = "later"


@dataclass(frozen=True, slots=True)
class Message:
    """One line that httpd prints or logs.

    Attributes:
        id: Its AH number, ``AH00513``.
        level: ``warn``, ``info``, ``error``…
        text: What follows the number.
        directive: The directive it is about, in the manual's spelling.
        before: Its number so far, earlier corrections counted.
        after: Its number from here on.
    """

    id: str
    level: str
    text: str
    directive: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """The limits that a running parent keeps until it is stopped."""

    server_limit: int
    thread_limit: int | None = None

    @classmethod
    def by(cls, effective: Mapping[str, int]) -> Frozen:
        """Take the limits that the first reading left in force."""
        return cls(effective["ServerLimit"], effective.get("ThreadLimit"))


@dataclass(frozen=True, slots=True)
class Corrected:
    """The values that check_config leaves in force, and what it says on the way.

    Attributes:
        effective: Directive in the manual's spelling → number, every one that the MPM checks.
        messages: In httpd's order.
    """

    effective: Mapping[str, int]
    messages: tuple[Message, ...]


def correct(
    mpm: Mpm,
    written: Mapping[str, int],
    *,
    reading: Reading = Reading.CONSOLE,
    frozen: Frozen | None = None,
) -> Corrected:
    """Do what the MPM's check_config does.

    Args:
        mpm: The MPM that checks.
        written: Numbers as atoi read them, by the manual's spelling; what is missing has its
            built-in default, and names that the MPM does not check are ignored.
        reading: Console wording for the first reading and ``-t``, log wording afterwards.
        frozen: The limits of the running parent, for a restart.
    """
    values = {name: written.get(name, default) for name, default in DEFAULTS[mpm].items()}
    check = _Check(mpm, reading, values)
    if mpm is Mpm.PREFORK:
        _check_prefork(check, frozen)
    else:
        _check_threaded(check, frozen)
    return Corrected(MappingProxyType(values), tuple(check.messages))


class _Check:
    """One run of check_config: the values it works on and the lines it has said."""

    def __init__(self, mpm: Mpm, reading: Reading, values: dict[str, int]) -> None:
        self.mpm = mpm
        self.reading = reading
        self.values = values
        self.messages: list[Message] = []

    def change(self, number: int, directive: str, after: int, console: str, log: str) -> None:
        """Change a value and say so; the console's number is given, the log's is the next one."""
        if self.reading is Reading.CONSOLE:
            self._say(number, directive, after, f"WARNING: {console}")
        else:
            self._say(number + 1, directive, after, log)

    def at_most_compiled(self, number: int, directive: str, most: int, what: str) -> None:
        """Hold a limit down to what httpd was compiled for, or lift it to 1."""
        value = self.values[directive]
        if value > most:
            head = f"{directive} of {value} exceeds compile-time limit of {most}"
            console = f"{head} {what}, decreasing to {most}."
            self.change(number, directive, most, console, f"{head}, decreasing to match")
        else:
            self.at_least_one(number + 2, directive)

    def at_least_one(self, number: int, directive: str, reason: str = "") -> None:
        """Lift a value below 1 to 1."""
        value = self.values[directive]
        if value < 1:
            text = f"{directive} of {value} not allowed, increasing to 1"
            self.change(number, directive, 1, f"{text}{reason}.", text)

    def keep_frozen(self, number: int, directive: str, first: int | None) -> None:
        """Ignore a change of a limit that sized the scoreboard; only restarts come here."""
        value = self.values[directive]
        if first is not None and value != first:
            text = (
                f"changing {directive} to {value} from original value of {first}"
                " not allowed during restart"
            )
            self._say(number, directive, first, text)

    def _say(self, number: int, directive: str, after: int, text: str) -> None:
        before = self.values[directive]
        self.messages.append(Message(f"AH{number:05}", "warn", text, directive, before, after))
        self.values[directive] = after


_ALMOST_CERTAIN = " to avoid almost certain server failure. Please read the documentation"


def _check_prefork(check: _Check, frozen: Frozen | None) -> None:
    values = check.values
    check.at_most_compiled(175, "ServerLimit", SERVER_LIMIT_MAX[check.mpm], "servers")
    if frozen is not None:
        check.keep_frozen(179, "ServerLimit", frozen.server_limit)
    workers, limit = values["MaxRequestWorkers"], values["ServerLimit"]
    if workers > limit:
        head = f"MaxRequestWorkers of {workers} exceeds ServerLimit value of {limit}"
        console = (
            f"{head} servers, decreasing MaxRequestWorkers to {limit}."
            " To increase, please see the ServerLimit directive."
        )
        check.change(180, "MaxRequestWorkers", limit, console, f"{head}, decreasing to match")
    else:
        check.at_least_one(182, "MaxRequestWorkers")
    check.at_least_one(184, "StartServers")
    check.at_least_one(186, "MinSpareServers", _ALMOST_CERTAIN)


# event.c numbers the same steps as worker.c, 197 further on.
_NUMBERS_FROM = MappingProxyType({Mpm.WORKER: 300, Mpm.EVENT: 497})


def _check_threaded(check: _Check, frozen: Frozen | None) -> None:
    base = _NUMBERS_FROM[check.mpm]
    check.at_most_compiled(base, "ServerLimit", SERVER_LIMIT_MAX[check.mpm], "servers")
    if frozen is not None:
        check.keep_frozen(base + 4, "ServerLimit", frozen.server_limit)
    check.at_most_compiled(base + 5, "ThreadLimit", THREAD_LIMIT_MAX[check.mpm], "threads")
    if frozen is not None:
        check.keep_frozen(base + 9, "ThreadLimit", frozen.thread_limit)
    _check_threads_per_child(check, base + 10)
    _check_workers(check, base + 14)
    check.at_least_one(base + 20, "StartServers")
    check.at_least_one(base + 22, "MinSpareThreads", _ALMOST_CERTAIN)


def _check_threads_per_child(check: _Check, number: int) -> None:
    values = check.values
    threads, limit = values["ThreadsPerChild"], values["ThreadLimit"]
    if threads > limit:
        head = f"ThreadsPerChild of {threads} exceeds ThreadLimit of {limit}"
        console = (
            f"{head} threads, decreasing to {limit}."
            " To increase, please see the ThreadLimit directive."
        )
        check.change(number, "ThreadsPerChild", limit, console, f"{head}, decreasing to match")
    else:
        check.at_least_one(number + 2, "ThreadsPerChild")


def _check_workers(check: _Check, number: int) -> None:
    """Fit MaxRequestWorkers to whole children, then to ServerLimit; each line quotes the last."""
    name = "MaxRequestWorkers"
    threads, limit = check.values["ThreadsPerChild"], check.values["ServerLimit"]
    workers = check.values[name]
    if workers < threads:
        head = f"{name} of {workers} is less than ThreadsPerChild of {threads}, increasing to"
        console = (
            f"{head} {threads}. {name} must be at least as large as the number of threads"
            " in a single server."
        )
        check.change(number, name, threads, console, f"{head} match")
        workers = threads
    children = workers // threads
    if workers % threads:
        text = (
            f"{name} of {workers} is not an integer multiple of ThreadsPerChild of {threads},"
            f" decreasing to nearest multiple {children * threads}"
        )
        console = f"{text}, for a maximum of {children} servers."
        workers = children * threads
        check.change(number + 2, name, workers, console, text)
    if children > limit:
        head = f"{name} of {workers} would require {children} servers and"
        tail = f"exceed ServerLimit of {limit}, decreasing to {limit * threads}"
        console = f"{head} would {tail}. To increase, please see the ServerLimit directive."
        check.change(number + 4, name, limit * threads, console, f"{head} {tail}")
