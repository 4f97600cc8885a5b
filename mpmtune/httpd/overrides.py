"""What a .htaccess may hold: AllowOverride and AllowOverrideList (core.c, request.c).

Only sections of directories with a plain path have a say; httpd reads their files while it walks
down to the file that is asked for (request.c: core_opts_merge).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mpmtune.httpd import directives
from mpmtune.httpd.placement import Context
from mpmtune.httpd.words import split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.model.config import Occurrence

_CLASSES = {
    "limit": directives.LIMIT,
    "options": directives.OPTIONS,
    "fileinfo": directives.FILEINFO,
    "authconfig": directives.AUTHCONFIG,
    "indexes": directives.INDEXES,
    "all": directives.ALL_OVERRIDES,
}
_NONFATAL = {
    "override": frozenset({"override"}),
    "unknown": frozenset({"unknown"}),
    "all": frozenset({"override", "unknown"}),
}
_EVERY_OPTION = "all"
_NOTHING = Context(0, htaccess=True)


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the .htaccess of a directory may hold.

    Attributes:
        context: How it is judged where each of its directives stands.
        allowed_by: The AllowOverride in force; None for none: the file is read, and refused as
            soon as it holds a directive.
        listed_by: The AllowOverrideList in force.
    """

    context: Context = _NOTHING
    allowed_by: Occurrence | None = None
    listed_by: Occurrence | None = None

    @property
    def is_read(self) -> bool:
        """Whether httpd looks for the file at all."""
        if self.allowed_by is None:
            return True
        return bool(self.context.override or self.context.listed or self.context.nonfatal)

    def merged(self, lines: Iterable[Occurrence]) -> Overrides:
        """Merge the AllowOverride and AllowOverrideList lines of an inner section over this."""
        made = self
        for line in lines:
            if line.name == "allowoverride":
                made = replace(made, context=_allowed(made.context, line), allowed_by=line)
            else:
                listed = frozenset(word.lower() for word in split(line.args)) - {"none"}
                made = replace(made, context=replace(made.context, listed=listed), listed_by=line)
        return made


def _allowed(context: Context, line: Occurrence) -> Context:
    """core.c: set_override; each line begins anew."""
    classes, options, nonfatal = 0, None, frozenset[str]()
    for word in split(line.args):
        name, _, values = word.lower().partition("=")
        classes |= _CLASSES.get(name, 0)
        if name == "nonfatal":
            nonfatal |= _NONFATAL.get(values, frozenset())
        if name == "options" and values:
            named = frozenset(values.split(","))
            options = None if _EVERY_OPTION in named else named
    return replace(context, override=classes, options=options, nonfatal=nonfatal)
