"""Which directives are in force for a URL, a directory or a server.

``MergedView`` is for a whole configuration; it finds virtual hosts and reads sections when they
are asked for, and keeps what it read. What it gives for one place is a ``Configuration``: the
sections that hold there, met in the passes that httpd makes (request.c), and on demand what they
come to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.handlers import Circumstances, PathKind
from mpmtune.httpd.in_force import Configuration
from mpmtune.httpd.sections import (
    Containers,
    Section,
    Walk,
    canonical_directory,
    location_paths,
)
from mpmtune.httpd.url_mapping import How, map_url, request_path
from mpmtune.httpd.virtual_hosts import VirtualHosts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mpmtune.httpd.virtual_hosts import VirtualHost
    from mpmtune.model.config import Tree

    Look = Callable[[str], PathKind | None]


class MergedView:
    """A configuration, and what is in force where.

    Args:
        tree: The configuration as read.
        look: Tells what stands at an absolute path, None where it is not known; without it, and
            there, every directory on the way to a file is taken to exist.
    """

    def __init__(self, tree: Tree, look: Look | None = None) -> None:
        self.tree = tree
        self.hosts = VirtualHosts(tree)
        self.containers = Containers(tree)
        self._look = look
        self._resolve = Circumstances(tree.target.version, tree.server_root, frozenset()).absolute

    def server(self, host: VirtualHost | None) -> Configuration:
        """Tell what holds for a server, outside of all sections."""
        return Configuration(self.containers, host)

    def directory(self, host: VirtualHost | None, path: str) -> Configuration:
        """Tell what holds in a directory of the file system, whatever URL leads there."""
        made = Configuration(self.containers, host)
        names = canonical_directory(path).strip("/").split("/")
        made.directories = _directories([name for name in names if name])
        self._meet_directories(made, path if path.endswith("/") else f"{path}/")
        return made

    def url(self, host: VirtualHost | None, path: str) -> Configuration:
        """Tell what holds for a URL.

        Args:
            host: The server that it is for (``hosts.select``).
            path: What follows the host in the URL.
        """
        uri = request_path(path)
        made = Configuration(self.containers, host)
        located = Configuration(self.containers, host)
        locations = made.here(Walk.LOCATION, location_paths(uri))
        located.meet(locations, lambda _: uri)
        made.mapping = mapping = map_url(uri, located.of_server, located.of_sections, self._resolve)
        if mapping.how is How.BACKEND:
            backend = mapping.target or None
            made.meet(made.here(Walk.PROXY), lambda _: backend)
        elif mapping.how is How.FILE:
            made.directories, made.file = self._walked(mapping.target)
            if self._is_file(made.file, mapping.target) and self._seems_directory(made):
                made.directories += (f"{made.file}/",)
            self._meet_directories(made, made.file)
            base = made.file.rpartition("/")[2]
            made.meet(made.here(Walk.FILES, (base,)), lambda _: base)
        else:
            everywhere = _by_depth(made.here(Walk.DIRECTORY))
            made.meet(everywhere, lambda section: "/" if section.path == "/" else None)
            made.meet(made.here(Walk.FILES), lambda _: None)
        made.meet(locations, lambda _: uri)
        made.meet(made.here(Walk.IF), lambda _: None)
        return made

    def _meet_directories(self, made: Configuration, name: str) -> None:
        """ap_directory_walk: by number of names in the path, then those with a regex."""
        near = _by_depth(made.here(Walk.DIRECTORY, made.directories))
        made.meet(near, lambda section: _text_for(section, made, name))

    def _seems_directory(self, made: Configuration) -> bool:
        """Tell whether httpd takes the file for one more directory.

        Where links may be followed, it does not look at what is on the way to a file that it
        knows to exist, the file itself included.
        """
        file = f"{made.file}/"
        near = made.here(Walk.DIRECTORY, (file,))
        if not any(s.holds(file) for s in near if not s.regex and s.components > 1):
            return False
        way = Configuration(self.containers, made.host)
        way.directories = made.directories
        plain = [s for s in made.here(Walk.DIRECTORY, made.directories) if not s.regex]
        way.meet(_by_depth(plain), lambda section: _text_for(section, way, ""))
        return "followsymlinks" in way.options and "symlinksifownermatch" not in way.options

    def _is_file(self, file: str, target: str) -> bool:
        """Tell whether a URL leads to a file that exists, and to no path behind it."""
        if file != target or file.endswith("/"):
            return False
        kind = self._look(file) if self._look is not None else None
        return kind not in {PathKind.DIRECTORY, PathKind.ABSENT}

    def _walked(self, file: str) -> tuple[tuple[str, ...], str]:
        """Give the directories on the way to a file, and how far the way can be gone."""
        names = [name for name in file.split("/") if name]
        path = ""
        for at, name in enumerate(names):
            path += f"/{name}"
            kind = self._look(path) if self._look is not None else None
            ends = at == len(names) - 1 and not file.endswith("/")
            if ends if kind is None else kind is not PathKind.DIRECTORY:
                return _directories(names[:at]), path
        return _directories(names), f"{path}/" if file.endswith("/") else path


def _by_depth(sections: Sequence[Section]) -> Sequence[Section]:
    """Sort as core.c: ap_core_reorder_directories does; of a regex too, slashes are counted."""
    return sorted(sections, key=lambda section: (section.regex, section.components))


def _text_for(section: Section, made: Configuration, name: str) -> str:
    """Give the directory that a section must be for: that with as many names, or the file."""
    if section.regex:
        return name
    depth, reached = section.components, made.directories
    return reached[max(0, depth - 1)] if depth <= len(reached) else ""


def _directories(names: Sequence[str]) -> tuple[str, ...]:
    """``a, b``: ``/``, ``/a/``, ``/a/b/``."""
    found = ["/"]
    for name in names:
        found.append(f"{found[-1]}{name}/")
    return tuple(found)
