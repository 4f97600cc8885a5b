"""Control groups: which directories limit a process, from its own group up to the mount."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

V1, V2 = 1, 2
_OCTAL = re.compile(r"\\([0-7]{3})")
_ROOT_FIELD, _POINT_FIELD, _LEAST_FIELDS = 3, 4, 6
_TYPE_FIELD, _OPTIONS_FIELD = 0, 2


@dataclass(frozen=True, slots=True)
class Membership:
    """A line of /proc/PID/cgroup; without controllers it is that of cgroup v2."""

    controllers: frozenset[str]
    path: str


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted hierarchy: which part of it (``root``) is seen at which directory."""

    version: int
    controllers: frozenset[str]
    root: str
    point: str


@dataclass(frozen=True, slots=True)
class Group:
    """One level that limits a process.

    Attributes:
        directory: Where its control files lie.
        name: Its path below the mount point, ``/`` for that itself.
    """

    directory: str
    name: str

    def file(self, control: str) -> str:
        """Give the path of a control file."""
        return f"{self.directory.rstrip('/')}/{control}"


@dataclass(frozen=True, slots=True)
class Levels:
    """The groups of one controller above a process, its own first.

    ``version`` is that of the hierarchy. ``complete`` is False where its own group lies outside
    of what is mounted: then only the mount point is left to look at.
    """

    version: int
    groups: tuple[Group, ...]
    complete: bool


NO_LEVELS = Levels(V2, (), complete=True)


def parse_memberships(text: str) -> tuple[Membership, ...]:
    """Read /proc/PID/cgroup: ``ID:CONTROLLERS:PATH`` lines, the path as it is."""
    found = []
    for line in text.split("\n"):
        parts = line.split(":", 2)
        if len(parts) == len(("id", "controllers", "path")) and parts[2].startswith("/"):
            found.append(Membership(frozenset(filter(None, parts[1].split(","))), parts[2]))
    return tuple(found)


def parse_mounts(text: str) -> tuple[Mount, ...]:
    r"""Read the cgroup lines of /proc/PID/mountinfo; ``\040`` and its like are resolved."""
    found = []
    for line in text.split("\n"):
        left, _, right = line.partition(" - ")
        place, system = left.split(" "), right.split(" ")
        kind = system[_TYPE_FIELD]
        if kind not in {"cgroup", "cgroup2"} or len(place) < _LEAST_FIELDS:
            continue
        options = system[_OPTIONS_FIELD] if len(system) > _OPTIONS_FIELD else ""
        found.append(
            Mount(
                version=V2 if kind == "cgroup2" else V1,
                controllers=frozenset(options.split(",")) if kind == "cgroup" else frozenset(),
                root=_unescape(place[_ROOT_FIELD]),
                point=_unescape(place[_POINT_FIELD]),
            )
        )
    return tuple(found)


def find_levels(
    controller: str, memberships: tuple[Membership, ...], mounts: tuple[Mount, ...]
) -> Levels:
    """Find the groups whose ``controller`` limits a process.

    A controller that is mounted as v1 is read there, every other one in the v2 hierarchy. Where
    a hierarchy is mounted more than once, each mount that shows the process counts.
    """
    for membership in _v1_first(controller, memberships):
        version = V1 if membership.controllers else V2
        fitting = sorted(
            (
                mount
                for mount in mounts
                if mount.version == version and (version == V2 or controller in mount.controllers)
            ),
            key=lambda mount: (mount.point, mount.root),
        )
        if fitting:
            return _levels(version, membership.path, fitting)
    return NO_LEVELS


def _v1_first(controller: str, memberships: tuple[Membership, ...]) -> Iterator[Membership]:
    yield from (line for line in memberships if controller in line.controllers)
    yield from (line for line in memberships if not line.controllers)


def _levels(version: int, path: str, mounts: list[Mount]) -> Levels:
    seen = [(mount, below) for mount in mounts if (below := _below(mount.root, path)) is not None]
    if not seen:
        return Levels(version, tuple(Group(mount.point, "/") for mount in mounts), complete=False)
    groups = (group for mount, below in seen for group in _upwards(mount.point, below))
    return Levels(version, tuple(dict.fromkeys(groups)), complete=True)


def _below(root: str, path: str) -> tuple[str, ...] | None:
    """Strip the mount's root off a path; None where the path lies outside of it."""
    inside, wanted = _components(root), _components(path)
    if ".." in wanted or wanted[: len(inside)] != inside:
        return None
    return wanted[len(inside) :]


def _components(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part not in {"", "."})


def _upwards(point: str, below: tuple[str, ...]) -> Iterator[Group]:
    for depth in range(len(below), -1, -1):
        name = "/" + "/".join(below[:depth])
        yield Group(point if depth == 0 else point.rstrip("/") + name, name)


def _unescape(field: str) -> str:
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), field)
