"""What detect costs on a host with 200 children: a tree that looks like one, and a real prefork."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.model.server import Mpm
from tests.benchmarks.measuring import MPMTUNE, PASS, measure, row
from tests.live.private_httpd import PrivateHttpd

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHILDREN = 200
STATUS = (
    "Name:\thttpd\nPPid:\t{parent}\nVmHWM:\t 6000 kB\nVmRSS:\t 5000 kB\nThreads:\t1\n"
    "SigIgn:\t0000000001001002\nSigCgt:\t00000000080046e9\n"
)
ROLLUP = "Rss: 5000 kB\nPss: 900 kB\nPrivate_Clean: 0 kB\nPrivate_Dirty: 600 kB\n"
PREFORK = (
    f"ServerLimit {CHILDREN}\nMaxRequestWorkers {CHILDREN}\nStartServers {CHILDREN}\n"
    f"MinSpareServers {CHILDREN // 2}\nMaxSpareServers {2 * CHILDREN}\n"
)


@contextmanager
def a_private_server() -> Iterator[list[str]]:
    """Start 200 children of prefork; give the options that name them."""
    with PrivateHttpd(Mpm.PREFORK, PREFORK) as httpd:
        httpd.start()
        while len(httpd.children()) < CHILDREN:
            time.sleep(0.1)
        yield ["--conf", str(httpd.conf)]


@contextmanager
def a_tree() -> Iterator[list[str]]:
    """Write a bare tree with 200 children; give the option that names it."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        for pid in range(100, 101 + CHILDREN):
            place = root / "proc" / str(pid)
            place.mkdir(parents=True)
            parent = 1 if pid == 100 else 100
            (place / "status").write_text(STATUS.format(parent=parent))
            (place / "stat").write_text(f"{pid} (httpd) S {parent} " + "0 " * 40)
            (place / "smaps_rollup").write_text(ROLLUP)
            (place / "cmdline").write_text("httpd\0-k\0start\0")
        (root / "proc" / "meminfo").write_text("MemTotal: 4000000 kB\nMemAvailable: 3000000 kB\n")
        conf = root / "etc" / "httpd" / "conf" / "httpd.conf"
        conf.parent.mkdir(parents=True)
        conf.write_text(f"LoadModule mpm_prefork_module modules/mod_mpm_prefork.so\n{PREFORK}")
        yield ["--host", directory]


def compare(name: str, options: Sequence[str]) -> None:
    base, cost = measure(PASS), measure([*MPMTUNE, "detect", *options])
    row(
        f"mpmtune detect, {CHILDREN} children, {name}", f"{cost.cpu / base.cpu:.1f} x", "at most 60"
    )
    row("  peak memory", f"{cost.peak_mib:.0f} MiB", "below 80 MiB")


def main() -> None:
    import pytest

    print("detect, CPU time as a multiple of python -c pass; httpd's own answers included")
    with a_tree() as options:
        compare("a tree", options)
    try:
        with a_private_server() as options:
            compare("a private prefork", options)
    except pytest.skip.Exception as why:
        print(f"  no private prefork: {why}")


if __name__ == "__main__":
    main()
