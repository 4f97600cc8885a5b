r"""The layout of a format as SQL: what ``layout`` does with blocks, said to DuckDB.

Of every line the query tells whether it has the shape of the format; those that have not are left
to our own reader, so that both engines count the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.workload.blocks import LINE_LIMIT
from mpmtune.workload.durations import COARSE_SHIFT, FINE, SECOND
from mpmtune.workload.linepattern import MOST_DIGITS, Role
from mpmtune.workload.segments import Constant, TimeLast, Words
from mpmtune.workload.timestamps import CommonTime

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mpmtune.workload.layout import Layout
    from mpmtune.workload.segments import Segment

_CHECKS = {
    Role.DURATION: f"[0-9]{{1,{MOST_DIGITS}}}",
    Role.SIZE: f"[0-9]{{1,{MOST_DIGITS}}}|-",
    Role.STATUS: "[0-9]{3}",
    Role.KEEPALIVE: "[0-9]+",
    Role.FINISH: "[-X+]",
    Role.STAMP: CommonTime.pattern.decode("ascii"),
}
STATUSES, FINISHES = "0123456789", "+-X"
_STAMP_LENGTH = 28
_LINES = r"""read_csv($paths, columns = {'line': 'VARCHAR'}, delim = chr(1) || chr(2) || chr(3),
    quote = '', escape = '', header = false, auto_detect = false, new_line = '\n',
    compression = $compression, max_line_size = 16777216)"""
# A quote that is escaped is none; no digit may take its place.
_PIECES = r"""string_split(CASE WHEN contains(line, '\')
    THEN regexp_replace(line, '\\.', 'e', 'g') ELSE line END, '"')"""


def counting_query(layout: Layout, unit: int) -> str:
    """Give the query that counts lines; ``unit`` is the microseconds of a duration, or 0.

    A row is of a stamp, or of a bucket, as ``grouping`` 1 or 2 says. Columns: grouping, stamp,
    bucket; lines, work of less than a second, the longest of it, bytes, the most bytes; HTTP/2,
    ``%k`` of HTTP/1, first ones; durations of a second or more, with sizes; one count for each of
    STATUSES, one for each of FINISHES. Stamps come in the order of time; lines that have another
    shape have none.
    """
    words = _words(layout)
    duration = f"TRY_CAST({words[Role.DURATION]} AS BIGINT) * {unit}" if unit else "NULL"
    size = words.get(Role.SIZE)
    size = f"CASE WHEN {size} = '-' THEN 0 ELSE TRY_CAST({size} AS BIGINT) END" if size else "NULL"
    counts = [f"count(*) FILTER (status[1] = '{one}')" for one in STATUSES]
    counts += [f"count(*) FILTER (finish = '{one}')" for one in FINISHES]
    return f"""{_shaped(layout, words)},
counted AS (SELECT CASE WHEN ok THEN stamp END AS stamp,
        CASE WHEN ok THEN {duration} END AS duration, {size} AS size,
        {_or_null(words, Role.STATUS)} AS status, {_or_null(words, Role.FINISH)} AS finish,
        {_or_null(words, Role.KEEPALIVE)} AS number, {_http2(layout, words)} AS http2
    FROM shaped),
bucketed AS (SELECT *, CASE WHEN duration < {FINE} THEN duration
        WHEN duration < {SECOND} THEN {FINE} + (duration >> {COARSE_SHIFT}) END AS bucket
    FROM counted)
SELECT grouping(stamp, bucket), stamp, bucket, count(*),
    sum(duration) FILTER (duration < {SECOND}), max(duration) FILTER (duration < {SECOND}),
    sum(size), max(size),
    count(*) FILTER (http2), count(number) FILTER (NOT http2),
    count(*) FILTER (number = '0' AND NOT http2),
    list({{'duration': duration, 'size': size}}) FILTER (duration >= {SECOND}),
    {", ".join(counts)}
FROM bucketed GROUP BY GROUPING SETS ((stamp), (bucket))
ORDER BY strptime(stamp, '[%d/%b/%Y:%H:%M:%S %z]')"""  # noqa: S608 - from the format's layout


def odd_lines_query(layout: Layout) -> str:
    """Give the query for the lines that have another shape."""
    return f"{_shaped(layout, _words(layout))} SELECT line FROM shaped WHERE NOT ok"  # noqa: S608


def _shaped(layout: Layout, words: Mapping[Role, str]) -> str:
    """Cut lines into pieces and words, and judge their shape."""
    cuts = [
        f"string_split(p[{one.number + 1}], ' ') AS w{one.number}"
        for one in layout.segments
        if isinstance(one, Words)
    ]
    conditions = [f"strlen(line) <= {LINE_LIMIT}", f"len(p) = {layout.stride}"]
    for one in layout.segments:
        conditions += _conditions(one)
    conditions += [
        f"regexp_full_match({word}, '{_CHECKS[role]}')"
        for role, word in words.items()
        if role in _CHECKS
    ]
    return f"""WITH pieces AS (SELECT coalesce(line, '') AS line, {_PIECES} AS p FROM {_LINES}),
cut AS (SELECT {", ".join(["*", *cuts])} FROM pieces),
shaped AS (SELECT *, {words[Role.STAMP]} AS stamp,
        coalesce({" AND ".join(conditions)}, false) AS ok
    FROM cut)"""  # noqa: S608


def _conditions(segment: Segment) -> Iterator[str]:
    name = f"w{segment.number}"
    if isinstance(segment, Constant):
        yield f"p[{segment.number + 1}] = '{segment.text.decode('ascii')}'"
    elif isinstance(segment, TimeLast):
        yield f"right(p[1], 1) = ' ' AND length(p[1]) > {_STAMP_LENGTH}"
    elif isinstance(segment, Words):
        # A blank before the first word, and after the last, makes an empty one.
        yield f"len({name}) = {segment.stride - (segment.number == 0) + (not segment.last)}"
        if segment.number:
            yield f"{name}[1] = ''"
        if not segment.last:
            yield f"{name}[-1] = ''"


def _words(layout: Layout) -> dict[Role, str]:
    """Give the expression of each role's word."""
    found: dict[Role, str] = {}
    for segment in layout.segments:
        if isinstance(segment, TimeLast):
            found[Role.STAMP] = f"left(right(p[1], {_STAMP_LENGTH + 1}), {_STAMP_LENGTH})"
        elif isinstance(segment, Words):
            for role, place in segment.picks:
                at = place + (segment.number > 0)
                word = f"w{segment.number}[{at}]"
                zone = f" || ' ' || w{segment.number}[{at + 1}]"
                found[role] = word + zone if role is Role.STAMP else word
    return found


def _or_null(words: Mapping[Role, str], role: Role) -> str:
    return words.get(role, "CAST(NULL AS VARCHAR)")


def _http2(layout: Layout, words: Mapping[Role, str]) -> str:
    if layout.request is not None:
        return f"suffix(p[{layout.request + 1}], 'HTTP/2.0')"
    protocol = words.get(Role.PROTOCOL)
    return f"suffix({protocol}, 'HTTP/2.0')" if protocol else "false"
