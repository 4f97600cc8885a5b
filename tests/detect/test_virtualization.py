from __future__ import annotations

import pytest

from mpmtune.detect.virtualization import detect_virtualization
from mpmtune.model.unknown import Unknown
from tests.detect.machine_tree import MemoryHost

DMI = "/sys/class/dmi/id/"


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"/run/systemd/container": "lxc\n"}, "lxc"),
        ({"/run/systemd/container": "\x1b[2J", "/.dockerenv": ""}, "docker"),
        ({"/run/.containerenv": ""}, "podman"),
        ({"/proc/1/cgroup": "4:memory:/docker/abc\n"}, "docker"),
        ({"/proc/1/cgroup": "0::/kubepods/pod1\n"}, "kubernetes"),
        ({"/proc/1/cgroup": "0::/init.scope\n", f"{DMI}product_name": "KVM\n"}, "kvm"),
        ({"/proc/sys/kernel/osrelease": "5.15-microsoft-standard-WSL2\n"}, "wsl"),
        ({f"{DMI}sys_vendor": "QEMU\n"}, "qemu"),
        ({f"{DMI}sys_vendor": "Amazon EC2\n"}, "amazon"),
        ({f"{DMI}product_name": "VMware Virtual Platform\n"}, "vmware"),
        (
            {
                f"{DMI}sys_vendor": "Microsoft Corporation\n",
                f"{DMI}product_name": "Virtual Machine\n",
            },
            "microsoft",
        ),
        ({"/proc/cpuinfo": "flags\t\t: fpu hypervisor lm\n"}, "vm-other"),
        ({"/proc/cpuinfo": "flags\t\t: fpu lm\n"}, "none"),
        ({f"{DMI}sys_vendor": "Dell Inc.\n"}, "none"),
    ],
)
def test_what_stands_around_is_recognized(files: dict[str, str], name: str) -> None:
    assert detect_virtualization(MemoryHost(files=dict(files))) == name


def test_a_machine_that_tells_nothing_is_unknown() -> None:
    assert isinstance(detect_virtualization(MemoryHost()), Unknown)
