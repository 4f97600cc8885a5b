"""What docs/ci.md, the hooks and the action promise: files matched, options known, settings read."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from mpmtune.cli.settings import lint_settings
from mpmtune.report.finding_formats import Format

ROOT = Path(__file__).parents[1]
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
ACTION = (ROOT / "action.yml").read_text("utf-8")
CI = (ROOT / "docs/ci.md").read_text("utf-8")
PATTERN = re.compile(re.findall(r"^  files: (.*)$", HOOKS, re.MULTILINE)[0])


@pytest.mark.parametrize(
    "path",
    [
        "apache2/sites-available/a.conf",
        "deploy/httpd/conf.d/ssl.conf",
        "roles/apache/files/vhost.conf",
        "apache2.4/mods-enabled/mpm_event.load",
        "httpd.conf",
        "etc/apache2.conf",
        "public/.htaccess",
        ".htaccess",
    ],
)
def test_the_hook_takes_httpds_files(path: str) -> None:
    assert PATTERN.search(path)


@pytest.mark.parametrize(
    "path", ["nginx/nginx.conf", "my.cnf", "conf/app.conf", "apache2/README", "x.htaccess.md"]
)
def test_the_hook_leaves_other_files(path: str) -> None:
    assert not PATTERN.search(path)


def known_options() -> set[str]:
    said = subprocess.run(
        [sys.executable, "-m", "mpmtune", "lint", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return set(re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", said.stdout))


def test_every_option_that_is_written_exists() -> None:
    lines = re.findall(r"^.*mpmtune lint.*$|^ *lint .*$|options\+=.*$", CI + ACTION, re.MULTILINE)
    used = {
        option
        for line in lines
        for part in [line.partition(" | ")[0]]
        for option in re.findall(r"(?<= )(--?[a-zA-Z][\w-]*)", part)
    }
    assert len(used) > 8
    assert used <= known_options()


def test_every_format_is_named() -> None:
    table = CI[CI.index("| format |") :]
    assert set(re.findall(r"^\| [^|]* \| `(\w+)`", table, re.MULTILINE)) == {
        chosen.value for chosen in Format
    }


def test_the_settings_shown_are_settings(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", CI, re.DOTALL)
    (tmp_path / "mpmtune.toml").write_text(block)
    settings = lint_settings(tmp_path)
    assert settings.paths == ("conf",)
    assert settings.severity == {"MPM017": "error"}


def test_no_input_of_the_action_is_a_part_of_its_script() -> None:
    script = ACTION[ACTION.index("      run: |") :]
    assert "${{" not in script[script.index("set -f") :]


def test_generated_files_are_current() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs/generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
