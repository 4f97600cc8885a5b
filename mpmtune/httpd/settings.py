"""The values in force in the main server, each with its place and what httpd changed on the way."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd import arity, numbers, reqtimeout, values
from mpmtune.httpd.corrections import DEFAULTS
from mpmtune.httpd.directives import by_name
from mpmtune.httpd.names import manual
from mpmtune.httpd.refusals import RefusedError
from mpmtune.httpd.words import split
from mpmtune.model.httpd import EffectiveSetting, Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mpmtune.httpd.corrections import Corrected
    from mpmtune.httpd.startup import Started
    from mpmtune.httpd.values import Value
    from mpmtune.model.config import Occurrence, Tree

_DEFER_ACCEPT_SINCE = (2, 4, 66)
_LEAST_STACK = 16384  # PTHREAD_STACK_MIN of glibc on x86-64
_FEWEST_H2_WORKERS = 4

# Folded name → what the server has without it; sizes in bytes, time-outs in seconds.
_BUILT_IN: Mapping[str, Value] = MappingProxyType(
    {
        "maxconnectionsperchild": 0,
        "gracefulshutdowntimeout": 0,
        "listenbacklog": 511,
        "listencoresbucketsratio": 0,
        "sendbuffersize": 0,
        "receivebuffersize": 0,
        "maxmemfree": 2048 * 1024,
        "threadstacksize": 0,
        "keepalive": "On",
        "keepalivetimeout": 5,
        "maxkeepaliverequests": 100,
        "timeout": 60,
        "enablemmap": "On",
        "enablesendfile": "Off",
    }
)
_ONLY_IF_WRITTEN = ("scoreboardfile", "coredumpdirectory")


class _Written(NamedTuple):
    value: Value
    word: str
    occurrence: Occurrence


@dataclass(frozen=True, slots=True)
class Written:
    """What the main server's part of a configuration says, the last occurrence winning.

    Attributes:
        found: Folded modern name → what the last occurrence that httpd takes makes of it.
        stages: RequestReadTimeout, all its lines together; None when there is none.
        tree: Where it was found.
    """

    found: Mapping[str, _Written]
    tree: Tree

    @classmethod
    def of(cls, tree: Tree) -> Written:
        """Collect the values of ``values.PARSERS`` outside of all sections."""
        found: dict[str, _Written] = {}
        for name in values.PARSERS:
            for occurrence in reversed(tree.by_name.get(name, ())):
                if occurrence.enclosing is None and (taken := _take(name, occurrence)):
                    found[name] = taken
                    break
        return cls(found, tree)

    @property
    def bucket_ratio(self) -> int:
        """ListenCoresBucketsRatio; 0 when it is unset."""
        written = self.found.get("listencoresbucketsratio")
        return int(written.value) if written else 0

    def numbers(self, mpm: Mpm) -> dict[str, int]:
        """Give the limits that an MPM checks, by the manual's spelling."""
        return {
            name: int(self.found[name.lower()].value)
            for name in DEFAULTS[mpm]
            if name.lower() in self.found
        }


def settings(
    written: Written, mpm: Mpm, corrected: Corrected, started: Started
) -> tuple[EffectiveSetting, ...]:
    """Give every value that the MPM and the loaded modules work with.

    Args:
        written: What the configuration says.
        mpm: The MPM.
        corrected: Its limits after check_config.
        started: Its limits after the silent adjustments at start.
    """
    return (
        *_limits(written, corrected, started),
        *_worker_factor(written, mpm),
        *_plain(written),
        *_request_read_timeout(written.tree),
        *_http2(written, mpm, started),
    )


def _take(name: str, occurrence: Occurrence) -> _Written | None:
    """Read one occurrence; None when httpd refuses it."""
    words = split(occurrence.args)
    rows = by_name().get(name, ())
    if not words or any(arity.refusal(row, words) for row in rows):
        return None
    try:
        return _Written(values.parse(name, words[0]), words[0], occurrence)
    except RefusedError:
        return None


def _limits(written: Written, corrected: Corrected, started: Started) -> Iterator[EffectiveSetting]:
    for name, value in started.effective.items():
        source = written.found.get(name.lower())
        yield _setting(name, value, source, _limit_notes(name, source, corrected, started))


def _limit_notes(
    name: str, source: _Written | None, corrected: Corrected, started: Started
) -> Iterator[str]:
    if source is not None:
        yield from _misread(source)
    for message in corrected.messages:
        if message.directive == name:
            yield f"corrected by httpd, {message.id}"
    for change in started.changes:
        if change.directive == name:
            yield f"{change.before} becomes {change.after} at start, without a message"


def _misread(source: _Written) -> Iterator[str]:
    """Say so where httpd's number is not what the text looks like."""
    if isinstance(source.value, int) and source.word.lstrip("+") != str(source.value):
        yield f"{source.word} is read as {source.value}"


def _worker_factor(written: Written, mpm: Mpm) -> Iterator[EffectiveSetting]:
    if mpm is not Mpm.EVENT:
        return
    source = written.found.get("asyncrequestworkerfactor")
    if source is None:
        yield EffectiveSetting("AsyncRequestWorkerFactor", 2)
        return
    version = written.tree.target.version
    used = numbers.connections_per_idle_worker(float(source.value), version)
    notes = [] if used == source.value else [f"{source.word} is used as {used:g}"]
    whole = int(used) if used == int(used) else used
    yield _setting("AsyncRequestWorkerFactor", whole, source, notes)


def _plain(written: Written) -> Iterator[EffectiveSetting]:
    tree = written.tree
    defaults: dict[str, Value] = dict(_BUILT_IN)
    if tree.target.version >= _DEFER_ACCEPT_SINCE:
        defaults["listentcpdeferaccept"] = 30
    defaults["extendedstatus"] = "On" if "status_module" in tree.modules else "Off"
    for name in (*defaults, *(name for name in _ONLY_IF_WRITTEN if name in written.found)):
        source = written.found.get(name)
        value = source.value if source else defaults[name]
        yield _setting(manual(name), value, source, _plain_notes(name, source))


def _plain_notes(name: str, source: _Written | None) -> Iterator[str]:
    if source is None:
        return
    if name == "maxmemfree":
        if source.value == 0:
            yield "no limit"
    elif name == "threadstacksize" and 0 < int(source.value) < _LEAST_STACK:
        yield "too small: the system's default is used, AH02435 or AH02436"
    elif name != "keepalivetimeout":
        yield from _misread(source)


def _request_read_timeout(tree: Tree) -> Iterator[EffectiveSetting]:
    """Each line sets the stages that it names; the others keep what they have."""
    if "reqtimeout_module" not in tree.modules:
        return
    version = tree.target.version
    stages = reqtimeout.defaults(version)
    last: Occurrence | None = None
    for occurrence in tree.by_name.get("requestreadtimeout", ()):
        if occurrence.enclosing is None:
            try:
                stages.update(reqtimeout.parse(split(occurrence.args), version))
            except RefusedError:
                continue
            last = occurrence
    yield _placed("RequestReadTimeout", reqtimeout.show(stages), last, ())


def _http2(written: Written, mpm: Mpm, started: Started) -> Iterator[EffectiveSetting]:
    """h2_c1.c: h2_c1_child_init; under prefork mod_http2 turns itself off, AH10034."""
    if mpm is Mpm.PREFORK or "http2_module" not in written.tree.modules:
        return
    least = written.found.get("h2minworkers")
    fewest = int(least.value) if least else started.effective["ThreadsPerChild"]
    defaults: dict[str, Value] = {
        "h2minworkers": fewest,
        "h2maxworkers": max(_FEWEST_H2_WORKERS, 3 * fewest // 2),
        "h2maxworkeridleseconds": 600,
        "h2maxsessionstreams": 100,
    }
    for name, default in defaults.items():
        source = written.found.get(name)
        value = (source.value if source else 0) or default
        yield _setting(manual(name), value, source, ())


def _setting(
    directive: str, value: Value, source: _Written | None, notes: Iterator[str] | Sequence[str]
) -> EffectiveSetting:
    return _placed(directive, value, source.occurrence if source else None, notes)


def _placed(
    directive: str,
    value: Value,
    occurrence: Occurrence | None,
    notes: Iterator[str] | Sequence[str],
) -> EffectiveSetting:
    note = "; ".join(notes)
    if occurrence is None:
        return EffectiveSetting(directive, value, note=note)
    return EffectiveSetting(directive, value, occurrence.source.path, occurrence.last_line, note)
