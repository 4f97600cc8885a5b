"""Every number that is a choice or a guess, named, with its reason.

A choice (``chosen``) says nothing about the host. A guess (``assumed``) does, and says how to
measure it. A profile differs by ``dataclasses.replace``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from mpmtune.model.quantity import Quantity, Unit, assumed, chosen, chosen_time, documented
from mpmtune.model.sizes import GIB, KIB, MIB

_FROM_LOAD = "run mpmtune as root while the server is busy"
_FROM_STATUS = "read the busy workers of mod_status at the peak hour"
_FROM_TWO = "compare httpd's memory with few and with many of them"


def _guess(label: str, value: int, source: str, measure: str = _FROM_LOAD) -> Quantity:
    return assumed(label, value, source, Unit.BYTES, measure=measure)


@dataclass(frozen=True, slots=True)
class MemoryPolicy:
    """How the memory of the host is shared out."""

    reserve_divisor: Quantity = chosen(10, "a tenth for the page cache and surprises")
    least_reserve: Quantity = chosen(64 * MIB, "a kernel and a login", Unit.BYTES)
    most_reserve: Quantity = chosen(4 * GIB, "more would lie idle", Unit.BYTES)
    small_host_divisor: Quantity = chosen(4, "a small host keeps at most a quarter")
    others: Quantity = _guess(
        "everything that is not httpd",
        256 * MIB,
        "a usual small server beside httpd",
        "run mpmtune on that host itself, without --memory",
    )
    others_divisor: Quantity = chosen(4, "at most a quarter of a small host")
    fill: Quantity = chosen(95, "a few per cent of kernel memory are not in smaps_rollup")
    fpm_child: Quantity = _guess("a PHP-FPM child", 48 * MIB, "a usual application with opcache")


@dataclass(frozen=True, slots=True)
class ChildPolicy:
    """What a child, a thread and a connection cost when nothing could be measured."""

    parent: Quantity = _guess("parent process", 6 * MIB, "4 to 6 MiB measured with usual modules")
    plain: Quantity = _guess(
        "own memory of a child", 2 * MIB, "0.3 MiB measured without an interpreter; room for TLS"
    )
    php: Quantity = _guess("own memory of a child with mod_php", 128 * MIB, "PHP's memory_limit")
    interpreter: Quantity = _guess(
        "own memory of a child with an embedded interpreter", 96 * MIB, "usual applications"
    )
    least_interpreter: Quantity = _guess(
        "a heavier script than those seen", 16 * MIB, "one light script says little of the others"
    )
    well_known: Quantity = chosen(10, "so many requests for each child show its scripts")
    slope_reach: Quantity = chosen(125, "a slope is followed for another quarter")
    threaded_base: Quantity = _guess(
        "a child without its threads", 1536 * KIB, "1.0 to 1.5 MiB measured", _FROM_TWO
    )
    ready_child: Quantity = _guess(
        "a child whose workers were hardly busy", 896 * KIB, "0.6 to 1.2 MiB measured", _FROM_TWO
    )
    thread: Quantity = _guess(
        "a worker thread", 64 * KIB, "40 kB under event, 64 kB under worker measured"
    )
    interpreter_thread: Quantity = _guess(
        "a worker thread with an embedded interpreter", 32 * MIB, "usual applications"
    )
    connection_plain: Quantity = _guess(
        "an open connection",
        47 * KIB,
        "32 kB and 15 kB of the kernel's measured",
        _FROM_TWO,
    )
    connection_tls: Quantity = _guess(
        "an open TLS connection",
        85 * KIB,
        "70 kB and 15 kB of the kernel's measured",
        _FROM_TWO,
    )
    connection_h2: Quantity = _guess(
        "an open HTTP/2 connection",
        168 * KIB,
        "153 kB and 15 kB of the kernel's measured",
        _FROM_TWO,
    )
    socket: Quantity = _guess(
        "of a connection, in the kernel",
        15 * KIB,
        "15 kB measured; no process shows it",
        _FROM_TWO,
    )
    worker_slot: Quantity = documented(
        "scoreboard slot of a worker", 336, "sizeof(worker_score)", Unit.BYTES
    )
    process_slot: Quantity = documented(
        "scoreboard slot of a child", 40, "sizeof(process_score)", Unit.BYTES
    )


@dataclass(frozen=True, slots=True)
class DemandPolicy:
    """How many workers are worth having, with a workload and without."""

    per_cpu: Quantity = assumed(
        "workers per CPU", 200, "a mixed site that mostly waits", measure=_FROM_STATUS
    )
    interpreters_per_cpu: Quantity = assumed(
        "workers per CPU with an interpreter",
        100,
        "scripts compute as well as wait",
        measure=_FROM_STATUS,
    )
    unserved_per_cpu: Quantity = assumed(
        "workers per CPU for what no backend answers",
        100,
        "files, redirects, slow clients",
        measure=_FROM_STATUS,
    )
    least: Quantity = chosen(50, "a page opens six connections")
    most_workers: Quantity = chosen(16_000, "other things bind before")
    most_processes: Quantity = chosen(4_000, "the scheduler binds before")
    pools: Quantity = chosen(16, "max= counts in each child, and a plan aims at 16 of them")
    backend_rise: Quantity = chosen(110, "a worker is not free the moment its backend is")
    headroom: Quantity = chosen(130, "tomorrow's peak is higher than those seen")
    full: Quantity = chosen(90, "a server so full makes others wait unseen")
    hidden: Quantity = assumed(
        "times what a full server let in",
        2,
        "nobody knows who waited outside",
        measure="read the log of a server that was never full",
    )
    slow_readers: Quantity = chosen(1, "fewer hold no worker for long")
    burst_patience: Quantity = chosen_time(Fraction(1, 10), "nobody notices a tenth of a second")
    hiccup: Quantity = chosen_time(
        Fraction(1, 2), "after it all that came asks at once, and event drops what it keeps"
    )
    cpu_rise: Quantity = chosen(150, "requests wait for other things than the CPU, unevenly")
    cpu_apart: Quantity = chosen(2, "a request that arrives and one that leaves, for each CPU")
    unseen_per_cpu: Quantity = assumed(
        "threads per CPU for what is in no log",
        100,
        "TLS handshakes, heads that come slowly",
        measure=_FROM_STATUS,
    )
    cpu_full: Quantity = chosen(90, "a CPU so busy makes requests wait for it")
    per_full_cpu: Quantity = chosen(25, "more would only wait for the CPU")


@dataclass(frozen=True, slots=True)
class ShapePolicy:
    """How workers are cut into children, and how many wait idle."""

    children: Quantity = chosen(16, "a crash takes a sixteenth of the work")
    least_children: Quantity = chosen(2, "one crash must not take the whole site")
    least_threads: Quantity = chosen(25, "httpd's own default")
    most_threads: Quantity = chosen(100, "what one crash may take")
    thread_limit: Quantity = documented("default ThreadLimit", 64, "DEFAULT_THREAD_LIMIT")
    graceful: Quantity = chosen(2, "a reload stalled 7 s with 1 ×, 1 s with 2 ×")
    room_divisor: Quantity = chosen(4, "room to raise MaxRequestWorkers by a reload")
    spare_divisor: Quantity = chosen(4, "a burst of a quarter is met at once")
    most_spare_servers: Quantity = chosen(32, "httpd forks at most 32 a second")
    spare_span: Quantity = chosen(2, "idle children stop well above the minimum")


@dataclass(frozen=True, slots=True)
class ConnectionPolicy:
    """Keep-alive, time-outs and queues."""

    keep_alive: Quantity = chosen(1, "a page is many requests")
    timeout_async: Quantity = documented("httpd's default", 5, "http_core.h", Unit.SECONDS)
    timeout_held: Quantity = chosen(2, "an idle connection holds a worker", Unit.SECONDS)
    requests: Quantity = chosen(500, "pages on one connection, and still a bound")
    timeout: Quantity = documented("httpd's default", 60, "httpd.h DEFAULT_TIMEOUT", Unit.SECONDS)
    backlog: Quantity = documented("httpd's default", 511, "ap_listen.h DEFAULT_LISTENBACKLOG")
    least_factor: Quantity = documented("httpd's default", 2, "event.c")
    most_factor: Quantity = chosen(8, "nine connections for each worker")
    h2_per_thread: Quantity = assumed(
        "HTTP/2 streams per thread", 2, "a page asks for several things", measure=_FROM_STATUS
    )
    sendfile: Quantity = chosen(1, "150 workers then served 300 slow downloads")
    rise: Quantity = chosen(125, "tomorrow there are more of them")
    least_idle: Quantity = chosen(4, "a server with fewer idle workers has other troubles")
    most_of_room: Quantity = chosen(2, "idle connections get at most half of the memory")
    least_h2: Quantity = documented("least H2MaxWorkers", 4, "h2_conn.c")


@dataclass(frozen=True, slots=True)
class LifetimePolicy:
    """How many connections a child serves."""

    unlimited: Quantity = documented("0, unlimited", 0, "httpd's default")
    interpreter: Quantity = chosen(10_000, "scripts leak; a fork costs little")


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    """Tasks and descriptors."""

    task_divisor: Quantity = chosen(10, "a tenth is left to other tasks")
    parent_tasks: Quantity = documented("parent and helpers", 5, "parent, loggers, cgid")
    beside_threads: Quantity = documented("main and listener", 2, "worker.c, event.c")
    thread_stack: Quantity = documented(
        "stack of a thread", 8 * MIB, "the usual stack limit, promised whole", Unit.BYTES
    )
    descriptors_apart: Quantity = chosen(48, "logs, listeners and pipes")
    per_connection: Quantity = documented("2", 2, "the socket, and a file or a backend")
    nofile_wanted: Quantity = chosen(8192, "what Debian's apachectl asks for")


@dataclass(frozen=True, slots=True)
class Policy:
    """All of them together."""

    memory: MemoryPolicy = MemoryPolicy()
    child: ChildPolicy = ChildPolicy()
    demand: DemandPolicy = DemandPolicy()
    shape: ShapePolicy = ShapePolicy()
    connection: ConnectionPolicy = ConnectionPolicy()
    lifetime: LifetimePolicy = LifetimePolicy()
    limit: LimitPolicy = LimitPolicy()


DEFAULT = Policy()
