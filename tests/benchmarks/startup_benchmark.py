"""What a command costs before it does anything: ratios to ``python -c pass``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.measuring import MPMTUNE, PASS, measure, row


def main() -> None:
    base = measure(PASS)
    print("Start-up, CPU time as a multiple of python -c pass")
    for name, arguments, goal in (("--help", ["--help"], "8"), ("--version", ["--version"], "8")):
        cost = measure([*MPMTUNE, *arguments])
        row(f"mpmtune {name}", f"{cost.cpu / base.cpu:.1f} x", f"at most {goal}")
    with tempfile.TemporaryDirectory() as scratch:
        conf = Path(scratch, "small.conf")
        conf.write_text("ServerLimit 16\nThreadsPerChild 25\nMaxRequestWorkers 400\n")
        cost = measure([*MPMTUNE, "lint", str(conf)])
        row("mpmtune lint one.conf", f"{cost.cpu / base.cpu:.1f} x", "at most 13")
        row("  peak memory", f"{cost.peak_mib:.0f} MiB", "-")


if __name__ == "__main__":
    main()
