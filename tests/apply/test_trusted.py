"""What httpd would read and run, and whether others may write it."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.changeset import planned_changes
from mpmtune.apply.checks import Verdict
from mpmtune.apply.guards import not_read_aside, trusted
from mpmtune.apply.layouts import ByHand, read_layout
from mpmtune.apply.undertaking import Undertaking, undertake
from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.host.local import LocalHost
from mpmtune.model.server import Mpm, Server
from mpmtune.plan.planner import plan
from tests.apply.laid_out import debian
from tests.live.private_httpd import binary, module_directory

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.httpd,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away"),
]


def work(tmp_path: Path, main: str = "") -> Undertaking:
    """A change from prefork to event."""
    module_directory()
    root = tmp_path / "etc"
    if not root.exists():
        debian(root, more=main)
    host, choice = LocalHost(), Choice(binary(), f"{root}/apache2.conf", str(root))
    facts = detect_facts(host, choice)
    server = facts.server
    assert isinstance(server, Server)
    layout = read_layout(host, server)
    assert not isinstance(layout, ByHand)
    changes = planned_changes(plan(Mpm.EVENT, "", facts), server, layout)
    return undertake(host, choice, facts, server, changes)


def test_what_is_roots_is_trusted(tmp_path: Path) -> None:
    assert trusted(LocalHost(), work(tmp_path)).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    "path",
    [
        "sites-enabled",
        "apache2.conf",
        "envvars",
        "mods-available/mpm_prefork.conf",  # read now
        "mods-available/mpm_event.load",  # read then
    ],
)
def test_what_another_may_write_is_named(path: str, tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    debian(tmp_path / "etc")
    place = tmp_path / "etc" / path
    if path == "envvars":
        place.write_text("export A=b\n")
    os.chown(place, 12345, 12345)
    found = trusted(LocalHost(), work(tmp_path))
    assert found.verdict is Verdict.REFUSED
    assert found.why == f"{place} belongs to user 12345, neither root nor you."


def test_where_the_present_configuration_is_not_known_the_new_one_is_looked_at(
    tmp_path: Path,
) -> None:
    made = work(tmp_path)
    unknown = replace(made, server=replace(made.server, tree=None))
    assert trusted(LocalHost(), unknown).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("include", "why"),
    [
        ("conf-enabled/*", ""),
        ("conf-enabled/*.conf", ""),
        ("sites-available", ""),
        (
            "conf-enabled",
            "Include ROOT/conf-enabled reads every file there, half written ones too.",
        ),
        ("ROOT/mods-enabled/", "Include ROOT/mods-enabled reads every file there"),
    ],
)
def test_a_directory_that_is_read_whole_is_not_written_to(
    include: str, why: str, tmp_path: Path
) -> None:
    root = tmp_path / "etc"
    line = f"IncludeOptional {include.replace('ROOT', str(root))}\n"
    found = not_read_aside(work(tmp_path, line))
    assert found.verdict is (Verdict.REFUSED if why else Verdict.PASSED)
    assert found.why.startswith(why.replace("ROOT", str(root)))
