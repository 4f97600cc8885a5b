"""The httpd that is, or would be, run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mpmtune.model.quantity import Quantity
    from mpmtune.model.unknown import Unknown


class Mpm(Enum):
    """The multi-processing modules of httpd 2.4 on Unix."""

    PREFORK = "prefork"
    WORKER = "worker"
    EVENT = "event"

    @property
    def threaded(self) -> bool:
        """Whether a child runs several worker threads."""
        return self is not Mpm.PREFORK

    @property
    def module(self) -> str:
        """The module identifier, as ``<IfModule>`` and ``-M`` name it."""
        return f"mpm_{self.value}_module"


class Linkage(Enum):
    """Whether a module is compiled in or loaded by ``LoadModule``."""

    STATIC = "static"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the server: its identifier (``ssl_module``) and linkage."""

    name: str
    linkage: Linkage


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
        threads_per_process: APR supports threads (needed by worker and event).
    """

    binary: str
    version: str
    version_tuple: tuple[int, ...]
    server_root: str
    conf: str
    mpm: Mpm | None
    static: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """A running httpd: the parent process and the command line it was started with.

    Attributes:
        parent_pid: Pid of the parent.
        binary: What /proc/PID/exe names.
        server_root: ``-d``, when given.
        conf: ``-f``, when given.
        defines: ``-D`` names, in order.
        child_pids: The children that serve requests.
        helper_pids: Children that do not (cgid daemon, piped loggers, mod_wsgi daemons).
        uptime_seconds: Since the parent started.
        other_namespace: Runs in another pid or mount namespace (a container seen from outside).
    """

    parent_pid: int
    binary: str
    server_root: str | None
    conf: str | None
    defines: tuple[str, ...]
    child_pids: tuple[int, ...]
    helper_pids: tuple[int, ...]
    uptime_seconds: int | None
    other_namespace: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """Memory of one child, in bytes, and its number of tasks.

    ``pss``, ``uss`` are None where smaps_rollup may not be read (another user's process).
    ``peak_rss`` is VmHWM: what the child once held.
    """

    pid: int
    tasks: int
    rss: int
    peak_rss: int
    pss: int | None
    uss: int | None


@dataclass(frozen=True, slots=True)
class Children:
    """The children that serve requests, and the parent apart.

    ``worked`` says whether they have served enough to speak for a loaded server; an idle child
    says nothing about the memory of a busy one.
    """

    samples: tuple[Child, ...]
    parent: Child | None
    worked: bool


@dataclass(frozen=True, slots=True)
class EffectiveSetting:
    """A directive's value in force, after httpd's own corrections.

    Attributes:
        directive: Name in the manual's spelling.
        value: Number (seconds for time-outs, bytes for sizes) or text (``On``).
        file: Where it is written; None for a built-in default.
        line: The last physical line of the directive, as httpd reports it.
        note: What httpd changed or ignored on the way, empty when it is as written.
    """

    directive: str
    value: int | float | str
    file: str | None = None
    line: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class StatusSample:
    """One answer of mod_status (``?auto``).

    ``async_*`` are None under an MPM without them. ``scoreboard`` counts the letters.
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


@dataclass(frozen=True, slots=True)
class FpmPool:
    """A PHP-FPM pool found on the machine: where it listens and how many children it may have.

    ``children`` are the pids that run now, ``pss`` their summed proportional set size in bytes.
    """

    name: str
    file: str
    listen: str
    max_children: int
    children: int | None
    pss: int | None


@dataclass(frozen=True, slots=True)
class ProxyBackend:
    """A ``ProxyPass``/``BalancerMember``/``SetHandler proxy:`` target with its pool bound.

    ``max`` is the value of the ``max=`` parameter, None when the line has none.
    """

    url: str
    max: int | None
    file: str
    line: int
    tunnel: bool = False


@dataclass(frozen=True, slots=True)
class Server:
    """All that is known of one httpd."""

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

    def setting(self, directive: str) -> EffectiveSetting | None:
        """Find the value in force of a directive, by its modern name."""
        return next((found for found in self.settings if found.directive == directive), None)

    def has_module(self, name: str) -> bool:
        """Tell whether a module is known to be loaded."""
        return isinstance(self.modules, tuple) and any(m.name == name for m in self.modules)
