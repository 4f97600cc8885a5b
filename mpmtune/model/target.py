"""An httpd that cannot be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.model.httpd import Mpm


@dataclass(frozen=True, slots=True)
class Target:
    """What must be assumed of an httpd that cannot be asked.

    Attributes:
        name: ``debian-12``, ``rhel-9``…
        version: ``(2, 4, 62)``.
        binary: Path of the executable.
        server_root: HTTPD_ROOT.
        conf: SERVER_CONFIG_FILE, absolute.
        modules: Every module the distribution ships: identifier → source file.
        static: Identifiers compiled in, in httpd's order.
        defines: ``-D`` names that the distribution's start script passes.
        environment: Variables that ``${}`` finds: what the distribution's envvars set.
        mpm: The MPM that a fresh installation runs.
    """

    name: str
    version: tuple[int, int, int]
    binary: str
    server_root: str
    conf: str
    modules: Mapping[str, str]
    static: tuple[str, ...]
    defines: tuple[str, ...]
    environment: Mapping[str, str]
    mpm: Mpm
