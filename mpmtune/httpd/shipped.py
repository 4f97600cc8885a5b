"""What distributions write into their own configuration of the MPMs.

Debian and Ubuntu: mods-available/mpm_*.conf of their packages. Red Hat and SUSE leave httpd's
built-in values in force, or did not say otherwise to us.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mpmtune.httpd.corrections import DEFAULTS
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEBIAN_THREADED = MappingProxyType(
    {
        "StartServers": 2,
        "MinSpareThreads": 25,
        "MaxSpareThreads": 75,
        "ThreadLimit": 64,
        "ThreadsPerChild": 25,
        "MaxRequestWorkers": 150,
        "MaxConnectionsPerChild": 0,
    }
)
_DEBIAN = MappingProxyType(
    {
        Mpm.EVENT: _DEBIAN_THREADED,
        Mpm.WORKER: _DEBIAN_THREADED,
        Mpm.PREFORK: MappingProxyType(
            {
                "StartServers": 5,
                "MinSpareServers": 5,
                "MaxSpareServers": 10,
                "MaxRequestWorkers": 150,
                "MaxConnectionsPerChild": 0,
            }
        ),
    }
)


def shipped(mpm: Mpm, family: frozenset[str]) -> tuple[str, Mapping[str, int]]:
    """Give whose values are in force on a fresh installation, and the values.

    Args:
        mpm: The MPM.
        family: ``ID`` and ``ID_LIKE`` of os-release.
    """
    if family & {"debian", "ubuntu"}:
        return "Debian's", _DEBIAN[mpm]
    return "httpd's own", DEFAULTS[mpm]
