"""A whole configuration for lint: where its tree belongs, and how its files are shown."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.confparse.automatic import Assumed, automatic
from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.fragments import read_with_all_modules
from mpmtune.confparse.paths import as_path, is_directory, join, merge, within
from mpmtune.confparse.rerooted import RerootedFiles
from mpmtune.confparse.start import Start
from mpmtune.host.doorway import Absent
from mpmtune.httpd.targets import TARGETS
from mpmtune.httpd.words import split
from mpmtune.lint.engine import Reading
from mpmtune.lint.rule import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mpmtune.host.doorway import Files
    from mpmtune.model.config import Target, Tree
    from mpmtune.model.httpd import Mpm

_SERVER_ROOT = re.compile(
    rb'^[ \t]*ServerRoot[ \t]+(?:"([^"\r\n]*)"|([^\s"]+))', re.IGNORECASE | re.MULTILINE
)


class Assumptions(NamedTuple):
    """What is assumed where a configuration does not say it.

    Attributes:
        directory: The working directory, absolute: paths below it are shown relative to it.
        target: The httpd; None to choose by where a file lies and what lies beside it.
        system: Finds out what the distribution of this machine has: asked where a main file lies
            in the place of one, so that a copy is judged alike on each machine.
        version: Version of httpd; None for the target's.
        mpm: The MPM, whatever is loaded.
        defines: Names given with ``-D``.
        root: Nothing outside this directory is read.
        written_names: Names that a rule wants to see in false sections too.
        environment: What ``${}`` finds beyond Define, by ServerRoot; None for what the target's
            package sets.
    """

    directory: str = "/"
    target: Target | None = None
    system: Callable[[], Target | None] = lambda: None
    version: tuple[int, int, int] | None = None
    mpm: Mpm | None = None
    defines: tuple[str, ...] = ()
    root: str | None = None
    written_names: frozenset[str] = frozenset()
    environment: Callable[[str], Mapping[str, str]] | None = None

    def versioned(self, target: Target) -> Target:
        """Give a target the version that was asked for."""
        return target if self.version is None else replace(target, version=self.version)

    def shown(self, path: str) -> str:
        """Show a path as a reader sees it from the working directory."""
        if self.directory == "/":  # another host's files, or nothing to leave out
            return path
        inside = within(self.directory, path) and path != self.directory
        return path[len(join(self.directory, "")) :] if inside else path


def read_whole(files: Files, conf: str, assumptions: Assumptions) -> Reading:
    """Read a main file and all that it includes.

    A tree that was copied from its place, as in a repository, is read as if it lay there:
    absolute paths into its ServerRoot find the copy, and what lies outside is not read. One
    without the files that load its modules is a fragment: nobody knows what they load.

    Raises:
        InputError: when the main file cannot be read.
    """
    assumed = _assumed(files, conf, assumptions)
    moved = _moved(files, assumed, assumptions)
    home = assumed.target.server_root if moved is None else moved.there
    start = Start(
        conf if moved is None else moved.conf,
        assumptions.versioned(assumed.target),
        server_root=assumed.server_root if moved is None else moved.there,
        defines=assumptions.defines,
        environment=_environment(assumed, home, assumptions),
        mpm=assumptions.mpm,
        root=assumptions.root if moved is None else moved.there,
        here=moved is None and assumptions.root is None and assumptions.target is None,
        keep_written=bool(assumptions.written_names),
        written_names=assumptions.written_names,
    )
    if moved is None:
        return Reading((evaluate(files, start),), Scope.WHOLE, assumptions.shown)
    copy = RerootedFiles(files, moved.there, moved.here)
    shown = partial(_shown, copy, assumptions)
    tree = evaluate(copy, start)
    if not _lacks_modules(copy, tree):
        return Reading((tree,), Scope.WHOLE, shown, belongs=copy.home)
    return Reading(read_with_all_modules(copy, start), Scope.FRAGMENT, shown)


def _lacks_modules(files: Files, tree: Tree) -> bool:
    """Tell whether a copy was made without the files that load its modules (``mods-enabled``)."""
    for name in ("include", "includeoptional"):
        for include in tree.by_name.get(name, ()):
            path = merge(tree.server_root, as_path(" ".join(split(include.args))))
            if "mod" in path and not files.glob(path):
                return True
    return False


def _shown(copy: RerootedFiles, assumptions: Assumptions, path: str) -> str:
    return assumptions.shown(copy.place(path))


class _Moved(NamedTuple):
    """A tree that was taken from its place: where it belongs, where it lies, its main file there."""

    there: str
    here: str
    conf: str


def _assumed(files: Files, conf: str, assumptions: Assumptions) -> Assumed:
    if assumptions.target is not None:
        return Assumed(assumptions.target, conf)
    at_home = any(conf == target.conf for target in TARGETS.values())
    found = automatic(files, conf, assumptions.system() if at_home else None)
    assert found is not None  # a file was named
    return found


def _environment(assumed: Assumed, home: str, assumptions: Assumptions) -> Mapping[str, str]:
    own = assumed.target.environment
    return own if assumptions.environment is None else {**own, **assumptions.environment(home)}


def _moved(files: Files, assumed: Assumed, assumptions: Assumptions) -> _Moved | None:
    """Find out whether a tree is a copy; None when it lies where it belongs."""
    conf, target = assumed.conf, assumed.target
    if conf == target.conf or not conf.startswith("/"):
        return None
    here = assumed.server_root or _above_conf(posixpath.dirname(conf))
    there = _written_server_root(files, conf)
    if there is None:
        there = target.server_root
    elif _is_there(files, there, assumptions.root):
        return None
    if there == here or not there.startswith("/"):
        return None
    return _Moved(there, here, join(there, conf[len(join(here, "")) :]))


def _above_conf(directory: str) -> str:
    """Give ServerRoot for the usual layout: ``conf/httpd.conf`` lies below it."""
    above, name = posixpath.split(directory)
    return above if name == "conf" else directory


def _is_there(files: Files, directory: str, root: str | None) -> bool:
    return (root is None or within(root, directory)) and is_directory(files, directory)


def _written_server_root(files: Files, conf: str) -> str | None:
    content = files.read(conf)
    match = None if isinstance(content, Absent) else _SERVER_ROOT.search(content)
    if match is None:
        return None
    return posixpath.normpath((match[1] or match[2] or b"").decode("latin-1"))
