"""The machine of a bench, in words."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.bench.processes import answer
from mpmtune.bench.programs import Need
from mpmtune.detect.distro import detect_distro
from mpmtune.detect.memory import parse_meminfo
from mpmtune.host.local import LocalFiles
from mpmtune.model.machine import Distro
from mpmtune.model.sizes import show_size

if TYPE_CHECKING:
    from mpmtune.bench.programs import Programs
    from mpmtune.bench.scale import Scale

_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)?")
_ASKED = {Need.WRK: "-v", Need.H2LOAD: "--version", Need.FPM: "-v"}


def memory_available() -> int:
    """Tell how much memory is available, in bytes."""
    found = parse_meminfo(Path("/proc/meminfo").read_text(encoding="ascii"))
    return found.get("MemAvailable", found.get("MemFree", 0))


def describe(programs: Programs, scale: Scale) -> tuple[tuple[str, str], ...]:
    """Describe what decides about figures."""
    distro = detect_distro(LocalFiles())
    found = parse_meminfo(Path("/proc/meminfo").read_text(encoding="ascii"))
    said = [
        ("system", distro.pretty_name if isinstance(distro, Distro) else "unknown"),
        ("kernel", _numbers(os.uname().release)),
        ("cpus", f"{len(scale.server)} for the server, {len(scale.clients)} for clients"),
        ("memory", show_size(found.get("MemTotal", 0))),
        ("httpd", _version(programs.httpd, "-v")),
    ]
    for need, option in _ASKED.items():
        if need in programs.found:
            said.append((need.value[0], _version(programs.path(need), option)))
    return tuple(said)


def _version(program: str, option: str) -> str:
    _, said = answer([program, option], Path("/"))
    return _numbers(said)


def _numbers(text: str) -> str:
    match = _VERSION.search(text)
    return match[0] if match else "unknown"
