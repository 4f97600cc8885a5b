"""The memory of processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from mpmtune.bench.memory import MemoryWatch, Peak, cpu_milliseconds, forget_peaks, look, resident
from mpmtune.detect.process_status import parse_process_status

MIB = 1024**2
GONE = 2**22 + 1
HOLDING = "import sys; held = bytearray(64 << 20); print(flush=True); del held; print(flush=True); sys.stdin.read()"


def test_a_process_and_all_beneath_it_are_added_up() -> None:
    seen = look([os.getpid()])
    assert seen.processes >= 1
    assert 5 * MIB < seen.pss_bytes <= resident(os.getpid())


def test_what_has_gone_has_no_memory() -> None:
    assert look([GONE]) == Peak()
    assert resident(GONE) == 0
    assert cpu_milliseconds(GONE) == 0


def test_cpu_time_is_added_up() -> None:
    assert cpu_milliseconds(os.getpid()) > 0


def test_the_most_that_was_seen_is_kept() -> None:
    with MemoryWatch([os.getpid()]) as watch:
        held = bytearray(40 * MIB)
        held[::4096] = b"x" * len(held[::4096])
        watch.look()
        del held
        assert watch.look().pss_bytes > 40 * MIB
    assert watch.peak.pss_bytes > look([os.getpid()]).pss_bytes


def test_a_peak_can_be_forgotten() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.readline()
    status = Path(f"/proc/{process.pid}/status")
    assert parse_process_status(status.read_bytes()).peak_rss > 64 * MIB
    forget_peaks([process.pid, GONE])
    assert parse_process_status(status.read_bytes()).peak_rss < 64 * MIB
    process.communicate()
