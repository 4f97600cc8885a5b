"""What an httpd is made of: its MPM, its modules, and values in force."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


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
