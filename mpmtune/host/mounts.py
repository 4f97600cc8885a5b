"""What is mounted where (proc(5), /proc/PID/mountinfo)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Made up by the kernel: there is nothing beneath them to be protected by an overlay.
_KERNEL_KINDS = frozenset(
    {"autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts"}
    | {"devtmpfs", "efivarfs", "fusectl", "hugetlbfs", "mqueue", "nsfs", "proc", "pstore"}
    | {"ramfs", "rpc_pipefs", "securityfs", "selinuxfs", "sysfs", "tracefs"}
)
_PLACE = 4
_ESCAPED = re.compile(rb"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted file system.

    Attributes:
        number: Its id.
        parent: Id of the one that it is mounted on.
        path: Where it is mounted.
        kind: ``ext4``, ``tmpfs``, ``proc`` …
    """

    number: int
    parent: int
    path: str
    kind: str

    @property
    def made_by_kernel(self) -> bool:
        """Whether its files are made up by the kernel, or are devices."""
        return self.kind in _KERNEL_KINDS

    def covers(self, path: str) -> bool:
        """Tell whether a path lies at or beneath it."""
        return path == self.path or path.startswith(self.path.rstrip("/") + "/")


def parse_mounts(text: bytes) -> tuple[Mount, ...]:
    """Read ``mountinfo``; what is no line of it is left out."""
    found = []
    for line in text.splitlines():
        place, separator, kind = line.partition(b" - ")
        words = place.split()
        if separator and len(words) > _PLACE and words[0].isdigit() and words[1].isdigit():
            path = _ESCAPED.sub(lambda match: bytes([int(match[1], 8) & 0xFF]), words[_PLACE])
            name = kind.split(b" ", 1)[0].decode("ascii", "replace")
            place_text = path.decode("utf-8", "surrogateescape")
            found.append(Mount(int(words[0]), int(words[1]), place_text, name))
    return tuple(found)


def visible(mounts: tuple[Mount, ...]) -> tuple[Mount, ...]:
    """Keep what can be seen from ``/``, each after the one that it is mounted on."""
    numbers = {one.number for one in mounts}
    roots = [one for one in mounts if one.path == "/" and one.parent not in numbers]
    return tuple(seen for root in roots[:1] for seen in _seen(root, mounts))


def _seen(at: Mount, mounts: tuple[Mount, ...]) -> Iterator[Mount]:
    """Give a mount and what can be seen of those on it.

    One at its own place hides it. One at a directory above a sibling's place was mounted later
    than that sibling, for otherwise the sibling would be mounted on it: the sibling is hidden.
    """
    children = [one for one in mounts if one.parent == at.number and one.number != at.number]
    above = [one for one in children if one.path == at.path]
    if above:
        yield from _seen(above[-1], mounts)
        return
    yield at
    for child in children:
        if not any(other is not child and other.covers(child.path) for other in children):
            yield from _seen(child, mounts)
