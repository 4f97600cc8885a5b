"""What a bench needs on this machine, and where it is."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.errors import HttpdError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SEARCH = "/usr/sbin:/usr/bin:/usr/local/apache2/bin:/usr/local/sbin:/usr/local/bin:/sbin:/bin"
_BINARIES = ("apache2", "httpd")
_MODULES = (
    "/usr/lib/apache2/modules",
    "/usr/lib64/httpd/modules",
    "/usr/local/apache2/modules",
    "/usr/lib/httpd/modules",
)
_FPM = re.compile(r"php-fpm(?:[\d.]+)?")


class Need(Enum):
    """A program without which a workload cannot be run, and the Debian package that has it."""

    WRK = ("wrk", "wrk")
    H2LOAD = ("h2load", "nghttp2-client")
    OPENSSL = ("openssl", "openssl")
    FPM = ("PHP-FPM", "php-fpm")
    MOD_PHP = ("mod_php", "libapache2-mod-php")


@dataclass(frozen=True, slots=True)
class Programs:
    """What was found.

    Attributes:
        httpd: The binary.
        modules: The directory of its shared modules.
        found: Need → path.
    """

    httpd: str
    modules: Path
    found: dict[Need, str]

    def path(self, need: Need) -> str:
        """Give the path of what is known to be there."""
        return self.found[need]

    def module(self, name: str) -> Path | None:
        """Find ``mod_NAME.so``; None where it is compiled in or missing."""
        file = self.modules / f"mod_{name}.so"
        return file if file.exists() else None

    def lacking(self, needs: Iterable[Need]) -> str:
        """Say what is missing, and how to get it; empty when nothing is."""
        missing = [need for need in needs if need not in self.found]
        if not missing:
            return ""
        names = " and ".join(need.value[0] for need in missing)
        packages = " ".join(need.value[1] for need in missing)
        verb = "is" if len(missing) == 1 else "are"
        return f"{names} {verb} not installed here (Debian: apt-get install {packages})"


def find_programs(httpd: str | None = None) -> Programs:
    """Look for httpd and for what goes with it.

    Raises:
        HttpdError: when there is no httpd, or its MPMs are no shared modules.
    """
    binary = httpd or next(filter(None, (_which(name) for name in _BINARIES)), None)
    if binary is None or not Path(binary).is_file():
        raise HttpdError(
            "No httpd is installed here to be measured.",
            "Install it (Debian: apt-get install apache2), or name it with --httpd.",
        )
    near = Path(binary).resolve().parents[1] / "modules"
    for directory in (*map(Path, _MODULES), near):
        if (directory / "mod_mpm_event.so").exists():
            return Programs(binary, directory, dict(_found(directory)))
    raise HttpdError(
        f"The MPMs of {binary} are compiled in: bench cannot exchange them.",
        "Use an httpd with shared MPMs (--enable-mpms-shared=all), as distributions have it.",
    )


def _found(modules: Path) -> Iterator[tuple[Need, str]]:
    for need in (Need.WRK, Need.H2LOAD, Need.OPENSSL):
        if path := _which(need.value[0]):
            yield need, path
    if path := _fpm():
        yield Need.FPM, path
    for file in sorted(modules.glob("libphp*.so")):
        yield Need.MOD_PHP, str(file)


def _fpm() -> str | None:
    names = (
        file.name
        for directory in ("/usr/sbin", "/usr/local/sbin")
        for file in Path(directory).glob("php-fpm*")
        if _FPM.fullmatch(file.name)
    )
    return next(filter(None, (_which(name) for name in sorted(names, reverse=True))), None)


def _which(name: str) -> str | None:
    return shutil.which(name, path=_SEARCH)
