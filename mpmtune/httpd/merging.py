"""How values of one directive from several sections come together: the modules' merge functions.

When a request comes, httpd merges the sections that are for it, the inner over the outer. Each
module merges its own part; most take the inner value where one is set, and that is what a
directive does here unless ``merging_table`` says otherwise.
"""

from __future__ import annotations

from enum import Enum
from functools import cache, lru_cache
from typing import NamedTuple

from mpmtune.httpd.directives import ACCESS_CONF, ALL_OVERRIDES, by_name
from mpmtune.httpd.merging_table import (
    APART,
    NO_DIRECTORY,
    NO_DIRECTORY_MERGE,
    NO_SERVER_MERGE,
    ROWS,
)
from mpmtune.httpd.names import modern

_FILES = {"http_core": "core", "prefork": "mpm_common"}


class Kind(Enum):
    """What comes of several directives of one name, or of names that share a list."""

    LAST = "the last one wins"
    LIST = "those of one section add up, and replace those of outer sections"
    EVERY = "all are in force, the outer first"
    FIRST = "all are in force, the inner first: the first that matches wins"
    OUTER_FIRST = "all are in force, the outer first: the first that matches wins"
    KEY = "one for each key is in force, the last"
    SIGNS = "words without a sign replace, + adds and - takes away"
    ACCESS = "those of one section replace those of outer sections, unless AuthMerging joins them"
    RULES = "those of one section replace those of outer sections, unless RewriteOptions joins them"
    OWN = "each server has its own"
    UNKNOWN = "how it merges is not known: no module of httpd has it"


class Merge(NamedTuple):
    """How a directive merges.

    Attributes:
        family: Folded name of the first of all directives that share a list with it.
        kind: What comes of several.
        module: Source name of its module, with ``/directory`` or ``/server``: which of the
            module's two configurations holds it.
        wholly: The module merges nothing: where a section has any directive of it, nothing holds
            that outer sections say by directives of the module.
        apart: A server and a directory can both hold it, and one does not replace the other.
        source: Where httpd does it.
    """

    family: str
    kind: Kind
    module: str = ""
    wholly: bool = False
    apart: bool = False
    source: str = ""

    @property
    def of_server(self) -> bool:
        """Whether only servers hold it, and no directory."""
        return self.module.endswith("/server")


@lru_cache(maxsize=4096)
def merge_of(name: str) -> Merge:
    """Tell how a directive merges, by its folded name."""
    return _table().get(modern(name)) or Merge(name, Kind.UNKNOWN)


def known() -> frozenset[str]:
    """Folded names of all directives whose merging is known."""
    return frozenset(_table())


@cache
def _table() -> dict[str, Merge]:
    table = _taking_the_last()
    apart = frozenset(APART.split())
    for source, kinds in ROWS.items():
        for kind, lists in kinds.items():
            for names in lists.split():
                family, *others = names.split("+")
                for name in (family, *others):
                    row = table[name]
                    table[name] = row._replace(
                        family=family,
                        kind=Kind[kind],
                        # Without a merge function, a row is about the lines of one section.
                        source=row.source if row.wholly else source,
                    )
    for section in ("<requireall", "<requireany", "<requirenone"):
        table[section] = table["require"]
    return {name: row._replace(apart=row.family in apart) for name, row in table.items()}


def _taking_the_last() -> dict[str, Merge]:
    """Give a row to every directive of httpd's own modules that is no section."""
    no_directory, no_server = NO_DIRECTORY_MERGE.split(), NO_SERVER_MERGE.split()
    servers_only = NO_DIRECTORY.split()
    table: dict[str, Merge] = {}
    for name, (row, *_) in by_name().items():
        if row.section or not row.modules:
            continue
        module = row.modules[0]
        inside = row.flags & (ALL_OVERRIDES | ACCESS_CONF) and module not in servers_only
        part = "directory" if inside else "server"
        wholly = module in (no_directory if part == "directory" else no_server)
        does = "no merge function" if wholly else f"{part} merge"
        source = f"{_FILES.get(module, module)}.c: {does}"
        table[name] = Merge(name, Kind.LAST, f"{module}/{part}", wholly=wholly, source=source)
    return table
