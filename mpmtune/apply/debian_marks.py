"""Debian's marks: empty files that say who has enabled or disabled a module or a configuration.

``a2enmod`` leaves them, ``a2query`` and the scripts of packages read them. A package that needs
another MPM, as mod_php needs prefork, exchanges it at its installation, unless that MPM was
disabled by the administrator (apache2-maintscript-helper, apache2_switch_mpm). So a change of MPM
leaves the marks of one who has typed ``a2dismod`` and ``a2enmod``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mpmtune.detect.envvars import detect_envvars
from mpmtune.host.doorway import Absent, EntryKind
from mpmtune.model.changes import FileChange, Regular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mpmtune.apply.layouts import Debian
    from mpmtune.host.doorway import Files
    from mpmtune.model.changes import Change

MODULE, CONF = "module", "conf"
_MODE = 0o644
# Both tools look there for this ServerRoot alone; a2enmod lets its environment name another place.
_ROOT, _USUAL, _VARIABLE = "/etc/apache2", "/var/lib/apache2", "APACHE_STATE_DIRECTORY"


def directories_of_marks(files: Files, root: str) -> tuple[str, ...]:
    """Find the directories in which the marks of a ServerRoot lie, one for each kind."""
    named = dict(detect_envvars(files, root).values).get(_VARIABLE, "")
    place = named or (_USUAL if root == _ROOT else "")
    found = (f"{os.path.realpath(place)}/{kind}" for kind in (MODULE, CONF))
    return tuple(path for path in found if place.startswith("/") and _is_directory(files, path))


def marks(directories: Iterable[str], kind: str, name: str) -> tuple[str, ...]:
    """Give the paths at which something is marked: first as enabled by the administrator."""
    return tuple(
        f"{directory}/{done}_by_{by}/{name}"
        for directory in directories
        if directory.endswith(f"/{kind}")
        for by in ("admin", "maint")
        for done in ("enabled", "disabled")
    )


def enabled(layout: Debian, kind: str, name: str) -> Iterator[Change]:
    """Mark something as enabled by the administrator."""
    return _marked(layout, marks(layout.marks, kind, name), 0)


def disabled(layout: Debian, kind: str, name: str) -> Iterator[Change]:
    """Mark something as disabled by the administrator."""
    return _marked(layout, marks(layout.marks, kind, name), 1)


def _marked(layout: Debian, paths: Sequence[str], wanted: int) -> Iterator[Change]:
    """Leave one mark of all, as a2enmod does."""
    for at, path in enumerate(paths):
        held = layout.held[path]
        if at == wanted and held is None:
            yield FileChange(path, None, Regular(b"", _MODE, *layout.owner))
        elif at != wanted and held is not None:
            yield FileChange(path, held, None)


def _is_directory(files: Files, path: str) -> bool:
    entry = files.entry(path)
    return not isinstance(entry, Absent) and entry.kind is EntryKind.DIRECTORY
