"""What error logs say about a server that is too small."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from mpmtune.model.workload import LogEvent, Trouble
from mpmtune.workload.error_log import read_error_logs
from mpmtune.workload.logs import look_at

if TYPE_CHECKING:
    from pathlib import Path

HTTPD = b"""[Mon Sep 15 12:00:00.000001 2025] [mpm_event:notice] [pid 1:tid 2] AH00489: Apache/2.4.71 configured
[Tue Sep 16 05:17:39.123456 2025] [mpm_event:error] [pid 1:tid 2] AH00484: server reached MaxRequestWorkers setting
[Wed Sep  3 05:17:39.123456 2025] [mpm_event:error] [pid 1:tid 2] AH00484: server reached MaxRequestWorkers setting
[Tue Sep 16 06:00:00.5 2025] [mpm_event:error] [pid 1:tid 2] AH03490: scoreboard is full, not at MaxRequestWorkers
[Tue Sep 16 06:00:01 2025] [mpm_prefork:error] [pid 1] AH00161: server reached MaxRequestWorkers setting
[Tue Sep 16 06:00:02 2025] [core:notice] [pid 1] AH00052: child pid 99 exit signal Killed (9)
[Tue Sep 16 06:00:03 2025] [mpm_event:alert] [pid 1:tid 2] (11)Resource temporarily unavailable: AH00480: ap_thread_create: unable to create worker thread
[2025-09-17 01:02:03.123456] [mpm_event:error] [pid 1:tid 2] AH10159: server is within MinSpareThreads
[Tue Sep 16 06:00:04 2025] [core:error] [pid 1:tid 2] [client 10.0.0.1:5] AH00126: Invalid URI AH00484: in request
AH00484: server reached
[Tue Sep 16 06:00:05 2025] [proxy:error] [pid 1:tid 2] [client 10.0.0.1:5] script said [x] AH00484: no
"""
KERNEL = b"""2025-09-16T06:00:02.123+00:00 host kernel: [ 12.5] Out of memory: Killed process 99 (apache2) total-vm:1
Sep 16 06:00:02 host kernel: Memory cgroup out of memory: Killed process 7 (php-fpm8.2) total-vm:1
[12345.6] Out of memory: Kill process 5 (httpd) score 900 or sacrifice child
2025-09-16T07:00:00 host kernel: Out of memory: Killed process 8 (mysqld) total-vm:1
"""


def read(directory: Path, *contents: bytes) -> tuple[tuple[LogEvent, ...], tuple[Trouble, ...]]:
    for number, content in enumerate(contents):
        (directory / f"error.log.{number}").write_bytes(content)
    return read_error_logs(look_at(sorted(map(str, directory.iterdir()))))


def test_httpd_s_own_words_are_counted_with_their_times(tmp_path: Path) -> None:
    events, troubles = read(tmp_path, HTTPD)
    assert events == (
        LogEvent("AH00052", 1, "2025-09-16T06:00:02", "2025-09-16T06:00:02"),
        LogEvent("AH00161", 1, "2025-09-16T06:00:01", "2025-09-16T06:00:01"),
        LogEvent("AH00480", 1, "2025-09-16T06:00:03", "2025-09-16T06:00:03"),
        LogEvent("AH00484", 2, "2025-09-03T05:17:39", "2025-09-16T05:17:39"),
        LogEvent("AH03490", 1, "2025-09-16T06:00:00", "2025-09-16T06:00:00"),
        LogEvent("AH10159", 1, "2025-09-17T01:02:03", "2025-09-17T01:02:03"),
    )
    assert troubles == ()


def test_the_kernel_s_words_count_when_they_are_about_httpd_or_php(tmp_path: Path) -> None:
    events, _ = read(tmp_path, KERNEL)
    assert events == (LogEvent("oom_kill", 3, "2025-09-16T06:00:02", "2025-09-16T06:00:02"),)


def test_an_event_may_have_no_time(tmp_path: Path) -> None:
    events, _ = read(tmp_path, KERNEL.splitlines(keepends=True)[1])
    assert events == (LogEvent("oom_kill", 1, None, None),)


def test_a_month_that_is_none_gives_no_time(tmp_path: Path) -> None:
    events, _ = read(tmp_path, HTTPD.splitlines(keepends=True)[1].replace(b"Sep", b"Sex"))
    assert events == (LogEvent("AH00484", 1, None, None),)


def test_rotated_error_logs_add_up_and_damage_is_told(tmp_path: Path) -> None:
    packed = gzip.compress(HTTPD)
    events, troubles = read(tmp_path, HTTPD, packed, packed[:-4])
    assert {event.id: event.count for event in events}["AH00484"] == 6
    assert troubles == (Trouble.TRUNCATED,)


def test_other_text_holds_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, b"\x00\xff" * 5000 + b"\n" + b"[" * 70_000 + b"\n", b"") == ((), ())
