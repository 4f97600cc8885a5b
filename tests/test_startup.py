"""What a command loads before it works: imports cost every run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = {"rich", "jinja2", "psutil", "apacheconfig", "pydantic", "http", "importlib.metadata"}
ROOT = Path(__file__).parents[1]


def loaded_by(*arguments: str) -> set[str]:
    """Run mpmtune and give the modules it loaded."""
    made = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "mpmtune", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    rows = (line.rsplit("|", 1)[1].strip() for line in made.stderr.splitlines() if "|" in line)
    return set(rows)


def heavy(modules: set[str]) -> set[str]:
    return {name for name in modules if name in HEAVY or name.split(".")[0] in HEAVY}


def test_help_loads_no_command_and_nothing_heavy() -> None:
    modules = loaded_by("--help")
    assert "mpmtune.cli.app" in modules
    assert not {name for name in modules if name.startswith("mpmtune.cli.commands.")}
    assert not heavy(modules)


def test_lint_loads_nothing_heavy(tmp_path: Path) -> None:
    conf = tmp_path / "x.conf"
    conf.write_text("Timeout 60\n")
    modules = loaded_by("lint", str(conf))
    assert "mpmtune.lint.engine" in modules
    assert not heavy(modules)


def test_config_loads_nothing_heavy(tmp_path: Path) -> None:
    conf = tmp_path / "x.conf"
    conf.write_text("Timeout 60\n")
    modules = loaded_by("config", str(conf))
    assert "mpmtune.confparse.evaluate" in modules
    assert not heavy(modules)


def test_lint_loads_only_the_rules_that_may_have_something_to_say(tmp_path: Path) -> None:
    conf = tmp_path / "x.conf"
    conf.write_text("MaxClients 150\n")
    script = (
        "import sys\nfrom mpmtune.cli.app import run\n"
        f"run(['lint', {str(conf)!r}, '--select', 'DEP,SYN,KAL', '-q', '-f', 'github'])\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    made = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    modules = {name.rpartition(".")[2] for name in made.stderr.split() if ".lint.rules." in name}
    assert "old_mpm_directive_names" in modules
    assert "order_allow_deny" not in modules
    assert "keepalive_timeout_too_long" not in modules
