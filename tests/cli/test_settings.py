"""Settings from a file: found upwards, read strictly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.cli.settings import LintSettings, lint_settings
from mpmtune.errors import InputError, MpmtuneError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

ALL = """\
[lint]
paths = ["conf"]
select = ["MPM", "KAL201"]
ignore = ["KAL202"]
fail-on = "warning"
profile = "strict"
baseline = "base.json"
root = "."
target = "rhel-9"
httpd-version = "2.4.62"
mpm = "event"
define = ["SSL"]

[lint.per-file-ignores]
"conf/old/*" = ["DEP"]

[lint.severity]
MPM018 = "warning"
"""


def test_every_key_is_read(tmp_path: Path) -> None:
    (tmp_path / "mpmtune.toml").write_text(ALL)
    assert lint_settings(tmp_path) == LintSettings(
        directory=str(tmp_path),
        paths=("conf",),
        select=("MPM", "KAL201"),
        ignore=("KAL202",),
        fail_on="warning",
        profile="strict",
        baseline="base.json",
        root=".",
        target="rhel-9",
        httpd_version="2.4.62",
        mpm="event",
        define=("SSL",),
        per_file_ignores={"conf/old/*": ("DEP",)},
        severity={"MPM018": "warning"},
    )


def test_the_nearest_file_counts_and_its_paths_are_its_own(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "mpmtune.toml").write_text('[lint]\nprofile = "strict"\n')
    assert lint_settings(inner).profile == "strict"
    (tmp_path / "a" / "pyproject.toml").write_text('[tool.mpmtune.lint]\nprofile = "perf"\n')
    settings = lint_settings(inner)
    assert settings.profile == "perf"
    assert settings.beside("conf") == str(tmp_path / "a" / "conf")
    assert settings.beside("/etc/apache2") == "/etc/apache2"


@pytest.mark.parametrize(
    "text", ["[tool.ruff]\n", '[project]\nname = "mpmtune-rules"\n', "[tool.mpmtune]\n"]
)
def test_a_pyproject_of_others_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    found = lint_settings(tmp_path)
    assert found._replace(directory="") == LintSettings()


def test_without_a_file_there_are_no_settings(tmp_path: Path) -> None:
    assert lint_settings(tmp_path).paths == ()


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("[lint", InputError, "is no TOML"),
        ("lint = 5", UsageError, "lint must be a table"),
        ("[lint]\nselects = []", UsageError, "there is no setting selects"),
        ('[lint]\nselect = "MPM"', UsageError, "select must be a list of texts"),
        ("[lint]\nselect = [1]", UsageError, "select must be a list of texts"),
        ("[lint]\nprofile = 1", UsageError, "profile must be a text in quotes"),
        ('[lint.severity]\nA = "bad"', UsageError, "severity must be a table of error"),
        ("[lint]\nseverity = 1", UsageError, "severity must be a table of error"),
        ('[lint.per-file-ignores]\n"a" = "b"', UsageError, "must be a table of lists of texts"),
        ("[lint]\nper-file-ignores = 1", UsageError, "must be a table of lists of texts"),
    ],
)
def test_a_mistake_is_a_sentence_that_names_file_and_key(
    tmp_path: Path, text: str, kind: type[MpmtuneError], says: str
) -> None:
    (tmp_path / "mpmtune.toml").write_text(text)
    with pytest.raises(kind) as caught:
        lint_settings(tmp_path)
    assert says in caught.value.sentence
    assert "mpmtune.toml" in caught.value.sentence
    assert caught.value.hint


def test_a_file_that_is_no_utf8_is_no_toml(tmp_path: Path) -> None:
    (tmp_path / "mpmtune.toml").write_bytes(b'[lint]\nprofile = "\xff"\n')
    with pytest.raises(InputError, match="is no TOML"):
        lint_settings(tmp_path)
