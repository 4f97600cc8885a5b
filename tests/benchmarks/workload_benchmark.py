"""Access logs: lines a second and memory, beside other tools on the same file in the same run.

``agreement`` as an argument compares 1,000,000 generated lines with apachelogs and DuckDB instead.
The others do not do the same: mawk and the loop only add up durations by second and check nothing,
GoAccess makes its report, which holds far more than ours. DuckDB is our own second engine.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.workload.logformat import WELL_KNOWN
from tests.benchmarks.measuring import MPMTUNE, measure, measure_in_turns, row
from tests.workload.generated import COMBINED, TIMED, requests, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.measuring import Cost

LINES = 1_000_000
MEASURED = f"{COMBINED} %D %k"
FORMATS = {
    "combined": COMBINED,
    "combined, with %D and %k": MEASURED,
    "vhost_combined, with %{ms}T": f"{WELL_KNOWN['vhost_combined']} %{{ms}}T",
}
OURS = (*MPMTUNE, "workload", "-q", "-f", "json", "--log-format")
ROUNDS = 3
MORE = 5
AWK = (
    "{ split($4, at, /[\\[:]/); second = at[2] at[3] at[4] at[5]; n[second]++;"
    " if ($(NF - 1) < 1000000) busy[second] += $(NF - 1); sum += $(NF - 1) }"
    " END { for (second in n) count++; print count, sum }"
)
SIMPLEST = """
import sys
total, seconds = 0, {}
with open(sys.argv[1], "rb") as file:
    for line in file:
        start = line.find(b" [") + 2
        second = line[start : start + 20]
        _, duration, _ = line.rsplit(b" ", 2)
        seconds[second] = seconds.get(second, 0) + int(duration)
"""
GOACCESS = (
    '--log-format=%h %^[%d:%t %^] "%r" %s %b "%R" "%u" %D %^',
    "--date-format=%d/%b/%Y",
    "--time-format=%H:%M:%S",
    "--no-progress",
)


def write(path: Path, text: str, days: int = 1) -> None:
    """Write LINES requests at 115 a second, and the same on the days that follow."""
    with path.open("wb") as file:
        for line in written(requests(LINES, 1, seconds=LINES // 115), text):
            file.write(line)
    if days > 1:
        first = path.rename(path.with_suffix(".first"))
        with path.open("wb") as file:
            for day in range(16, 16 + days):
                with first.open("rb") as lines:
                    for line in lines:
                        file.write(line.replace(b"[16/Sep/", b"[%d/Sep/" % day))


def others(log: str, directory: str) -> dict[str, Sequence[str]]:
    """Give the commands of other tools that are installed."""
    commands: dict[str, Sequence[str]] = {
        "a loop in Python, durations by second": (sys.executable, "-c", SIMPLEST, log),
        "mawk, requests and durations by second": ("mawk", AWK, log),
        "GoAccess, its whole report": (
            "goaccess", log, *GOACCESS, "-o", f"{directory}/report.json",
        ),
    }  # fmt: skip
    if importlib.util.find_spec("duckdb"):
        commands["--engine duckdb"] = (*OURS, MEASURED, log, "--engine", "duckdb")
    else:
        print("  DuckDB is not installed")
    for name, command in tuple(commands.items()):
        if not shutil.which(command[0]):
            print(f"  {command[0]} is not installed")
            del commands[name]
    return commands


def speed() -> None:
    """Measure whole commands, from the start of Python to its end."""
    with tempfile.TemporaryDirectory() as directory:
        print(f"workload, {LINES:,} lines; lines for a second of CPU", flush=True)
        one = _formats(directory)
        log, more = f"{directory}/log", f"{directory}/more"
        write(Path(log), MEASURED)
        write(Path(more), MEASURED, MORE)
        _long(more)
        for name, command in others(log, directory).items():
            cost = measure(command, 1)
            _speed(f"{name} ({cost.cpu / one.cpu:.2f} × ours)", cost, "none")
            _memory(cost, "none")


def _formats(directory: str) -> Cost:
    """Measure each format, in turns; give the cost of MEASURED."""
    paths = {name: Path(directory, str(number)) for number, name in enumerate(FORMATS)}
    for name, path in paths.items():
        write(path, FORMATS[name])
    commands = [[*OURS, FORMATS[name], str(path)] for name, path in paths.items()]
    costs = dict(zip(FORMATS.values(), measure_in_turns(commands, ROUNDS), strict=True))
    for name, path in paths.items():
        size = path.stat().st_size // LINES
        _speed(f"{name}, {size} bytes", costs[FORMATS[name]], "at least 700,000")
        path.unlink()
    _memory(costs[MEASURED], "below 60 MiB")
    return costs[MEASURED]


def _long(log: str) -> None:
    """Measure a long log, with one process and with two in turns."""
    command = [*OURS, MEASURED, log]
    alone, two = measure_in_turns([command, [*command, "-j", "2"]], ROUNDS)
    _speed(f"{MORE} times as long", alone, "at least 700,000", MORE)
    _memory(alone, "below 60 MiB")
    row("-j 2, wall time, times shorter", f"{alone.wall / two.wall:.2f}", "1.7 on idle CPUs")
    row("-j 2, CPU time, times as much", f"{two.cpu / alone.cpu:.2f}", "at most 1.18")


def _speed(what: str, cost: Cost, goal: str, times: int = 1) -> None:
    row(what, f"{LINES * times / cost.cpu:,.0f}", goal)


def _memory(cost: Cost, goal: str) -> None:
    row("  its peak memory", f"{cost.peak_mib:.0f} MiB", goal)


def agreement() -> None:
    """Compare 1,000,000 lines with apachelogs and DuckDB."""
    from mpmtune.report.workload_v1 import workload_v1
    from mpmtune.workload.duckdb_engine import read_with_duckdb
    from mpmtune.workload.logs import look_at
    from mpmtune.workload.reader import LogReader
    from mpmtune.workload.stream import read_logs
    from tests.workload.oracle import agree, oracle

    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "access.log")
        write(path, TIMED)
        logs, readers = look_at([str(path)]), [LogReader(TIMED)]
        found = read_logs(logs, readers, os.cpu_count() or 1)
        assert workload_v1(read_with_duckdb(logs, readers, 2)) == workload_v1(found)
        print(f"{LINES:,} lines: DuckDB comes to the same bytes", flush=True)
        with path.open("rb") as file:
            agree(found, oracle((line.rstrip(b"\n") for line in file), TIMED))
        print(f"{LINES:,} lines: apachelogs comes to the same numbers")


if __name__ == "__main__":
    agreement() if "agreement" in sys.argv[1:] else speed()
