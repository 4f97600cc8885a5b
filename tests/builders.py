"""Facts for tests, built from the few values that a test is about."""

from __future__ import annotations

from fractions import Fraction

from mpmtune.model.distribution import distribution_of
from mpmtune.model.facts import Facts
from mpmtune.model.machine import Machine
from mpmtune.model.quantity import Quantity, Unit, measured
from mpmtune.model.server import Build, EffectiveSetting, Linkage, Module, Mpm, Server
from mpmtune.model.unknown import Unknown
from mpmtune.model.workload import Requests, Workload

MIB = 1024**2


def a_machine(
    memory_mib: int | None = 2048,
    available_mib: int | None = None,
    cpus: Fraction | int | str = 2,
    pids: int | None = None,
    nofile: int | None = 8192,
) -> Machine:
    """A machine; half of its memory is available unless said otherwise."""

    def known(
        what: str, value: int | Fraction | None, unit: Unit = Unit.COUNT
    ) -> Quantity | Unknown:
        return Unknown(what, "not said") if value is None else measured(what, value, "test", unit)

    total = None if memory_mib is None else memory_mib * MIB
    available = available_mib
    if available is None and memory_mib is not None:
        available = memory_mib // 2
    return Machine(
        memory_total=known("host.mem_total_effective_bytes", total, Unit.BYTES),
        memory_available=known(
            "host.mem_available_bytes", None if available is None else available * MIB, Unit.BYTES
        ),
        cpus=known("host.cpus_effective", Fraction(cpus), Unit.CPUS),
        pids_limit=known("host.pids_limit", pids),
        nofile_limit=known("host.nofile_limit", nofile),
        somaxconn=known("host.somaxconn", 4096),
        distro=Unknown("host.distro", "not said"),
        virtualization="none",
    )


def a_server(
    mpm: Mpm = Mpm.EVENT,
    modules: tuple[str, ...] = (),
    settings: dict[str, int | str] | None = None,
    **more: object,
) -> Server:
    """An httpd 2.4.71 with shared modules, stopped."""
    values = {
        "build": Build(
            "/usr/sbin/apache2", "2.4.71", (2, 4, 71), "/etc/apache2", "apache2.conf", mpm, ()
        ),
        "mpm": mpm,
        "mpm_linkage": Linkage.SHARED,
        "mpm_found_by": "test",
        "modules": tuple(Module(name, Linkage.SHARED) for name in (mpm.module, *modules)),
        "instance": None,
        "children": Unknown("httpd.children", "httpd is stopped"),
        "settings": tuple(
            EffectiveSetting(name, value, "httpd.conf", 1)
            for name, value in (settings or {}).items()
        ),
        "conf": "/etc/apache2/apache2.conf",
        "server_root": "/etc/apache2",
        "status": Unknown("httpd.status", "httpd is stopped"),
        "fpm_pools": (),
        "backends": (),
    }
    return Server(**(values | more))  # type: ignore[arg-type]


def a_workload(
    rate: int = 0,
    milliseconds: int = 0,
    busy: float | None = None,
    seconds: int = 60,
    rise: int = 0,
    **counts: int,
) -> Workload:
    """A log of so many seconds that are all alike, with ``%D``; ``counts`` go into Requests."""
    number = rate * seconds
    work = busy if busy is not None else rate * milliseconds / 1000
    known = {"read": number, "timed": number, "protocol_known": number} | counts
    return Workload(
        requests=Requests(**known),
        arrivals=distribution_of([rate] * seconds),
        busy=distribution_of([int(work * 1_000_000)] * seconds),
        service=distribution_of([milliseconds * 1000] * number),
        resolution_microseconds=1,
        rise=rise,
    )


def facts(machine: Machine | None = None, server: Server | None = None) -> Facts:
    """Facts of a machine, without an httpd unless one is given."""
    return Facts(
        machine=machine or a_machine(),
        server=server or Unknown("httpd", "none is installed"),
        instances=(),
        compatibility=(),
        fallback=(),
        remarks=(),
        unknown=(),
    )
