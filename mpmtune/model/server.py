"""The httpd that is, or would be, run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.model.httpd import EffectiveSetting, Linkage, Module, Mpm

if TYPE_CHECKING:
    from mpmtune.model.config import Tree
    from mpmtune.model.quantity import Quantity
    from mpmtune.model.unknown import Unknown

__all__ = [
    "Build",
    "Child",
    "Children",
    "EffectiveSetting",
    "FpmPool",
    "Instance",
    "Linkage",
    "Module",
    "Mpm",
    "ProxyBackend",
    "Server",
    "StartOptions",
    "StatusSample",
]


@dataclass(frozen=True, slots=True)
class Build:
    """What the binary says of itself (``-V``, ``-l``).

    Attributes:
        binary: Path of the executable.
        version: ``2.4.71``.
        version_tuple: ``(2, 4, 71)``.
        server_root: HTTPD_ROOT.
        conf: SERVER_CONFIG_FILE, absolute.
        mpm: The MPM named by ``Server MPM``, when the binary named one.
        static: Source files compiled in (``core.c``, ``mod_so.c``).
    """

    binary: str
    version: str
    version_tuple: tuple[int, ...]
    server_root: str
    conf: str
    mpm: Mpm | None
    static: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StartOptions:
    """What a running httpd was told on its command line.

    Attributes:
        server_root: ``-d``, when given.
        conf: ``-f`` as written, when given; relative to ServerRoot.
        defines: ``-D`` names, in order.
        before: ``-C`` directives, read before the configuration.
        after: ``-c`` directives, read after it.
    """

    server_root: str | None = None
    conf: str | None = None
    defines: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """A running httpd: the parent process and what runs beneath it.

    Attributes:
        parent_pid: Pid of the parent.
        binary: What /proc/PID/exe names; empty when it may not be read.
        options: What its command line says.
        child_pids: The children that serve requests.
        helper_pids: Children that do not (cgid daemon, piped loggers, mod_wsgi daemons).
        uptime_seconds: Since the parent started.
        other_namespace: Has other pids or another root directory (a container seen from
            outside): its paths are not paths here.
    """

    parent_pid: int
    binary: str
    options: StartOptions
    child_pids: tuple[int, ...]
    helper_pids: tuple[int, ...]
    uptime_seconds: int | None
    other_namespace: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """Memory of one process of httpd, in bytes, and its number of tasks.

    Attributes:
        pid: Its id.
        tasks: Its threads, the main one included.
        rss: VmRSS.
        peak_rss: VmHWM: what it once held.
        pss: None where smaps_rollup may not be read (another user's process).
        uss: As ``pss``.
        cpu_milliseconds: User and system time it has used; None where not known.
        worked: Its CPU time shows that it has served requests. Only such a child speaks for a
            loaded server.
    """

    pid: int
    tasks: int
    rss: int
    peak_rss: int
    pss: int | None
    uss: int | None
    cpu_milliseconds: int | None = None
    worked: bool = False


@dataclass(frozen=True, slots=True)
class Children:
    """The children that serve requests, and the parent apart.

    Attributes:
        samples: Those that were looked at: all of them, or an even choice of many.
        parent: The parent, when it could be looked at.
        worked: At least one sample has worked. The memory of a busy child follows from the
            samples with ``worked`` alone; idle ones only dilute it.
        count: How many children serve requests now.
        threads_per_child: Worker threads in each; None where it cannot be told.
    """

    samples: tuple[Child, ...]
    parent: Child | None
    worked: bool
    count: int = 0
    threads_per_child: int | None = None


@dataclass(frozen=True, slots=True)
class StatusSample:
    """One answer of mod_status (``?auto``).

    ``async_*`` are None under an MPM without them. ``places`` counts the workers
    that there may be; None while old children end.
    """

    url: str
    uptime_seconds: int
    busy_workers: int
    idle_workers: int
    total_accesses: int | None
    processes: int | None
    stopping: int | None
    conns_total: int | None
    conns_async_writing: int | None
    conns_async_keepalive: int | None
    conns_async_closing: int | None
    places: int | None = None


@dataclass(frozen=True, slots=True)
class FpmPool:
    """A PHP-FPM pool found on the machine.

    Attributes:
        name: Its section.
        file: Where it is written.
        listen: Socket path or address, as written, ``$pool`` replaced.
        max_children: ``pm.max_children``.
        children: How many run now: 0 where FPM does not run, None where nobody could look.
        pss: Their summed proportional set size in bytes; None where it may not be read.
        asked: httpd passes requests to where it listens, as far as that can be told.
        peak: What they hold, in bytes, when each holds the most that it ever did; as ``pss``.
    """

    name: str
    file: str
    listen: str
    max_children: int
    children: int | None
    pss: int | None
    asked: bool = True
    peak: int | None = None


@dataclass(frozen=True, slots=True)
class ProxyBackend:
    """A ``ProxyPass``/``BalancerMember``/``SetHandler proxy:`` target with its pool bound.

    Attributes:
        url: The target, user information and query cut off.
        max: ``max=`` (per child), None when the line has none.
        file: Where it is written.
        line: The last physical line of the directive.
        tunnel: A connection through it may become a tunnel (WebSocket), which holds a worker
            thread for its whole life.
    """

    url: str
    max: int | None
    file: str
    line: int
    tunnel: bool = False


@dataclass(frozen=True, slots=True)
class Server:
    """All that is known of one httpd.

    Attributes:
        build: What the binary says of itself.
        mpm: The MPM that runs; of a stopped httpd, the one that its configuration loads.
        mpm_linkage: Compiled in, or loaded.
        mpm_found_by: How the MPM was found, in words (``-V``, ``/proc/812/maps``).
        modules: All that is loaded.
        instance: The running httpd; None when it is stopped.
        children: Its children; Unknown when it is stopped.
        settings: Values in force by the configuration, after httpd's own corrections.
        conf: The main configuration file.
        server_root: ServerRoot.
        status: What mod_status answered.
        fpm_pools: PHP-FPM pools on this machine.
        backends: Proxy targets of the configuration.
        php_handlers: Handler names in force for ``.php`` (``SetHandler``, ``AddHandler``, ``AddType``).
        messages: What httpd itself would print about the configuration, one each.
        httpd_pss: Summed PSS of parent, children and helpers; None where it may not be read.
        configured_mpm: The MPM that the configuration loads: another one than ``mpm`` when it
            was changed and httpd not yet stopped and started.
        tree: The configuration as it was read; None where there was none to read.
    """

    build: Build | Unknown
    mpm: Mpm | Unknown
    mpm_linkage: Linkage | Unknown
    mpm_found_by: str
    modules: tuple[Module, ...] | Unknown
    instance: Instance | None
    children: Children | Unknown
    settings: tuple[EffectiveSetting, ...]
    conf: str | Unknown
    server_root: str | Unknown
    status: StatusSample | Unknown
    fpm_pools: tuple[FpmPool, ...]
    backends: tuple[ProxyBackend, ...]
    php_handlers: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    httpd_pss: Quantity | None = None
    configured_mpm: Mpm | None = None
    tree: Tree | None = None

    def setting(self, directive: str) -> EffectiveSetting | None:
        """Find the value in force of a directive, by its modern name."""
        return next((found for found in self.settings if found.directive == directive), None)

    def has_module(self, name: str) -> bool:
        """Tell whether a module is known to be loaded."""
        return isinstance(self.modules, tuple) and any(m.name == name for m in self.modules)
