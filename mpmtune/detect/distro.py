"""Which distribution this is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent
from mpmtune.model.machine import Distro
from mpmtune.model.unknown import Unknown

if TYPE_CHECKING:
    from mpmtune.host.doorway import Files

_PLACES = ("/etc/os-release", "/usr/lib/os-release")  # os-release(5): the first that is there
_LINE = re.compile(r"""([A-Z_0-9]+)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"'`$;&|<>()]*))[ \t]*""")
_ESCAPE = re.compile(r"\\(.)")


def parse_os_release(text: str) -> Distro:
    """Read os-release: shell assignments of plain words; what is not one is passed over."""
    values: dict[str, str] = {}
    for line in text.split("\n"):
        match = _LINE.fullmatch(line.rstrip("\r"))
        if match is not None:
            double, single, bare = match[2], match[3], match[4]
            plain = _ESCAPE.sub(r"\1", double) if double is not None else single or bare or ""
            values[match[1]] = plain
    name = values.get("PRETTY_NAME") or values.get("NAME") or values.get("ID", "")
    return Distro(
        id=values.get("ID", "").lower(),
        version_id=values.get("VERSION_ID", ""),
        like=tuple(values.get("ID_LIKE", "").lower().split()),
        pretty_name=name,
    )


def detect_distro(files: Files) -> Distro | Unknown:
    """Find the distribution."""
    for path in _PLACES:
        content = files.read(path)
        if not isinstance(content, Absent):
            distro = parse_os_release(content.decode("utf-8", "surrogateescape"))
            if distro.pretty_name:
                return distro
    return Unknown("host.distro", f"neither {' nor '.join(_PLACES)} names it")
