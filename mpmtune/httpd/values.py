"""What httpd makes of one argument: the number in force, or its sentence of refusal.

Covers the directives of the MPMs, of mpm_common, of connections and time-outs, and the worker
settings of mod_http2. Each parser cites the handler it follows; the texts are httpd's.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mpmtune.httpd import numbers
from mpmtune.httpd.refusals import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

Value = int | float | str

_KIB = 1024
_UINT32 = 2**32
_SECOND = 10**6
_LEAST_BUFFER = 512


def parse(name: str, word: str) -> Value:
    """Read the argument of a directive.

    Args:
        name: Folded modern name, one of ``PARSERS``.
        word: The argument, unquoted.

    Returns:
        The value in force: counts as written, time-outs in seconds, sizes in bytes, flags as
        ``On`` or ``Off``.

    Raises:
        RefusedError: with httpd's sentence.
    """
    return PARSERS[name](word)


def _above_zero(name: str) -> Callable[[str], int]:
    """listen.c and h2_config.c: atoi, and less than 1 is refused."""

    def read(word: str) -> int:
        value = numbers.atoi(word)
        if value < 1:
            raise RefusedError(f"{name} must be > 0")
        return value

    return read


def _buffer(name: str) -> Callable[[str], int]:
    """listen.c: ap_set_send_buffer_size, ap_set_receive_buffer_size."""

    def read(word: str) -> int:
        size = numbers.atoi(word)
        if size < _LEAST_BUFFER and size != 0:
            raise RefusedError(f"{name} must be >= 512 bytes, or 0 for system default.")
        return size

    return read


def _long(name: str, word: str) -> int:
    number = numbers.strtol(word)
    if number.value < 0 or number.overflow:
        raise RefusedError(f"Invalid {name} value: {word}")
    return number.value


def _max_mem_free(word: str) -> int:
    """mpm_common.c: ap_mpm_set_max_mem_free multiplies KiB in 32 bits; 0 is no limit."""
    return _long("MaxMemFree", word) * _KIB % _UINT32


def _thread_stack_size(word: str) -> int:
    """mpm_common.c: ap_mpm_set_thread_stacksize; 0 is the system's default."""
    return _long("ThreadStackSize", word)


def worker_factor(word: str) -> float:
    """Read AsyncRequestWorkerFactor; event.c: set_worker_factor.

    Returns:
        The number as written; ``numbers.connections_per_idle_worker`` gives what is used of it.
    """
    value = numbers.strtod(word)
    if value is None:
        raise RefusedError("error parsing value")
    if value <= 0:
        raise RefusedError("AsyncRequestWorkerFactor argument must be a positive number")
    return value


def _time(refusal: str) -> Callable[[str], int | float]:
    """core.c: set_keep_alive_timeout, h2_config.c: h2_conf_set_max_worker_idle_limit."""

    def read(word: str) -> int | float:
        microseconds = numbers.parse_timeout(word)
        if microseconds is None:
            raise RefusedError(refusal)
        seconds, rest = divmod(microseconds, _SECOND)
        return microseconds / _SECOND if rest else seconds

    return read


def _flag(refusal: str) -> Callable[[str], str]:
    """Read what config.c: invoke_cmd takes for a flag; core.c: set_enable_mmap by itself."""

    def read(word: str) -> str:
        on = numbers.parse_flag(word)
        if on is None:
            raise RefusedError(refusal)
        return "On" if on else "Off"

    return read


_on_off = _flag("parameter must be 'on' or 'off'")
_above_zero_h2 = _above_zero("value")

PARSERS: MappingProxyType[str, Callable[[str], Value]] = MappingProxyType(
    {
        "startservers": numbers.atoi,
        "serverlimit": numbers.atoi,
        "threadlimit": numbers.atoi,
        "threadsperchild": numbers.atoi,
        "maxrequestworkers": numbers.atoi,
        "minspareservers": numbers.atoi,
        "maxspareservers": numbers.atoi,
        "minsparethreads": numbers.atoi,
        "maxsparethreads": numbers.atoi,
        "asyncrequestworkerfactor": worker_factor,
        "maxconnectionsperchild": numbers.atoi,
        "gracefulshutdowntimeout": numbers.atoi,
        "listenbacklog": _above_zero("ListenBacklog"),
        "listencoresbucketsratio": _above_zero("ListenCoresBucketsRatio"),
        "listentcpdeferaccept": _above_zero("ListenTCPDeferAccept"),
        "sendbuffersize": _buffer("SendBufferSize"),
        "receivebuffersize": _buffer("ReceiveBufferSize"),
        "maxmemfree": _max_mem_free,
        "threadstacksize": _thread_stack_size,
        "scoreboardfile": str,
        "coredumpdirectory": str,
        "extendedstatus": _flag("ExtendedStatus must be On or Off"),
        "keepalive": _flag("KeepAlive must be On or Off"),
        "keepalivetimeout": _time("KeepAliveTimeout has wrong format"),
        "maxkeepaliverequests": numbers.atoi,
        # core.c: set_timeout is atoi seconds; it takes no unit, unlike KeepAliveTimeout.
        "timeout": numbers.atoi,
        "enablemmap": _on_off,
        "enablesendfile": _on_off,
        "h2minworkers": _above_zero_h2,
        "h2maxworkers": _above_zero_h2,
        "h2maxworkeridleseconds": _time("Invalid idle limit value"),
        "h2maxsessionstreams": _above_zero_h2,
    }
)
