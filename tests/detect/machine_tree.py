"""The kernel's view of a machine whose httpd parent is pid 100, for tests of limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mpmtune.detect.machine import detect_machine
from mpmtune.host.bare_tree import BareTree
from mpmtune.host.doorway import Absent
from mpmtune.model.quantity import Quantity
from tests.detect.a_host import AHost

if TYPE_CHECKING:
    from pathlib import Path

    from mpmtune.model.machine import Machine
    from mpmtune.model.unknown import Unknown

MIB = 1024**2
V2_MOUNT = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate"
UNIT = "/sys/fs/cgroup/system.slice/apache2.service"
V1_MOUNTS = "\n".join(
    f"{31 + at} 30 0:{27 + at} / /sys/fs/cgroup/{name} rw - cgroup cgroup rw,{name}"
    for at, name in enumerate(("memory", "cpu", "cpuset", "pids"))
)


@dataclass
class MemoryHost(AHost):
    """A host of files alone that says, as real ones do, when nothing is there."""

    def read(self, path: str) -> bytes | Absent:
        content = self.files.get(path)
        if content is None:
            return Absent(path, "no such file or directory", missing=True)
        return content if isinstance(content, bytes) else content.encode()


@dataclass
class MachineTree:
    """16 GiB of RAM, 12 GiB available, 8 CPUs, nofile 8192; then what a test is about."""

    files: dict[str, str | bytes] = field(default_factory=dict)

    @classmethod
    def plain(
        cls,
        cgroup: str = "0::/system.slice/apache2.service",
        mountinfo: str = V2_MOUNT,
        nproc: str = "unlimited",
        nofile: str = "8192",
        cpus: str = "0-7",
    ) -> MachineTree:
        return cls(
            {
                "/proc/meminfo": meminfo(),
                "/proc/sys/kernel/pid_max": "4194304\n",
                "/proc/sys/kernel/threads-max": "127000\n",
                "/proc/100/cgroup": cgroup + "\n",
                "/proc/100/mountinfo": mountinfo + "\n",
                "/proc/100/status": f"Name:\tapache2\nCpus_allowed_list:\t{cpus}\n",
                "/proc/100/limits": (
                    "Limit                     Soft Limit           Hard Limit           Units\n"
                    f"Max processes             {nproc:<20} unlimited            processes\n"
                    f"Max open files            {nofile:<20} 524288               files\n"
                ),
            }
        )

    def having(self, **controls: str) -> MachineTree:
        """Add files of the unit's own group; ``memory_max`` is ``memory.max``."""
        return self.at(UNIT, **controls)

    def at(self, directory: str, **controls: str) -> MachineTree:
        """Add files of a group; a double underscore keeps one, a single one is a dot."""
        for name, content in controls.items():
            file = name.replace("__", "\0").replace("_", ".", 1).replace("\0", "_")
            self.files[f"{directory}/{file}"] = content + "\n"
        return self

    def file(self, path: str, content: str | bytes) -> MachineTree:
        self.files[path] = content
        return self

    def write(self, directory: Path) -> BareTree:
        for path, content in self.files.items():
            place = directory / path.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return BareTree(str(directory))

    def detect(self) -> tuple[Machine, tuple[Unknown, ...]]:
        return detect_machine(MemoryHost(files=self.files), 100)

    def numbers(self) -> tuple[float, ...]:
        """Total MiB, available MiB, CPUs, pids, nofile."""
        return numbers(self.detect()[0])

    def passed_over(self) -> list[str]:
        return [unknown.what for unknown in self.detect()[1] if unknown.what.startswith("/")]


def meminfo(
    total_mib: int = 16384, available_mib: int = 12288, more: str = "HugePages_Total:       0\n"
) -> str:
    return (
        f"MemTotal:       {total_mib * 1024} kB\n"
        f"MemFree:         {available_mib * 512} kB\n"
        f"MemAvailable:   {available_mib * 1024} kB\n"
        f"SwapTotal:       8388608 kB\nSwapFree:        8388608 kB\n{more}"
        "Hugepagesize:       2048 kB\n"
    )


def numbers(machine: Machine) -> tuple[float, ...]:
    values = (
        machine.memory_total,
        machine.memory_available,
        machine.cpus,
        machine.pids_limit,
        machine.nofile_limit,
    )
    known = [value.value if isinstance(value, Quantity) else -1 for value in values]
    return (
        float(known[0]) / MIB,
        float(known[1]) / MIB,
        float(known[2]),
        int(known[3]),
        int(known[4]),
    )
