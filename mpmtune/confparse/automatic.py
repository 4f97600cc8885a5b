"""Which httpd a configuration is for, by where it lies and what lies beside it."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.confparse.paths import is_directory
from mpmtune.host.doorway import Absent
from mpmtune.httpd.targets import TARGETS

if TYPE_CHECKING:
    from mpmtune.host.doorway import Files
    from mpmtune.model.config import Target

# A directory beside the main file, or one level above it, that only one family has, and the
# release that stands for the family where the machine's own is not of it.
_MARKS = (
    ("mods-enabled", "debian-12"),
    ("conf.modules.d", "rhel-9"),
    ("sysconfig.d", "opensuse"),
)


class Assumed(NamedTuple):
    """What is assumed.

    Attributes:
        target: The httpd.
        conf: Its main file.
        server_root: Where the tree lies, if it is a copy of one that lies elsewhere on its own
            machine; None for the target's own place.
    """

    target: Target
    conf: str
    server_root: str | None = None


# Where ServerRoot and modules lie tells of a family.
_PLACES = (
    (b"/usr/lib/apache2/modules/", "debian-12"),
    (b"/usr/lib64/httpd/", "rhel-9"),
    (b"/etc/httpd", "rhel-9"),
    (b"/etc/apache2", "debian-12"),
    (b"/opt/bitnami", "bitnami"),
    (b"/usr/local/libexec/apache24", "freebsd"),
    (b"/usr/local/apache2", "docker-httpd"),
)
_TELLING = re.compile(
    rb'^[ \t]*(?:ServerRoot|LoadModule[ \t]+(mpm_)?\w+)[ \t]+"?([^"\s]+)',
    re.IGNORECASE | re.MULTILINE,
)


def automatic(files: Files, conf: str | None, system: Target | None) -> Assumed | None:
    """Choose a target.

    Args:
        files: The machine.
        conf: The main file, absolute; None to look in the usual places.
        system: What the machine's own distribution would have.

    Returns:
        None when no file was named and none is found. A file that nothing is known of is read
        for the machine's distribution, or for httpd built from source.
    """
    preferred = [system] if system is not None else []
    known = [*preferred, *(TARGETS[name] for _, name in _MARKS), *TARGETS.values()]
    if conf is None:
        at_home = (target for target in known if not isinstance(files.entry(target.conf), Absent))
        found = next(at_home, None)
        return None if found is None else Assumed(found, found.conf)
    for target in known:
        if conf == target.conf:
            return Assumed(target, conf)
    copy = _copy(files, conf, known)
    if copy is not None or preferred:
        return copy or Assumed(known[0], conf)
    return Assumed(TARGETS[_by_its_lines(files, conf)], conf)


def _copy(files: Files, conf: str, known: list[Target]) -> Assumed | None:
    """Recognise a tree that was taken from its place."""
    directory = posixpath.dirname(conf)
    for mark, family in _MARKS:
        for root in (directory, posixpath.dirname(directory)):
            if is_directory(files, posixpath.join(root, mark)):
                return Assumed(_of_family(family, known), conf, root)
    for target in known:
        above = conf.removesuffix(target.conf)
        if above != conf:
            return Assumed(target, conf, above + target.server_root)
    return None


def _by_its_lines(files: Files, conf: str) -> str:
    """Guess by what a main file loads, and from where; one that loads an MPM has none built in."""
    content = files.read(conf)
    told = [] if isinstance(content, Absent) else _TELLING.findall(content)
    for place, family in _PLACES:
        if any(path.startswith(place) for _, path in told):
            return family
    if posixpath.basename(conf) == "apache2.conf":
        return "debian-12"
    return "docker-httpd" if any(mpm for mpm, _ in told) else "source"


def _of_family(name: str, known: list[Target]) -> Target:
    """Give the machine's own release of a family, or the one that stands for it."""
    family = TARGETS[name]
    return known[0] if known[0].conf == family.conf else family
