from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.error_log import LogMark, against, mark, written_since

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "[Tue Nov 24 12:00:00.000001 2026]"


def test_only_what_was_added_is_read(tmp_path: Path) -> None:
    log = tmp_path / "error.log"
    log.write_text("before\n")
    since = mark(str(log))
    assert since == LogMark(str(log), 7)
    with log.open("a") as file:
        file.write("after\n")
    assert written_since(since) == "after\n"


def test_a_log_that_was_rotated_is_read_from_its_beginning(tmp_path: Path) -> None:
    log = tmp_path / "error.log"
    log.write_text("a long line that was there before\n")
    since = mark(str(log))
    log.write_text("new\n")
    assert written_since(since) == "new\n"


def test_a_log_that_is_no_file_says_nothing(tmp_path: Path) -> None:
    assert written_since(mark(None)) == ""
    assert written_since(mark(str(tmp_path / "missing"))) == ""


@pytest.mark.parametrize(
    "line",
    [
        (
            "[mpm_event:warn] [pid 7:tid 7] AH00501: changing ServerLimit to 8 from value 4 "
            "not allowed during restart"
        ),
        "[mpm_event:warn] [pid 7:tid 7] AH00516: MaxRequestWorkers of 400 would require 16 servers",
        "[mpm_prefork:warn] [pid 7] AH00181: MaxRequestWorkers of 300 exceeds ServerLimit value",
        "[mpm_event:error] [pid 7:tid 7] AH03490: scoreboard is full, not at MaxRequestWorkers",
        (
            "[mpm_event:alert] [pid 7:tid 7] (11)Resource temporarily unavailable: AH03104: "
            "ap_thread_create: unable to create worker thread"
        ),
        "[core:emerg] [pid 7:tid 7] AH00020: Configuration Failed, exiting",
    ],
)
def test_what_says_that_values_are_not_in_force_is_chosen(line: str) -> None:
    assert len(against(f"{HEAD} {line}\n")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "[mpm_event:notice] [pid 7:tid 7] AH00489: configured -- resuming normal operations",
        "[core:error] [pid 7:tid 8] [client 192.0.2.1:5] AH00037: Symbolic link not allowed",
        "[ssl:warn] [pid 7:tid 7] AH01906: localhost:443:0 server certificate is a CA certificate",
    ],
)
def test_what_a_sound_server_says_is_left_out(line: str) -> None:
    assert against(f"{HEAD} {line}\n") == ()
