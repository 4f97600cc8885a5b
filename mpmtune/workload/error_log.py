"""What error logs, and the kernel's, say about a server that is too small."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from mpmtune.model.workload import LogEvent, Trouble
from mpmtune.workload.blocks import Blocks
from mpmtune.workload.compressed import CutShort
from mpmtune.workload.logs import Share, pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.workload.logs import Log

# Workers, threads, slots or children that were not to be had, and children that were lost.
_IDS = frozenset(
    f"AH{number:05}".encode("ascii")
    for number in (
        *(51, 52, 159, 161, 282, 283, 286, 287, 288, 480, 481, 484, 485),
        *(3104, 3142, 3490, 10159, 10392, 10393),
    )
)
_OOM = "oom_kill"
_MONTHS = {
    name: f"{number:02}"
    for number, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(b" "), 1)
}
# Only where httpd itself puts its number: what a client sends stands further behind.
_HTTPD = re.compile(
    rb"""^\[
    (?: [A-Z][a-z]{2}\ (?P<month>[A-Z][a-z]{2})\ (?P<day>[ \d]\d)\ (?P<clock>\d\d:\d\d:\d\d)
        (?:\.\d{1,6})?\ (?P<year>\d{4})
      | (?P<date>\d{4}-\d\d-\d\d)[ T](?P<time>\d\d:\d\d:\d\d)[^\]\n]{0,20}
    )\]\ (?:\[[^\]\n]{0,200}\]\ ){1,4}(?:\(-?\d{1,6}\)[^:\n]{0,200}:\ )?(?P<id>AH\d{5}):\ """,
    re.MULTILINE | re.VERBOSE,
)
_KERNEL = re.compile(
    rb"^(?:(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d))?[^\n]{0,200}?\bout of memory: Kill(?:ed)? process "
    rb"\d{1,10},? \((?:apache2|httpd[\w-]{0,20}|php-fpm[\w.]{0,20})\)",
    re.MULTILINE | re.IGNORECASE,
)


def read_error_logs(logs: Iterable[Log]) -> tuple[tuple[LogEvent, ...], tuple[Trouble, ...]]:
    """Count what matters for sizing.

    Returns:
        The events by their id, and what the logs themselves suffered from.

    Raises:
        InputError: when a log cannot be read any more.
    """
    counts: Counter[str] = Counter()
    times: dict[str, list[str]] = {}
    troubles: list[Trouble] = []
    for log in logs:
        share = Share(0, 0, log.size, b"")
        try:
            for block in Blocks().cut(pieces_of(log, share, lambda _: None)):
                _count(block, counts, times)
        except CutShort as cut:
            troubles.append(cut.trouble)
    events = tuple(
        LogEvent(name, counts[name], *_outer(times.get(name, []))) for name in sorted(counts)
    )
    return events, tuple(troubles)


def _count(block: bytes, counts: Counter[str], times: dict[str, list[str]]) -> None:
    for match in _HTTPD.finditer(block):
        if match["id"] in _IDS:
            _note(match["id"].decode("ascii"), _httpd_time(match), counts, times)
    if b"ut of memory" in block:
        for match in _KERNEL.finditer(block):
            time = b"T".join(match.groups()).decode("ascii") if match[1] else None
            _note(_OOM, time, counts, times)


def _note(name: str, time: str | None, counts: Counter[str], times: dict[str, list[str]]) -> None:
    counts[name] += 1
    if time is not None:
        known = times.get(name, [])
        times[name] = [min([time, *known]), max([time, *known])]


def _httpd_time(match: re.Match[bytes]) -> str | None:
    if match["date"]:
        return f"{match['date'].decode()}T{match['time'].decode()}"
    month = _MONTHS.get(match["month"])
    if month is None:
        return None
    day = match["day"].replace(b" ", b"0").decode()
    return f"{match['year'].decode()}-{month}-{day}T{match['clock'].decode()}"


def _outer(times: list[str]) -> tuple[str | None, str | None]:
    return (times[0], times[1]) if times else (None, None)
