"""The ``Mutex`` directive: mechanisms, and the types that the loaded modules register.

util_mutex.c: ap_set_mutex and ap_parse_mutex. Types are compared with their case; the last one
on the line is checked first.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

# What ``-D DUMP_RUN_CFG`` shows when one module after the other is loaded. event has no accept
# mutex, and no module lets its mutex be ``none``.
TYPES_BY_MODULE = MappingProxyType(
    {
        "mpm_prefork_module": ("mpm-accept",),
        "mpm_worker_module": ("mpm-accept",),
        "watchdog_module": ("watchdog-callback",),
        "auth_digest_module": ("authdigest-client",),
        "authn_socache_module": ("authn-socache",),
        "cache_socache_module": ("cache-socache",),
        "ldap_module": ("ldap-cache",),
        "lua_module": ("lua-ivm-shm",),
        "proxy_module": ("proxy",),
        "proxy_balancer_module": ("proxy-balancer-shm",),
        "rewrite_module": ("rewrite-map",),
        "ssl_module": ("ssl-cache", "ssl-stapling", "ssl-stapling-refresh"),
    }
)

_MECHANISMS = frozenset(
    {"default", "yes", "flock", "fcntl", "file", "posixsem", "sem", "sysvsem", "pthread"}
)
_AVAILABLE = (
    "(Mutex mechanisms are: 'none', 'default', 'flock:/path/to/file', 'fcntl:/path/to/file',"
    " 'file:/path/to/file', 'pthread', 'sysvsem', 'posixsem', 'sem')"
)


def types_of(modules: Collection[str]) -> frozenset[str]:
    """Give the mutex types that exist with these modules loaded, by identifier."""
    found = (names for module, names in TYPES_BY_MODULE.items() if module in modules)
    return frozenset({"default"}.union(*found))


def refusal(
    words: Sequence[str], types: Collection[str], is_directory: Callable[[str], bool]
) -> str | None:
    """Give httpd's sentence about the arguments of ``Mutex``, None when it takes them.

    Args:
        words: The arguments.
        types: Mutex types that exist; see ``types_of``.
        is_directory: Whether a path, relative to ServerRoot, is a directory; may answer True
            where nothing can be known.
    """
    mechanism = words[0] if words else ""
    if not mechanism:
        return f"Mutex requires at least a mechanism argument {_AVAILABLE}"
    method, _, path = mechanism.partition(":")
    none = method.lower() == "none"
    if not none and method.lower() not in _MECHANISMS:
        return f"Invalid Mutex argument {mechanism} {_AVAILABLE}"
    if path and not none and not is_directory(path):
        return f"Invalid Mutex directory in argument {mechanism}"
    named = [word for word in words[1:] if word.lower() != "omitpid"] or ["default"]
    for name in reversed(named):
        if name not in types:
            return f"Mutex type {name} is not valid"
        if none:
            return f"None is not allowed for mutex type {name}"
    return None
