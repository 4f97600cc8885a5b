"""Which MPM runs, which one the configuration loads, and how that was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.detect.answers import Answers
from mpmtune.detect.build import static_mpm
from mpmtune.detect.configuration import Configuration
from mpmtune.detect.modules import mapped_mpm, parse_mapped_objects
from mpmtune.host.doorway import Absent
from mpmtune.model.server import Build, Children, Linkage, Module, Mpm
from mpmtune.model.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.host.doorway import Files

_BY_MODULE = {mpm.module: mpm for mpm in Mpm}
_WHAT = "httpd.mpm"


@dataclass(frozen=True, slots=True)
class Found:
    """An MPM with its linkage and where that was seen."""

    mpm: Mpm
    linkage: Linkage
    by: str


def running_objects(files: Files, parent_pid: int) -> frozenset[str]:
    """Give the shared objects of a running httpd; none where they may not be seen."""
    maps = files.read(f"/proc/{parent_pid}/maps")
    return frozenset() if isinstance(maps, Absent) else parse_mapped_objects(maps)


def static_found(build: Build | Unknown) -> Found | None:
    """Find an MPM that is compiled in: no configuration changes it."""
    mpm = static_mpm(build.static) if isinstance(build, Build) else None
    return None if mpm is None else Found(mpm, Linkage.STATIC, f"httpd -l: {mpm.value}.c")


def running_found(objects: frozenset[str], parent_pid: int) -> Found | None:
    """Find the MPM that a running httpd has mapped."""
    mpm = mapped_mpm(objects)
    return None if mpm is None else Found(mpm, Linkage.SHARED, f"/proc/{parent_pid}/maps")


def configured_found(
    answers: Answers | Unknown, configuration: Configuration | Unknown
) -> Found | None:
    """Find the MPM that the configuration loads: httpd's own word first, then our reading."""
    if isinstance(answers, Answers):
        if listed := _only(answers.modules):
            return Found(listed[0], listed[1], "httpd -M")
        loaded = isinstance(configuration, Configuration) and _only(
            configuration.tree.modules.values()
        )
        if answers.version is not None and answers.version.mpm is not None and loaded:
            # -V names the first MPM that is loaded, also where the configuration is broken.
            return Found(answers.version.mpm, Linkage.SHARED, "httpd -V")
    if isinstance(configuration, Configuration):
        read = _only(configuration.tree.modules.values())
        if read:
            return Found(*read, "LoadModule in the configuration")
    return None


def _only(modules: Iterable[Module]) -> tuple[Mpm, Linkage] | None:
    """Find the MPM in a list of modules, when it holds exactly one."""
    found = [(_BY_MODULE[one.name], one.linkage) for one in modules if one.name in _BY_MODULE]
    return found[0] if len(found) == 1 else None


def settle(candidates: Iterable[Found | None], children: Children | Unknown) -> Found | Unknown:
    """Take the first that was found, unless the threads of the children speak against it.

    A child of prefork has one thread, but for those of modules; one of a threaded MPM has its
    workers and two more. So children of one thread run under prefork, whatever the configuration
    says by now.
    """
    found = next((one for one in candidates if one is not None), None)
    single = isinstance(children, Children) and all(one.tasks == 1 for one in children.samples)
    if single and (found is None or (found.mpm.threaded and found.linkage is Linkage.SHARED)):
        return Found(Mpm.PREFORK, Linkage.SHARED, "one thread in each child")
    if found is None:
        return Unknown(_WHAT, "neither the process nor the configuration names exactly one")
    return found
