"""Settings by name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mpmtune.bench.naming import check, current
from mpmtune.bench.naming import named as by_name
from mpmtune.bench.registry import find
from mpmtune.bench.scale import Scale
from mpmtune.errors import InputError, UsageError
from mpmtune.model.server import Mpm
from mpmtune.model.unknown import Unknown
from tests.builders import a_server
from tests.builders import facts as facts_of

if TYPE_CHECKING:
    from pathlib import Path


class Shown:
    """A stage of which only the scenario is looked at."""

    scenario = find("php_io").scenario(Scale(1.0, frozenset(), frozenset()))


def named(name: str) -> tuple[str, str] | None:
    setting = by_name(name, Shown(), [])  # type: ignore[arg-type]  # made up
    return None if setting is None else (setting.directives, setting.origin)


def test_debian_and_httpds_own_defaults_have_names() -> None:
    debian, builtin = named("debian"), named("builtin")
    assert debian is not None
    assert "MaxRequestWorkers 150" in debian[0]
    assert builtin == ("", "httpd's own defaults")


def test_a_file_gives_its_text(tmp_path: Path) -> None:
    file = tmp_path / "mine.conf"
    file.write_text("MaxRequestWorkers 100\n")
    check(f"file:{file}")
    assert named(f"file:{file}") == ("MaxRequestWorkers 100\n", str(file))


def test_a_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(InputError, match=r"/nonexistent/mine\.conf cannot be read"):
        check("file:/nonexistent/mine.conf")


def test_httpd_is_not_run_with_what_everybody_may_write(tmp_path: Path) -> None:
    file = tmp_path / "mine.conf"
    file.write_text("MaxRequestWorkers 100\n")
    file.chmod(0o666)
    with pytest.raises(InputError, match="everybody may write"):
        check(f"file:{file}")


@pytest.mark.parametrize("name", ["plan", "current", "debian", "builtin"])
def test_the_names_are_known(name: str) -> None:
    check(name)


def test_another_name_is_an_error() -> None:
    with pytest.raises(UsageError, match="--setting best is no setting"):
        check("best")


def test_current_copies_what_is_in_force_under_the_same_mpm() -> None:
    server = a_server(
        Mpm.EVENT, settings={"MaxRequestWorkers": 150, "KeepAlive": "On", "Listen": 80}
    )
    facts = facts_of(server=server)
    assert current(facts, Mpm.EVENT) == "MaxRequestWorkers 150\nKeepAlive On\n"
    assert current(facts, Mpm.PREFORK) is None
    assert current(replace(facts, server=Unknown("httpd", "not installed")), Mpm.EVENT) is None
