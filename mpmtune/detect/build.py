"""The httpd binary: where it lies, and what it says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent
from mpmtune.model.server import Build, Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.host.doorway import Files
    from mpmtune.model.machine import Distro

# Where packages put it: Debian and Gentoo, Red Hat, Alpine and Arch, openSUSE (one binary per
# MPM), a source build and docker-library's image, FreeBSD, Bitnami, XAMPP.
_PLACES = (
    "/usr/sbin/apache2",
    "/usr/sbin/httpd",
    "/usr/sbin/httpd-prefork",
    "/usr/sbin/httpd-worker",
    "/usr/sbin/httpd-event",
    "/usr/sbin/httpd2-prefork",
    "/usr/local/apache2/bin/httpd",
    "/usr/local/sbin/httpd",
    "/opt/bitnami/apache/bin/httpd",
    "/opt/bitnami/apache2/bin/httpd",
    "/opt/lampp/bin/httpd",
    "/usr/bin/httpd",
)
_NAMED_APACHE2 = frozenset({"debian", "ubuntu", "gentoo"})

_VERSION = re.compile(
    r"^Server version:\s+Apache/(?P<version>(\d{1,4}(?:\.\d{1,6}){1,3})\S*)", re.MULTILINE
)
_SETTING = re.compile(r'^ -D (?P<name>\w+)="(?P<value>[^"\n]*)"', re.MULTILINE)
_SERVER_MPM = re.compile(r"^Server MPM:[ \t]*(?P<name>\w*)[ \t]*$", re.MULTILINE)
_STATIC = re.compile(r"^  (?P<file>\w+\.c)[ \t]*$", re.MULTILINE)
_STATIC_MPMS = {"prefork.c": Mpm.PREFORK, "worker.c": Mpm.WORKER, "event.c": Mpm.EVENT}


@dataclass(frozen=True, slots=True)
class VersionAnswer:
    """What ``-V`` prints. ``mpm`` is None when it names none, or one that is not known here."""

    version: str
    version_tuple: tuple[int, ...]
    server_root: str
    conf: str
    mpm: Mpm | None
    mpm_name: str


def parse_version(text: str) -> VersionAnswer | None:
    """Read the output of ``httpd -V``; None when it is none.

    The MPM is empty where httpd could not read its configuration up to the MPM's LoadModule, and
    it is the first of them where the configuration loads two.
    """
    version = _VERSION.search(text)
    settings = dict(_SETTING.findall(text))
    if version is None or "HTTPD_ROOT" not in settings:
        return None
    root = settings["HTTPD_ROOT"]
    conf = settings.get("SERVER_CONFIG_FILE", "conf/httpd.conf")
    named = _SERVER_MPM.search(text)
    name = named["name"].lower() if named else ""
    return VersionAnswer(
        version=version["version"],
        version_tuple=tuple(int(part) for part in version[2].split(".")),
        server_root=root,
        conf=conf if conf.startswith("/") else f"{root.rstrip('/')}/{conf}",
        mpm=next((mpm for mpm in Mpm if mpm.value == name), None),
        mpm_name=name,
    )


def parse_static(text: str) -> tuple[str, ...]:
    """Read the output of ``httpd -l``: source files of what is compiled in."""
    return tuple(_STATIC.findall(text)) if text.startswith("Compiled in modules:") else ()


def static_mpm(static: tuple[str, ...]) -> Mpm | None:
    """Find the MPM among the modules compiled in; None where it is loaded."""
    return next((_STATIC_MPMS[name] for name in static if name in _STATIC_MPMS), None)


def make_build(binary: str, answer: VersionAnswer, static: tuple[str, ...]) -> Build:
    """Put together what the binary said."""
    return Build(
        binary=binary,
        version=answer.version,
        version_tuple=answer.version_tuple,
        server_root=answer.server_root,
        conf=answer.conf,
        mpm=static_mpm(static) or answer.mpm,
        static=static,
    )


def find_binaries(files: Files, distro: Distro | None) -> Iterator[str]:
    """Yield the httpd binaries that lie in a known place, the distribution's own first."""
    family = {distro.id, *distro.like} if distro is not None else set()
    places = _PLACES if not family or family & _NAMED_APACHE2 else (*_PLACES[1:], _PLACES[0])
    for path in places:
        if not isinstance(files.entry(path), Absent):
            yield path
