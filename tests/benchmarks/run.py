"""Run every benchmark, or those whose name contains a word: ``./dev bench lint``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from tests.benchmarks.measuring import machine

    print(machine(), flush=True)
    wanted = sys.argv[1:]
    failed = 0
    for path in sorted(HERE.glob("*_benchmark.py")):
        if wanted and not any(word in path.name for word in wanted):
            continue
        module = f"tests.benchmarks.{path.stem}"
        failed |= subprocess.run([sys.executable, "-m", module], cwd=ROOT, check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
