"""Access logs: lines a second and memory, beside other tools on the same file in the same run.

``agreement`` as an argument compares 1,000,000 generated lines with apachelogs and DuckDB instead.
The others do not do the same: mawk and the loop only add up durations by second and check nothing,
GoAccess makes its report, which holds far more than ours. DuckDB is our own second engine.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.measuring import MPMTUNE, PASS, measure, row
from tests.workload.generated import COMBINED, TIMED, requests, written

if TYPE_CHECKING:
    from collections.abc import Sequence

LINES = 1_000_000
MEASURED = f"{COMBINED} %D %k"
ROUNDS = 3
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
    found: dict[str, Sequence[str]] = {
        "a loop in Python, durations by second": (sys.executable, "-c", SIMPLEST, log),
        "mawk, requests and durations by second": ("mawk", AWK, log),
        "GoAccess, its whole report": (
            "goaccess", log, *GOACCESS, "-o", f"{directory}/report.json",
        ),
    }  # fmt: skip
    return {name: command for name, command in found.items() if shutil.which(command[0])}


def speed() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as directory:
        log, plain, ten = (f"{directory}/{name}.log" for name in ("timed", "combined", "ten"))
        write(Path(log), MEASURED)
        write(Path(plain), COMBINED)
        write(Path(ten), MEASURED, 10)
        size = Path(log).stat().st_size // LINES
        print(f"workload, {LINES:,} lines of {size} bytes; lines for a second of CPU")
        start = measure(PASS, ROUNDS).cpu
        ours = [*MPMTUNE, "workload", "-q", "-f", "json", "--log-format"]
        one = measure([*ours, MEASURED, log], ROUNDS)
        row("mpmtune workload", f"{LINES / (one.cpu - start):,.0f}", "at least 700,000")
        row("  peak memory", f"{one.peak_mib:.0f} MiB", "below 60 MiB")
        bare = measure([*ours, COMBINED, plain], ROUNDS)
        row("  a format without %D and %k", f"{LINES / (bare.cpu - start):,.0f}", "as above")
        long = measure([*ours, MEASURED, ten], 1)
        row("  ten times as long", f"{10 * LINES / (long.cpu - start):,.0f}", "as above")
        row("  peak memory", f"{long.peak_mib:.0f} MiB", "below 60 MiB")
        two = measure([*ours, MEASURED, ten, "-j", "2"], 1)
        row(
            "  wall time with -j 2, times shorter",
            f"{long.wall / two.wall:.2f}",
            "1.7 on idle CPUs",
        )
        row("  CPU time with -j 2, times as much", f"{two.cpu / long.cpu:.2f}", "at most 1.18")
        for name, command in others(log, directory).items():
            cost = measure(command, 1)
            row(
                name, f"{LINES / cost.cpu:,.0f}", f"none: ours takes {one.cpu / cost.cpu:.2f} of it"
            )
        cost = measure([*ours, MEASURED, log, "--engine", "duckdb"], 1)
        row(
            "--engine duckdb, where installed", f"{LINES / cost.cpu:,.0f}", "none: the same numbers"
        )
        row("  peak memory", f"{cost.peak_mib:.0f} MiB", "below 600 MiB")


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
