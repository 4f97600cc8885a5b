"""Build the wheel, install it into a clean environment, and plan with it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(*arguments: str) -> str:
    return subprocess.run(arguments, check=True, capture_output=True, text=True, cwd="/").stdout


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        wheels = Path(scratch, "wheels")
        build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(wheels)]
        run(*build, str(ROOT))
        (wheel,) = wheels.glob("mpmtune-*.whl")
        clean = Path(scratch, "clean")
        venv.create(clean, with_pip=True, clear=True)
        pip = [str(clean / "bin/python"), "-m", "pip", "install", "--quiet"]
        run(*pip, "--disable-pip-version-check", str(wheel))
        mpmtune = str(clean / "bin/mpmtune")
        print(run(mpmtune, "--version").strip(), "from its wheel")
        plan = ["recommend", "--mode", "event", "--memory", "4GiB", "--cpus", "2", "-f"]
        document = json.loads(run(mpmtune, *plan, "json"))
        if document["schema"] != "mpmtune/plan/v1" or "<IfModule" not in document["snippet"]:
            raise SystemExit("the installed wheel makes no plan")
        if not any((clean / "lib").rglob("templates/mpm_event.conf.j2")):
            raise SystemExit("the wheel holds no templates")


if __name__ == "__main__":
    main()
