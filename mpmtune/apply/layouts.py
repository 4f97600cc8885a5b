"""How the configuration is laid out where it can be written, and what lies there now."""

from __future__ import annotations

import os
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from mpmtune.apply.debian_marks import CONF, MODULE, directories_of_marks, marks
from mpmtune.errors import InputError
from mpmtune.host.doorway import Absent, EntryKind
from mpmtune.model.changes import Link, Regular
from mpmtune.model.server import Mpm
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mpmtune.host.doorway import Files
    from mpmtune.model.changes import State
    from mpmtune.model.config import Tree
    from mpmtune.model.server import Server

# Read last of what lies beside it, for the last value counts; the name that a2disconf takes.
SNIPPET = "zz-mpmtune.conf"
_DEBIAN = ("mods-available", "mods-enabled", "conf-available", "conf-enabled")
_RED_HAT = ("conf.d", "conf.modules.d")


@dataclass(frozen=True, slots=True)
class Debian:
    """Debian's layout: a link in ``*-enabled`` for each file of ``*-available`` that counts.

    Attributes:
        root: ServerRoot, without links.
        owner: User and group of what is new there.
        held: What lies at each path that a change may be about.
        marks: Directories in which is marked who has enabled what.
    """

    root: str
    owner: tuple[int, int]
    held: Mapping[str, State]
    marks: tuple[str, ...] = ()

    @property
    def snippet(self) -> str:
        """Where the snippet lies."""
        return f"{self.root}/conf-available/{SNIPPET}"

    @property
    def enabled(self) -> str:
        """The link that has it read."""
        return f"{self.root}/conf-enabled/{SNIPPET}"

    def module(self, mpm: Mpm, suffix: str) -> str:
        """Give the link of an MPM: ``load`` or ``conf``."""
        return f"{self.root}/mods-enabled/mpm_{mpm.value}.{suffix}"

    def available(self, mpm: Mpm, suffix: str) -> str:
        """Give the file that it leads to."""
        return f"{self.root}/mods-available/mpm_{mpm.value}.{suffix}"


@dataclass(frozen=True, slots=True)
class RedHat:
    """The layout of RHEL and its kin: ``conf.d``, and one file that chooses the MPM.

    Attributes:
        root: ServerRoot, without links.
        owner: User and group of what is new there.
        held: What lies at each path that a change may be about.
        chooser: The file with the LoadModule of the MPM; empty where it was not found.
    """

    root: str
    owner: tuple[int, int]
    held: Mapping[str, State]
    chooser: str

    @property
    def snippet(self) -> str:
        """Where the snippet lies."""
        return f"{self.root}/conf.d/{SNIPPET}"


@dataclass(frozen=True, slots=True)
class ByHand:
    """A layout that is left to its administrator; ``why`` is a clause."""

    why: str


Layout = Debian | RedHat


def read_layout(files: Files, server: Server) -> Layout | ByHand:
    """Find out how the configuration of a server is laid out.

    Raises:
        InputError: if a path that would be changed cannot be read, or belongs to another user.
    """
    if not isinstance(server.server_root, str) or server.tree is None:
        return ByHand("its configuration could not be read")
    root = os.path.realpath(server.server_root)
    if _has(files, root, _DEBIAN):
        return _debian(files, root)
    if _has(files, root, _RED_HAT):
        return _red_hat(files, root, server.tree)
    return ByHand(f"{printable(root)} is laid out neither as Debian nor as RHEL does it")


def _debian(files: Files, root: str) -> Debian:
    layout = Debian(root, _owner(files, f"{root}/conf-available"), {})
    modules = [
        path
        for mpm in Mpm
        for suffix in ("load", "conf")
        for path in (layout.module(mpm, suffix), layout.available(mpm, suffix))
    ]
    directories = directories_of_marks(files, root)
    marked = [
        *marks(directories, CONF, SNIPPET.removesuffix(".conf")),
        *(path for mpm in Mpm for path in marks(directories, MODULE, f"mpm_{mpm.value}")),
    ]
    held = _held(files, (layout.snippet, layout.enabled, *modules, *marked))
    return Debian(root, layout.owner, held, directories)


def _red_hat(files: Files, root: str, tree: Tree) -> RedHat:
    chooser = next(
        (
            place
            for found in tree.by_name.get("loadmodule", ())
            if found.args.startswith("mpm_")
            and dirname(place := os.path.realpath(found.source.path)) == f"{root}/conf.modules.d"
        ),
        "",
    )
    layout = RedHat(root, _owner(files, f"{root}/conf.d"), {}, chooser)
    paths = (layout.snippet, chooser) if chooser else (layout.snippet,)
    return RedHat(root, layout.owner, _held(files, paths), chooser)


def _has(files: Files, root: str, directories: Iterable[str]) -> bool:
    entries = (files.entry(f"{root}/{name}") for name in directories)
    return all(
        not isinstance(entry, Absent) and entry.kind is EntryKind.DIRECTORY for entry in entries
    )


def _owner(files: Files, directory: str) -> tuple[int, int]:
    entry = files.entry(directory)
    return (0, 0) if isinstance(entry, Absent) else (entry.owner, entry.group)


def _held(files: Files, paths: Iterable[str]) -> dict[str, State]:
    return {path: state_of(files, path) for path in paths}


def state_of(files: Files, path: str) -> State:
    """Look at a path.

    Raises:
        InputError: if it cannot be read, or is neither file nor link.
    """
    entry = files.entry(path)
    if isinstance(entry, Absent):
        if entry.missing:
            return None
        raise InputError(f"{printable(path)} cannot be read: {entry.why}.")
    if entry.target is not None:
        return Link(entry.target)
    content = files.read(path)
    if isinstance(content, Absent):
        raise InputError(f"{printable(path)} cannot be read: {content.why}.")
    return Regular(content, entry.mode, entry.owner, entry.group)


def leads_to(path: str, link: Link) -> str:
    """Give the path that a link at ``path`` names."""
    return normpath(join(dirname(path), link.target))
