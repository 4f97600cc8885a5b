"""Which host a command asks: this machine, a recorded one, or a bare tree."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mpmtune.errors import InputError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.host.doorway import Host

_TREES = ("proc", "sys", "etc")


def open_host(directory: str | None) -> Host:
    """Open the host that ``--host`` names; this machine when it names none.

    Raises:
        InputError: when the directory is neither a snapshot nor a bare tree.
    """
    if directory is None:
        from mpmtune.host.local import LocalHost

        return LocalHost()
    if not os.path.isdir(directory):
        raise InputError(
            f"--host {printable(directory)} is not a directory.",
            "Name a directory that mpmtune snapshot wrote, or one with proc/, sys/ or etc/.",
        )
    if os.path.lexists(os.path.join(directory, "answers.json")):
        from mpmtune.host.snapshot import SnapshotHost

        return SnapshotHost(directory)
    if any(os.path.isdir(os.path.join(directory, tree)) for tree in _TREES):
        from mpmtune.host.bare_tree import BareTree

        return BareTree(directory)
    raise InputError(
        f"--host {printable(directory)} holds no machine: no answers.json, proc/, sys/ or etc/.",
        "Name a directory that mpmtune snapshot wrote, or one with proc/, sys/ or etc/.",
    )
