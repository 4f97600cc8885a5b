"""The files of a host as a configuration may name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent
from mpmtune.host.opening import KERNEL_FILE, is_kernel_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.host.doorway import Entry, Files


class ConfigurationFiles:
    """Passes on to a host what may be configuration, and refuses the kernel's own files.

    A host reads ``/proc`` and ``/sys`` for whoever asks for them by name; an ``Include`` of such a
    file would show environments, or take messages of the kernel away from their reader.

    Args:
        files: The host.
    """

    def __init__(self, files: Files) -> None:
        self._files = files

    def read(self, path: str) -> bytes | Absent:
        """Read a regular file whole."""
        return Absent(path, KERNEL_FILE) if is_kernel_path(path) else self._files.read(path)

    def stream(self, path: str) -> Iterator[bytes]:
        """Read a regular file in pieces; nothing comes of a file of the kernel."""
        return iter(()) if is_kernel_path(path) else self._files.stream(path)

    def glob(self, pattern: str) -> tuple[str, ...]:
        """Expand a pattern in httpd's order; raises InputError when it reaches too far."""
        return self._files.glob(pattern)

    def entry(self, path: str) -> Entry | Absent:
        """Look at a path without following a link at its end."""
        return self._files.entry(path)
