"""What is in force at one place, and what it overrides: sections met, merged on demand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mpmtune.httpd import folding
from mpmtune.httpd.authorization import Authorization
from mpmtune.httpd.directives import NOT_IN_VIRTUALHOST, find_all
from mpmtune.httpd.merging import Kind, merge_of
from mpmtune.httpd.overrides import Overrides
from mpmtune.httpd.sections import Container, Section, Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mpmtune.httpd.folding import State
    from mpmtune.httpd.merging import Merge
    from mpmtune.httpd.sections import Containers
    from mpmtune.httpd.url_mapping import Mapping
    from mpmtune.httpd.virtual_hosts import VirtualHost
    from mpmtune.model.config import Occurrence

# At server level these have a say in directories too; the rest of mod_rewrite has none there.
_BOTH = frozenset({"rewriteengine", "rewriteoptions"})
_DIRECTORY_FIRST = frozenset({"proxypass"})
_REPLACING = (Kind.LAST, Kind.LIST)
# What a virtual host says by other directives has a say here too.
_BY_ALL = (Kind.OWN, Kind.RULES, Kind.SIGNS)


@dataclass(frozen=True, slots=True, eq=False)
class InForce:
    """What is in force of one directive, or of several that share a list.

    Attributes:
        merge: The family, and how it merges.
        lines: The directives in force, in the order in which httpd looks at them.
        overridden: Those that sections which hold here say in vain.
        perhaps: Those of sections of which it is not known whether they hold here.
        words: For directives whose words have signs, what is on, in small letters; None for
            others.
    """

    merge: Merge
    lines: tuple[Occurrence, ...]
    overridden: tuple[Occurrence, ...]
    perhaps: tuple[Occurrence, ...]
    words: frozenset[str] | None

    @property
    def last(self) -> Occurrence | None:
        """The line that wins, where one does."""
        return self.lines[-1] if self.lines else None


class Configuration:
    """What holds at one place; ``MergedView`` makes it.

    Attributes:
        host: The virtual host; None for the main server.
        sections: Sections that hold, in the order in which httpd merges them.
        perhaps: Sections of which it is not known whether they hold.
        mapping: Where the URL leads; None where no URL was asked for.
        directories: Directories on the way to the file, from the root, each with a slash at its
            end; empty where no file is known.
        file: The file, or as much of its path as exists; the rest is PATH_INFO. Empty where no
            file is known.
    """

    def __init__(self, containers: Containers, host: VirtualHost | None) -> None:
        self._containers = containers
        self._inner: list[tuple[Container, ...]] = []
        self.host = host
        self.sections: tuple[Section, ...] = ()
        self.perhaps: tuple[Section, ...] = ()
        self.mapping: Mapping | None = None
        self.directories: tuple[str, ...] = ()
        self.file = ""

    @cached_property
    def servers(self) -> tuple[Container, ...]:
        """The main server, and the virtual host where there is one."""
        main = self._containers.of(None)
        host = self.host
        return (main,) if host is None else (main, self._containers.of(host.occurrence))

    def here(self, walk: Walk, paths: Iterable[str] | None = None) -> list[Section]:
        """Give the sections for a pass in what was met so far, in the order of the merge.

        Args:
            walk: The pass.
            paths: Plain paths of interest: sections with another one are left out.
        """
        found = (c.by_walk[walk] for c in self.inside() if walk in c.by_walk)
        if paths is None:
            return [section for one in found for section in one.all]
        wanted = frozenset(paths)
        return [section for one in found for section in one.near(wanted)]

    def meet(self, sections: Iterable[Section], text: Callable[[Section], str | None]) -> None:
        """Do one pass: keep the sections that hold for their text; None is one not known."""
        met: tuple[Section, ...] = ()
        for section in sections:
            of_section = text(section)
            holds = None if of_section is None else section.holds(of_section)
            if holds:
                met += (section,)
            elif holds is None:
                self.perhaps += (section,)
        self.sections += met
        self._inner.append(tuple(self._containers.of(section.occurrence) for section in met))

    def inside(self) -> Iterator[Container]:
        """Give the containers that hold here, the outer first."""
        yield from self.servers
        for containers in self._inner:
            yield from containers

    @cached_property
    def families(self) -> tuple[str, ...]:
        """Folded names of all families of which something is said here, or may be, sorted."""
        containers = (*self.inside(), *self._undecided)
        return tuple(sorted({name for container in containers for name in container.by_family}))

    @cached_property
    def _undecided(self) -> tuple[Container, ...]:
        """Sections that may hold, and those in them."""
        of = self._containers.of
        found = [of(section.occurrence) for section in self.perhaps]
        for container in found:
            found += (of(section.occurrence) for section in container.sections)
        return tuple(found)

    def find(self, name: str) -> InForce:
        """Tell what is in force of a directive, by its folded name."""
        merge = merge_of(name)
        states = tuple(self._states(merge))
        lines: dict[int, Occurrence] = {}
        words: frozenset[str] | None = None
        for state in states:
            lines |= {id(line): line for line in state.in_force()}
            if isinstance(state, folding.Signed):
                words = state.signs.words
        holders = self.servers[-1:] if merge.kind is Kind.OWN else self.inside()
        said = (o for c in holders for o in c.by_family.get(merge.family, ()))
        perhaps = (o for c in self._undecided for o in c.by_family.get(merge.family, ()))
        return InForce(
            merge,
            tuple(lines.values()),
            tuple(o for o in said if id(o) not in lines and o.name != "authmerging"),
            tuple(perhaps),
            words,
        )

    def every(self) -> Iterator[InForce]:
        """Give what is in force of each family that a virtual host or a section may have."""
        for name in self.families:
            rows = find_all(name)
            if name.startswith("<") or (rows and rows[0].never_in & NOT_IN_VIRTUALHOST):
                continue
            found = self.find(name)
            if found.lines or found.overridden or found.perhaps:
                yield found

    def _states(self, merge: Merge) -> Iterator[State]:
        of_server = self._state_of_servers(merge)
        if not merge.apart:
            found = [self._state(merge) if self._inner else of_server]
        else:
            found = [of_server, self._state_apart(merge)]
            if merge.family in _DIRECTORY_FIRST:
                found.reverse()
        yield from (state for state in found if state is not None)

    def _inside(self, section: Occurrence) -> Sequence[Occurrence]:
        return self._containers.of(section).directives

    def _state_of_servers(self, merge: Merge) -> State | None:
        """Merge the servers alone."""
        servers = self.servers
        if merge.kind is Kind.OWN:
            servers = servers[-1:]
        if merge.kind is Kind.RULES and not _rewrites(servers[-1]):
            return None  # mod_rewrite.c: hook_uri2file leaves a server without directives alone
        return folding.fold(merge, (servers,), self._inside)

    def _state(self, merge: Merge) -> State | None:
        return folding.fold(merge, (self.servers, *self._inner), self._inside)

    def _state_apart(self, merge: Merge) -> State | None:
        """Merge the sections of directories and locations alone."""
        servers = tuple(
            Container(server.occurrence, [o for o in server.directives if o.name in _BOTH], ())
            for server in self.servers
        )
        return folding.fold(merge, (servers, *self._inner), self._inside)

    def of_server(self, family: str) -> Sequence[Occurrence]:
        """Give what is in force of a family for the server alone."""
        merge, containers, host = merge_of(family), self._containers, self.host
        said = containers.in_servers(merge.family)
        outer = said.get(id(None), ())
        own = outer if host is None else said.get(id(host.occurrence), ())
        if not (own or outer):
            return ()
        # Most of thousands of virtual hosts need no look at all that stands in them.
        if merge.wholly or merge.kind in _BY_ALL:
            state = self._state_of_servers(merge)
        elif merge.kind in _REPLACING and len(own or outer) == 1:
            return own or outer
        elif own:
            state = folding.fold(merge, (self.servers,), self._inside)
        else:
            return containers.of_main(merge.family, self._of_main)
        return () if state is None else state.in_force()

    def _of_main(self, family: str) -> Sequence[Occurrence]:
        state = folding.fold(merge_of(family), ((self._containers.of(None),),), self._inside)
        return () if state is None else state.in_force()

    def of_sections(self, family: str) -> Sequence[Occurrence]:
        """Give what is in force of a family for the sections met so far alone."""
        state = folding.fold(merge_of(family), ((), *self._inner), self._inside)
        return () if state is None else state.in_force()

    @property
    def authorization(self) -> Authorization:
        """Who may pass, as far as Require decides it."""
        state = self._state(merge_of("require"))
        return state.authorization if isinstance(state, folding.Required) else Authorization()

    @property
    def options(self) -> frozenset[str]:
        """The Options that are on, in small letters."""
        return self.find("options").words or frozenset()

    @cached_property
    def htaccess(self) -> tuple[tuple[str, Occurrence | None], ...]:
        """Directories whose .htaccess is read, each with the AllowOverride in force there.

        None is for one that nothing set: the file is read all the same, and refused when it holds
        a directive.
        """
        here = ((path, self.overrides_in(path)) for path in self.directories)
        return tuple((path, found.allowed_by) for path, found in here if found.is_read)

    def overrides_in(self, directory: str) -> Overrides:
        """Tell what the .htaccess of a directory on the way may hold."""
        found = Overrides()
        depth = directory.count("/") if directory != "/" else 0
        for section in self.sections:
            plain = section.walk is Walk.DIRECTORY and not section.regex
            if plain and section.components <= depth:
                said = self._containers.of(section.occurrence).by_family
                lines = (said.get(name, ()) for name in ("allowoverride", "allowoverridelist"))
                found = found.merged(line for some in lines for line in some)
        return found


def _rewrites(server: Container) -> bool:
    return any(module.startswith("mod_rewrite/") for module in server.modules)
