from __future__ import annotations

import pytest

from mpmtune.render.recover_unit import render_recover_unit


def test_the_unit_runs_before_httpd_and_only_when_something_is_unfinished() -> None:
    assert render_recover_unit("/usr/local/bin/mpmtune", "/var/lib/mpmtune").splitlines() == [
        "[Unit]",
        "Description=Finish an interrupted change of the configuration of httpd",
        "ConditionPathExists=/var/lib/mpmtune/journal.json",
        "RequiresMountsFor=/var/lib/mpmtune",
        "Before=apache2.service httpd.service",
        "",
        "[Service]",
        "Type=oneshot",
        "ExecStart=/usr/local/bin/mpmtune recover --files-only --state /var/lib/mpmtune",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    ]


@pytest.mark.parametrize("program", ["mpmtune", "/opt/my tools/mpmtune", "/a/%h/mpmtune", "/$x"])
def test_a_path_that_systemd_would_read_otherwise_is_refused(program: str) -> None:
    with pytest.raises(ValueError, match="quoted"):
        render_recover_unit(program, "/var/lib/mpmtune")
