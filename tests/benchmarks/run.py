"""Run every benchmark, or those whose name contains a word: ``./dev bench lint``.

Words after the first one go to the benchmark: ``./dev bench plans php_io``. That of plans takes 40
minutes, so it runs only when it is named.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LONG = {"plans_benchmark.py"}


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from tests.benchmarks.measuring import machine

    print(machine(), flush=True)
    word, *others = sys.argv[1:] or [""]
    failed = 0
    for path in sorted(HERE.glob("*_benchmark.py")):
        if word not in path.name or (not word and path.name in LONG):
            continue
        command = [sys.executable, "-m", f"tests.benchmarks.{path.stem}", *others]
        failed |= subprocess.run(command, cwd=ROOT, check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
