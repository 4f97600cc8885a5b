"""Plans against a grid search, the distribution's settings and usual formulas: docs/benchmarks.md.

``./dev bench plans`` measures every workload that has no results yet, and writes the page;
``./dev bench plans php_io`` measures one anew; ``./dev bench plans --page`` only writes the page.
It can be ended at any time: what was measured is kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from mpmtune.bench.registry import names
from tests.benchmarks.plans_page import page

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "docs" / "benchmarks"
PAGE = ROOT / "docs" / "benchmarks.md"
CLAIMS = "claims"
SETTINGS = ("plan", "debian", "builtin", "apache2buddy", "max-rss")
# Few need all of it: all workloads together take about 40 minutes on a quiet machine.
LIMIT = "240s"


def main() -> int:
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")]
    RESULTS.mkdir(exist_ok=True)
    failed = 0
    if "--page" not in sys.argv:
        for name in wanted or [*names(), CLAIMS]:
            file = RESULTS / f"{name}.json"
            if wanted or not file.exists():
                print(f"measuring {name}", flush=True)
                failed |= measure(name, file)
    PAGE.write_text(page(documents()), encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")
    return failed


def measure(name: str, file: Path) -> int:
    """Run one bench as anyone can; the command stands in its results."""
    chosen = [] if name == CLAIMS else [part for one in SETTINGS for part in ("-s", one)]
    more = [] if name == CLAIMS else ["--grid", "--seconds", "3"]
    command = [sys.executable, "-m", "mpmtune", "bench", name, *chosen, *more]
    output = ["--time-limit", LIMIT, "-f", "json", "-o", str(file.relative_to(ROOT))]
    return subprocess.run([*command, *output], cwd=ROOT, check=False).returncode


def documents() -> list[dict[str, object]]:
    return [json.loads(file.read_text("utf-8")) for file in sorted(RESULTS.glob("*.json"))]


if __name__ == "__main__":
    sys.exit(main())
