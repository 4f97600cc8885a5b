from __future__ import annotations

import pytest

from mpmtune.render.recover_unit import render_recover_unit


def test_the_unit_runs_before_httpd_and_only_when_something_is_unfinished() -> None:
    assert render_recover_unit("/usr/bin/python3", "/var/lib/mpmtune").splitlines() == [
        "[Unit]",
        "Description=Finish an interrupted change of the configuration of httpd",
        "ConditionPathExists=/var/lib/mpmtune/journal.json",
        "RequiresMountsFor=/var/lib/mpmtune",
        "Before=apache2.service httpd.service",
        "",
        "[Service]",
        "Type=oneshot",
        "ExecStart=/usr/bin/python3 -I -m mpmtune recover --files-only --state /var/lib/mpmtune",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    ]


@pytest.mark.parametrize("python", ["python3", "/opt/my tools/python3", "/a/%h/python3", "/$x"])
def test_a_path_that_systemd_would_read_otherwise_is_refused(python: str) -> None:
    with pytest.raises(ValueError, match="quoted"):
        render_recover_unit(python, "/var/lib/mpmtune")
