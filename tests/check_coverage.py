"""Hold the coverage by branch: all of the pure core, 95 % of everything."""

from __future__ import annotations

import sys

import coverage

PURE = ("model", "httpd", "plan", "lint")
FLOOR = 95.0


def main() -> int:
    measured = coverage.Coverage(data_file=".coverage")
    measured.load()
    with open("/dev/null", "w", encoding="utf-8") as nowhere:
        everything = measured.report(file=nowhere, skip_empty=True)
        core = measured.report(
            file=nowhere, include=[f"mpmtune/{name}/*" for name in PURE], skip_empty=True
        )
    print(f"coverage by branch: {everything:.1f} % in all, {core:.1f} % of the pure core")
    return 0 if everything >= FLOOR and core >= 99.95 else 1


if __name__ == "__main__":
    sys.exit(main())
