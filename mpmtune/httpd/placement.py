"""Where a directive may stand, and httpd's sentence when it stands elsewhere.

config.c: invoke_cmd first compares the flags of the command table with the section around; then
the handler may refuse by ap_check_cmd_context, which looks at all sections around. Only the first
is certain for every module; the second is what the 2.4.71 binary answered (``never_in``).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mpmtune.httpd.directives import (
    ACCESS_CONF,
    ALL_OVERRIDES,
    AUTHCONFIG,
    LIMIT,
    NOT_IN_DIRECTORY,
    NOT_IN_FILES,
    NOT_IN_LIMIT,
    NOT_IN_LOCATION,
    NOT_IN_VIRTUALHOST,
    PROXY_CONF,
    RSRC_CONF,
    find_all,
)

if TYPE_CHECKING:
    from mpmtune.httpd.directives import Directive
    from mpmtune.model.config import Occurrence

_PER_DIRECTORY = ALL_OVERRIDES | ACCESS_CONF
_SERVER = (RSRC_CONF | ALL_OVERRIDES) & ~(AUTHCONFIG | LIMIT)
_PROVIDER_ALIAS = AUTHCONFIG | ACCESS_CONF

# What a section lets its content be, where it sets that at all.
_OVERRIDE_IN = {
    "<directory": _PER_DIRECTORY,
    "<directorymatch": _PER_DIRECTORY,
    "<location": _PER_DIRECTORY,
    "<locationmatch": _PER_DIRECTORY,
    "<files": _PER_DIRECTORY,
    "<filesmatch": _PER_DIRECTORY,
    "<if": _PER_DIRECTORY,
    "<elseif": _PER_DIRECTORY,
    "<else": _PER_DIRECTORY,
    "<proxy": _PER_DIRECTORY | PROXY_CONF,
    "<proxymatch": _PER_DIRECTORY | PROXY_CONF,
    "<requireall": AUTHCONFIG,
    "<requireany": AUTHCONFIG,
    "<requirenone": AUTHCONFIG,
    "<authnprovideralias": _PROVIDER_ALIAS,
    "<authzprovideralias": _PROVIDER_ALIAS,
}
_IN_DIRECTORY = ("<directory", "<directorymatch")
_IN_LOCATION = ("<location", "<locationmatch")
_IN_FILES = ("<files", "<filesmatch", "<if", "<elseif", "<else")
# mod_authz_core.c: add_authz_section pretends to be a <Limit> for the checks below it.
_LIMITING = frozenset({"<limit", "<limitexcept", "<requireall", "<requireany", "<requirenone"})
_VIRTUAL_HOST = frozenset({"<virtualhost"})
_TELLING = frozenset(_OVERRIDE_IN) | _LIMITING | _VIRTUAL_HOST


@dataclass(frozen=True, slots=True)
class Context:
    """The sections around a directive, as far as placement depends on them.

    Attributes:
        override: Classes of directives that the nearest section admits.
        around: Folded names of the sections around that a handler may ask for.
        htaccess: The file is a .htaccess; its sections don't widen what is admitted.
        listed: Folded names that AllowOverrideList admits besides.
        options: Folded words that ``AllowOverride Options=`` admits; None for all.
        nonfatal: ``override`` and ``unknown``, as far as AllowOverride makes httpd pass over
            such a directive.
    """

    override: int
    around: frozenset[str] = frozenset()
    htaccess: bool = False
    listed: frozenset[str] = frozenset()
    options: frozenset[str] | None = None
    nonfatal: frozenset[str] = frozenset()
    _inner: dict[str, Context] = field(default_factory=dict, init=False, compare=False, repr=False)

    def inside(self, section: str) -> Context:
        """Give the context of what stands in a section of this one; made once for each name."""
        inner = self._inner.get(section)
        if inner is None:
            inner = self._inner[section] = self._within(section)
        return inner

    @property
    def in_directory(self) -> bool:
        """Whether a path is set: any section below the virtual host, or a .htaccess."""
        return self.htaccess or bool(self.around - _VIRTUAL_HOST)

    def _within(self, section: str) -> Context:
        """Sections that change nothing share a context, so that deep nesting makes no more."""
        admits = self._admits(section)
        around = self.around | ({section} & _TELLING)
        if admits == self.override and around == self.around:
            return self
        return replace(self, override=admits, around=around)

    def _admits(self, section: str) -> int:
        wider = section in _OVERRIDE_IN and not (self.htaccess and section in _IN_FILES)
        return _OVERRIDE_IN[section] if wider else self.override

    def admits(self, row: Directive) -> bool:
        """Tell whether the flags of the command table let a directive stand here."""
        return bool(self.override & row.flags) or row.name.lower() in self.listed

    def breach(self, row: Directive) -> int:
        """Give the first ``NOT_IN_*`` that the handler of a directive meets here, or 0."""
        never = row.never_in
        if not never or not self.around:
            return 0
        return next((bit for bit, names in _BREACHES if never & bit and self.around & names), 0)


SERVER = Context(_SERVER)
"""The main file, outside of all sections."""

HTACCESS = Context(ALL_OVERRIDES, htaccess=True)
"""A .htaccess file under ``AllowOverride All``."""

# In the order of ap_check_cmd_context.
_BREACHES = (
    (NOT_IN_VIRTUALHOST, _VIRTUAL_HOST),
    (NOT_IN_LIMIT, _LIMITING),
    (NOT_IN_DIRECTORY, frozenset(_IN_DIRECTORY)),
    (NOT_IN_LOCATION, frozenset(_IN_LOCATION)),
    (NOT_IN_FILES, frozenset(_IN_FILES)),
)
_FOUND_BY = {
    NOT_IN_DIRECTORY: _IN_DIRECTORY,
    NOT_IN_LOCATION: _IN_LOCATION,
    NOT_IN_FILES: _IN_FILES,
}


def typed(occurrence: Occurrence) -> str:
    """Give a name as it was typed, without the bracket that ends ``<RequireAll>``."""
    return occurrence.item.spelling[: len(occurrence.name)]


def _named(section: Occurrence) -> str:
    """Name a section as ap_build_config_sub keeps it: from the command table, where it is known."""
    rows = find_all(section.name)
    return rows[0].name if rows else typed(section)


def not_admitted(row: Directive, occurrence: Occurrence) -> str:
    """Word what invoke_cmd says when the flags forbid a directive where it stands."""
    if occurrence.enclosing is None:
        return f"{row.name} not allowed here"
    return f"{row.name} not allowed in {_named(occurrence.enclosing)}> context"


def passed_over(row: Directive) -> str:
    """Word what invoke_cmd says where AllowOverride makes a breach of it ``Nonfatal``: AH02295."""
    return f"{row.name} in .htaccess forbidden by AllowOverride"


def cannot_occur(row: Directive, occurrence: Occurrence, breach: int) -> str:
    """Word what ap_check_cmd_context says of a breach."""
    name = f"{row.name}>" if row.section else row.name
    if breach == NOT_IN_VIRTUALHOST:
        return f"{name} cannot occur within <VirtualHost> section"
    if breach == NOT_IN_LIMIT:
        return f"{name} cannot occur within <Limit> or <LimitExcept> section"
    around = occurrence.sections()
    spellings = {section.name: _named(section) for section in around}
    found = next(spellings[section] for section in _FOUND_BY[breach] if section in spellings)
    return f"{name} cannot occur within {found}> section"
