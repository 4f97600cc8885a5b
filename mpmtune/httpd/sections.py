"""What stands in the sections of a configuration, and where each section holds.

A container is the main server, a virtual host, or one section of those that httpd merges for a
request. The paths of sections are read as core.c reads them: dirsection, urlsection, filesection.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from mpmtune.httpd.merging import merge_of
from mpmtune.httpd.path_patterns import compile_pattern, is_pattern
from mpmtune.httpd.regex import compile_regex
from mpmtune.httpd.words import arguments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from mpmtune.model.config import Occurrence, Tree


class Walk(Enum):
    """The passes in which httpd collects sections for a request, in its order."""

    DIRECTORY = "ap_directory_walk"
    FILES = "ap_file_walk"
    PROXY = "proxy_walk"
    LOCATION = "ap_location_walk"
    IF = "ap_if_walk"


_WALKS = {
    "<directory": Walk.DIRECTORY,
    "<directorymatch": Walk.DIRECTORY,
    "<files": Walk.FILES,
    "<filesmatch": Walk.FILES,
    "<proxy": Walk.PROXY,
    "<proxymatch": Walk.PROXY,
    "<location": Walk.LOCATION,
    "<locationmatch": Walk.LOCATION,
    "<if": Walk.IF,
    "<elseif": Walk.IF,
    "<else": Walk.IF,
}
# Their content belongs to the section around them.
_TRANSPARENT = frozenset({"<limit", "<limitexcept"})


@dataclass(frozen=True, eq=False)
class Container:
    """A section that holds directives, or the main server.

    Attributes:
        occurrence: The section; None for the main server.
        directives: What stands in it, what stands in a ``<Limit>`` of it included, in order.
        sections: Sections in it that a request may meet, in order.
    """

    occurrence: Occurrence | None
    directives: Sequence[Occurrence]
    sections: Sequence[Section]

    @cached_property
    def by_family(self) -> Mapping[str, Sequence[Occurrence]]:
        """Its directives by the family in which they merge."""
        index: dict[str, list[Occurrence]] = {}
        for occurrence in self.directives:
            index.setdefault(merge_of(occurrence.item.name).family, []).append(occurrence)
        return index

    @cached_property
    def by_walk(self) -> Mapping[Walk, Sections]:
        """Its sections by the pass that meets them, where it has some."""
        index: dict[Walk, list[Section]] = {}
        for section in self.sections:
            index.setdefault(section.walk, []).append(section)
        return {walk: Sections(found) for walk, found in index.items()}

    @cached_property
    def modules(self) -> frozenset[str]:
        """The modules that get a configuration of their own here."""
        return frozenset(merge_of(occurrence.name).module for occurrence in self.directives)


@dataclass(frozen=True, eq=False)
class Section:
    """A section that holds for some requests.

    Attributes:
        occurrence: Where it stands.
        walk: The pass that meets it.
        path: Its path; of a directory the canonical one, which ends in a slash.
        regex: Whether the path is a regular expression.
    """

    occurrence: Occurrence
    walk: Walk
    path: str
    regex: bool

    @property
    def components(self) -> int:
        """By which sections of directories are sorted: the slashes in it; 0 for the root."""
        return 0 if self.path == "/" else self.path.count("/")

    def holds(self, text: str) -> bool | None:
        """Tell whether the section is for a path; None where that cannot be known.

        Args:
            text: The directory with its closing slash, or the whole file name where the section
                is a ``<DirectoryMatch>``; the URL path; the name of the file; the URL of the
                backend.
        """
        if self.walk is Walk.IF or "${" in self.path:
            return None
        if self.regex:
            compiled = compile_regex(self.path)
            return None if compiled is None else compiled.matches(text)
        if is_pattern(self.path):
            glob = compile_pattern(self.path, slashes=self.walk is Walk.PROXY)
            return None if glob is None else glob.matches(text)
        return _HOLDS[self.walk](self.path, text)


class Sections:
    """Sections of one container and one pass, in order; those with a plain path found by it."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self.all = sections
        self._by_path: dict[str, list[tuple[int, Section]]] = {}
        self._others: list[tuple[int, Section]] = []
        for place, section in enumerate(sections):
            plain = section.walk in _FOUND_BY_PATH and not section.regex
            if plain and "${" not in section.path and not is_pattern(section.path):
                self._by_path.setdefault(section.path, []).append((place, section))
            else:
                self._others.append((place, section))

    def near(self, paths: Iterable[str]) -> Sequence[Section]:
        """Give those with one of these paths, and all that have no plain path, in order."""
        found = [*self._others, *(one for path in paths for one in self._by_path.get(path, ()))]
        return [section for _, section in sorted(found, key=_place)]


_FOUND_BY_PATH = frozenset({Walk.DIRECTORY, Walk.FILES, Walk.LOCATION})


def _place(numbered: tuple[int, Section]) -> int:
    return numbered[0]


def location_paths(uri: str) -> Iterator[str]:
    """Give every plain path that a section of locations for a URL path may have."""
    yield ""
    at = uri.find("/")
    while at >= 0:
        yield uri[:at]
        yield uri[: at + 1]
        at = uri.find("/", at + 1)
    yield uri


def _same(path: str, text: str) -> bool:
    return path == text


def _begins(path: str, text: str) -> bool:
    return text.startswith(path)


def _is_below(path: str, text: str) -> bool:
    """Compare as ap_location_walk does: whole segments, unless the path ends in a slash."""
    return text.startswith(path) and (
        not path or path.endswith("/") or text[len(path) :][:1] in {"", "/"}
    )


_HOLDS = {
    Walk.DIRECTORY: _same,
    Walk.FILES: _same,
    Walk.PROXY: _begins,
    Walk.LOCATION: _is_below,
}


class Containers:
    """The containers of a tree; each is made when it is asked for."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._made: dict[int, Container] = {}
        self._in_servers: dict[str, Mapping[int, Sequence[Occurrence]]] = {}
        self._of_main: dict[str, Sequence[Occurrence]] = {}

    def in_servers(self, family: str) -> Mapping[int, Sequence[Occurrence]]:
        """Give the lines of a family outside of all sections, by the ``id`` of the virtual host.

        Those of the main server are at ``id(None)``. Of names that share the family, all of one
        come before all of the next.
        """
        known = self._in_servers.get(family)
        if known is None:
            known = self._in_servers[family] = self._sort_by_server(family)
        return known

    def of_main(
        self, family: str, work_out: Callable[[str], Sequence[Occurrence]]
    ) -> Sequence[Occurrence]:
        """Give what is in force of a family for the main server alone; worked out once."""
        if family not in self._of_main:
            self._of_main[family] = work_out(family)
        return self._of_main[family]

    def _sort_by_server(self, family: str) -> Mapping[int, Sequence[Occurrence]]:
        index: dict[int, list[Occurrence]] = {}
        for name, found in self._tree.by_name.items():
            for line in found if merge_of(name).family == family else ():
                around = line.enclosing
                while around is not None and around.item.name in _TRANSPARENT:
                    around = around.enclosing
                if around is None or around.item.name == "<virtualhost":
                    index.setdefault(id(around), []).append(line)
        return index

    def of(self, occurrence: Occurrence | None) -> Container:
        """Give what stands in a section, or in the main server."""
        key = id(occurrence)
        made = self._made.get(key)
        if made is None:
            directives: list[Occurrence] = []
            sections: list[Section] = []
            for child in self._inside(occurrence):
                if child.item.name in _WALKS:
                    sections.append(read_section(child))
                else:
                    directives.append(child)
            made = self._made[key] = Container(occurrence, tuple(directives), tuple(sections))
        return made

    def _inside(self, occurrence: Occurrence | None) -> Iterator[Occurrence]:
        left = [iter(self.children.get(id(occurrence), ()))]
        while left:
            for child in left[-1]:
                name = child.item.name
                if name in _TRANSPARENT:
                    left.append(iter(self.children.get(id(child), ())))
                    break
                if name != "<virtualhost":
                    yield child
            else:
                left.pop()

    @cached_property
    def children(self) -> Mapping[int, Sequence[Occurrence]]:
        """What stands right inside of each section, by the section's ``id``."""
        index: dict[int, list[Occurrence]] = {}
        around = -1
        into: list[Occurrence] = []
        for occurrence in self._tree.occurrences:
            # Hot: once for every directive of the configuration.
            key = id(occurrence.enclosing)
            if key != around:
                around, into = key, index.setdefault(key, [])
            into.append(occurrence)
        return index


def read_section(occurrence: Occurrence) -> Section:
    """Read the path of a section that holds for some requests."""
    walk = _WALKS[occurrence.name]
    words = arguments(occurrence.item.name, occurrence.item.args)
    regex = occurrence.name.endswith("match")
    if not regex and words[:1] == ("~",):
        regex, words = True, words[1:]
    path = words[0] if words else ""
    if walk is Walk.DIRECTORY and not regex and "${" not in path:
        path = canonical_directory(path)
    if walk is Walk.PROXY and path[:6].lower() == "proxy:":
        path = path[6:]
    return Section(occurrence, walk, path, regex)


@lru_cache(maxsize=1 << 16)
def canonical_directory(path: str) -> str:
    """Write a directory as httpd compares it: one slash between names and one at the end."""
    normal = posixpath.normpath(path) if path else ""
    return "/" if normal in {"/", "//"} else f"{normal.replace('//', '/', 1)}/"
