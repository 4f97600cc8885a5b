"""What tests of the merged view share: the tree of a started server, and the files here."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd.handlers import PathKind
from tests.httpd.trees import a_target
from tests.live.private_httpd import version

if TYPE_CHECKING:
    from mpmtune.model.config import Tree
    from tests.live.private_httpd import PrivateHttpd


def look(path: str) -> PathKind:
    """Tell what stands at a path of this machine."""
    if os.path.isdir(path):
        return PathKind.DIRECTORY
    return PathKind.OTHER if os.path.exists(path) else PathKind.ABSENT


def read(server: PrivateHttpd) -> Tree:
    """Read the configuration that a server was started with."""
    path, target = str(server.conf), a_target(version=version()[:3])  # type: ignore[arg-type]  # three
    files = MemoryFiles({path: server.conf.read_bytes()})
    return evaluate(files, Start(path, target, here=False))
