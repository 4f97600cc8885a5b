"""What a handler says of a directive that it takes all the same: old names, useless places."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.words import split
from mpmtune.model.config import Fault, Level

if TYPE_CHECKING:
    from mpmtune.httpd.handlers import Circumstances
    from mpmtune.httpd.placement import Context
    from mpmtune.model.config import Occurrence

_EVERYWHERE = frozenset({"maxclients", "maxrequestsperchild", "namevirtualhost"})
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


def draws(name: str, context: Context, world: Circumstances) -> bool:
    """Tell whether a directive, by its folded name as typed, may draw a notice here.

    A virtual host has no LogLevel yet when its directives are walked: what is logged, and not
    printed on the console, is not shown there.
    """
    in_virtual_host = "<virtualhost" in context.around
    if name == "documentroot":
        return in_virtual_host and world.look is not None
    if name == "defaulttype":
        return not in_virtual_host
    if name == "allowoverride":
        return not in_virtual_host and not context.around.isdisjoint(_LOCATION)
    return name in _EVERYWHERE


def notice(occurrence: Occurrence, world: Circumstances, modules: frozenset[str]) -> Notice | None:
    """Give what httpd remarks on a directive that it does not refuse; ``draws`` holds for it."""
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
    if name == "defaulttype":
        return _default_type(occurrence, f"in line {line} of {file}.")
    text = f"Useless use of AllowOverride in line {line} of {file}."  # core.c: set_override
    return Notice(Fault.NOT_ALLOWED_HERE, Level.WARNING, "AH00114", text)


def _deprecated(number: str, old: str, new: str) -> Notice:
    text = f"{old} is deprecated, use {new} instead."
    return Notice(Fault.DEPRECATED, Level.INFO, number, text)


def _document_root(occurrence: Occurrence, world: Circumstances) -> Notice | None:
    """core.c: set_document_root; in the main server the same is an error."""
    (path,) = split(occurrence.args)
    if world.may_be_directory(path):
        return None
    text = f"Warning: DocumentRoot [{world.absolute(path)}] does not exist"
    return Notice(Fault.BAD_ARGUMENT, Level.WARNING, "AH00112", text)


def _default_type(occurrence: Occurrence, place: str) -> Notice | None:
    """core.c: set_default_type."""
    if split(occurrence.args)[0].lower() == "none":
        return None
    text = f"Ignoring deprecated use of DefaultType {place}"
    return Notice(Fault.DEPRECATED, Level.WARNING, "AH00117", text)
