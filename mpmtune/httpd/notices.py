"""What a handler says of a directive that it takes all the same: old names, useless places."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.handlers import PathKind
from mpmtune.httpd.words import split
from mpmtune.model.config import Fault, Level

if TYPE_CHECKING:
    from mpmtune.httpd.handlers import Circumstances
    from mpmtune.httpd.placement import Context
    from mpmtune.model.config import Occurrence

NOTED = frozenset(
    {
        "allowoverride",
        "defaulttype",
        "documentroot",
        "maxclients",
        "maxrequestsperchild",
        "namevirtualhost",
    }
)
"""Folded names, as typed, that may draw a notice."""

# prefork.c, worker.c, event.c: set_max_workers.
_DEPRECATED_IN = (
    ("mpm_prefork_module", "AH00188"),
    ("mpm_worker_module", "AH00324"),
    ("mpm_event_module", "AH00521"),
)
_LOCATION = frozenset({"<location", "<locationmatch"})


class Notice(NamedTuple):
    """A line that httpd prints about one directive; INFO shows with ``-e info`` only."""

    fault: Fault
    level: Level
    id: str
    text: str


def notice(
    occurrence: Occurrence, context: Context, world: Circumstances, modules: frozenset[str]
) -> Notice | None:
    """Give what httpd remarks on a directive named in ``NOTED`` that it does not refuse."""
    name = occurrence.name
    if name == "maxclients":
        number = next((ah for module, ah in _DEPRECATED_IN if module in modules), "")
        return _deprecated(number, "MaxClients", "MaxRequestWorkers")
    if name == "maxrequestsperchild":
        return _deprecated("AH00545", "MaxRequestsPerChild", "MaxConnectionsPerChild")
    if name == "documentroot":
        return _document_root(occurrence, world)
    file, line = occurrence.httpd_place
    if name == "namevirtualhost":
        text = (
            f"NameVirtualHost has no effect and will be removed in the next release {file}:{line}"
        )
        return Notice(Fault.DEPRECATED, Level.WARNING, "AH00548", text)
    # A virtual host has no LogLevel yet when its directives are walked: nothing is shown.
    if "<virtualhost" in context.around:
        return None
    if name == "defaulttype":
        return _default_type(occurrence, f"in line {line} of {file}.")
    return _allow_override(context, f"in line {line} of {file}.")


def _deprecated(number: str, old: str, new: str) -> Notice:
    text = f"{old} is deprecated, use {new} instead."
    return Notice(Fault.DEPRECATED, Level.INFO, number, text)


def _document_root(occurrence: Occurrence, world: Circumstances) -> Notice | None:
    """core.c: set_document_root; in the main server the same is an error."""
    path = world.absolute(split(occurrence.args)[0])
    if world.look(path) in {PathKind.DIRECTORY, None}:
        return None
    text = f"Warning: DocumentRoot [{path}] does not exist"
    return Notice(Fault.BAD_ARGUMENT, Level.WARNING, "AH00112", text)


def _default_type(occurrence: Occurrence, place: str) -> Notice | None:
    """core.c: set_default_type."""
    if split(occurrence.args)[0].lower() == "none":
        return None
    text = f"Ignoring deprecated use of DefaultType {place}"
    return Notice(Fault.DEPRECATED, Level.WARNING, "AH00117", text)


def _allow_override(context: Context, place: str) -> Notice | None:
    """core.c: set_override."""
    if context.around.isdisjoint(_LOCATION):
        return None
    text = f"Useless use of AllowOverride {place}"
    return Notice(Fault.NOT_ALLOWED_HERE, Level.WARNING, "AH00114", text)
