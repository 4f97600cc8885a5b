"""Whether the machine is real, and what stands around it if not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent
from mpmtune.model.unknown import Unknown

if TYPE_CHECKING:
    from mpmtune.host.doorway import Files

_MANAGER = "/run/systemd/container"  # written by container managers: docker, lxc, podman…
_MARKERS = (("/.dockerenv", "docker"), ("/run/.containerenv", "podman"))
_KERNEL = "/proc/sys/kernel/osrelease"
_CPUINFO = "/proc/cpuinfo"
_DMI = "/sys/class/dmi/id/"
_DMI_FILES = ("sys_vendor", "product_name", "bios_vendor")
# What the firmware says → the name that systemd-detect-virt gives it.
_VENDORS = (
    ("amazon ec2", "amazon"),
    ("google", "google"),
    ("kvm", "kvm"),
    ("openstack", "kvm"),
    ("qemu", "qemu"),
    ("vmware", "vmware"),
    ("virtualbox", "oracle"),
    ("innotek", "oracle"),
    ("xen", "xen"),
    ("virtual machine", "microsoft"),
    ("bochs", "bochs"),
    ("parallels", "parallels"),
    ("bhyve", "bhyve"),
    ("apple virtualization", "apple"),
)
_WORD = re.compile(r"[a-z0-9-]{1,32}")
_HYPERVISOR_FLAG = re.compile(r"^flags\s*:.*\bhypervisor\b", re.MULTILINE)


def parse_vendor(text: str) -> str | None:
    """Recognize a hypervisor by what the firmware says of itself."""
    lowered = text.lower()
    return next((name for mark, name in _VENDORS if mark in lowered), None)


def parse_first_process(text: str) -> str | None:
    """Recognize a container by the control group of process 1, as cgroup v1 shows it."""
    for mark, name in (("/docker", "docker"), ("/kubepods", "kubernetes"), ("/lxc", "lxc")):
        if mark in text:
            return name
    return None


def detect_virtualization(files: Files) -> str | Unknown:
    """Find what stands around: a container first, then a hypervisor, else ``none``."""
    return _container(files) or _machine(files)


def _container(files: Files) -> str | None:
    manager = _text(files, _MANAGER).strip()
    if _WORD.fullmatch(manager):
        return manager
    for path, name in _MARKERS:
        if not isinstance(files.entry(path), Absent):
            return name
    return parse_first_process(_text(files, "/proc/1/cgroup"))


def _machine(files: Files) -> str | Unknown:
    kernel = _text(files, _KERNEL).lower()
    if "microsoft" in kernel:
        return "wsl"
    firmware = " ".join(_text(files, _DMI + name) for name in _DMI_FILES)
    vendor = parse_vendor(firmware)
    if vendor is not None:
        return vendor
    cpuinfo = _text(files, _CPUINFO)
    if _HYPERVISOR_FLAG.search(cpuinfo):
        return "vm-other"
    if cpuinfo or firmware.strip():
        return "none"
    return Unknown("host.virtualization", f"neither {_DMI} nor {_CPUINFO} tells")


def _text(files: Files, path: str) -> str:
    content = files.read(path)
    return "" if isinstance(content, Absent) else content.decode("latin-1")
