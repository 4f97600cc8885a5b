"""What httpd executes while it reads: the directives with EXEC_ON_READ, but for sections.

Each command is given the state and its occurrence. It changes the state or raises ``Refusal``
with httpd's words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.confparse.command import Command
from mpmtune.confparse.includes import DEPTH, Expansion
from mpmtune.confparse.paths import as_path, is_directory, kind_at, merge, within
from mpmtune.confparse.reading import OpenFile
from mpmtune.confparse.refusal import Refusal
from mpmtune.httpd import arity
from mpmtune.httpd.directives import find_all
from mpmtune.httpd.handlers import PathKind
from mpmtune.httpd.words import split
from mpmtune.model.config import Fault, Origin

if TYPE_CHECKING:
    from mpmtune.confparse.reading import Reading
    from mpmtune.model.config import Occurrence


def counted(occurrence: Occurrence) -> tuple[str, ...]:
    """Split the arguments and check their number.

    Raises:
        Refusal: when there are too many or too few.
    """
    given = split(occurrence.args)
    text = arity.refusal(find_all(occurrence.name)[0], given)
    if text is not None:
        raise Refusal(Fault.ARGUMENT_COUNT, text)
    return given


def _define(reading: Reading, occurrence: Occurrence) -> None:
    name, *value = counted(occurrence)
    _no_colon(name)
    reading.variables.define(name, "".join(value))


def _undefine(reading: Reading, occurrence: Occurrence) -> None:
    (name,) = counted(occurrence)
    _no_colon(name)
    reading.variables.undefine(name)


def _no_colon(name: str) -> None:
    if ":" in name:
        raise Refusal(Fault.BAD_ARGUMENT, "Variable name must not contain ':'")


def _server_root(reading: Reading, occurrence: Occurrence) -> None:
    (given,) = counted(occurrence)
    path = merge("/", as_path(given))
    if _surely_no_directory(reading, path):
        raise Refusal(Fault.SERVER_ROOT, "ServerRoot must be a valid directory")
    reading.server_root = path


def _default_runtime_dir(reading: Reading, occurrence: Occurrence) -> None:
    (given,) = counted(occurrence)
    path = merge(reading.server_root, as_path(given))
    # apache2ctl makes APACHE_RUN_DIR before it starts httpd.
    made_at_start = given == reading.variables.value("APACHE_RUN_DIR")
    if not made_at_start and _surely_no_directory(reading, path):
        text = "DefaultRuntimeDir must be a valid directory, absolute or relative to ServerRoot"
        raise Refusal(Fault.SERVER_ROOT, text)


def _surely_no_directory(reading: Reading, path: str) -> bool:
    """Tell whether a directory is missing, as far as this machine can say."""
    known = kind_at(reading.files, path) if reading.start.here else None
    return known not in {PathKind.DIRECTORY, None}


def _load_module(reading: Reading, occurrence: Occurrence) -> None:
    name, file = counted(occurrence)
    path = merge(reading.server_root, as_path(file))
    if not reading.modules.load(name):
        text = f"module {name} is already loaded, skipping"
        reading.warn(Fault.MODULE_LOADED_TWICE, "AH01574", text, occurrence)
    elif _surely_no_module(reading, path):
        why = f"{path}: cannot open shared object file: No such file or directory"
        raise Refusal(Fault.LOAD_MODULE, f"Cannot load {path} into server: {why}")


def _surely_no_module(reading: Reading, path: str) -> bool:
    """Tell whether a module is missing from a directory that is there.

    Without the directory this is a machine without that httpd, and its modules are taken as good.
    """
    if not reading.start.here or not is_directory(reading.files, path.rpartition("/")[0]):
        return False
    return kind_at(reading.files, path) is PathKind.ABSENT


def _load_file(_reading: Reading, occurrence: Occurrence) -> None:
    counted(occurrence)


def _include(reading: Reading, occurrence: Occurrence) -> None:
    """Put the files that are named in the place of the directive, to be read in order."""
    (given,) = counted(occurrence)
    including = reading.opened[-1]
    if including.depth >= DEPTH:
        _too_deep(reading, including)
    path = merge(reading.server_root, as_path(given))
    expansion = Expansion(reading.files, optional=occurrence.name == "includeoptional")
    root = reading.start.root
    if root is not None and not within(root, path):
        text = f"{path} lies outside of {root}: it is not read"
        raise Refusal(Fault.INCLUDE_OUTSIDE_ROOT, text)
    origin = Origin(occurrence)
    files = [file for file in expansion.files(path) if file not in reading.blocked]
    reading.opened.extend(
        OpenFile(file, origin, reading.enclosing, including.depth + 1) for file in reversed(files)
    )


def _too_deep(reading: Reading, including: OpenFile) -> None:
    """Refuse the 129th Include; name the files that include each other, and leave them.

    httpd ends here. So that the rest can be read, all but the first of these files are given up,
    and none of them is opened again.
    """
    text = f"Exceeded maximum include depth of {DEPTH}, There appears to be a recursion."
    chain = [file for file in reading.opened if file.streams is not None]
    paths = [file.path for file in chain]
    cycle = paths[_last_before(paths, including.path) : -1]
    if not cycle:
        raise Refusal(Fault.INCLUDE_DEPTH, text)
    reading.blocked.update(cycle)
    first = next(file for file in chain if file.path in reading.blocked)
    given_up = reading.opened[reading.opened.index(first) + 1 :]
    del reading.opened[reading.opened.index(first) + 1 :]
    reading.enclosing = given_up[0].outside if given_up else reading.enclosing
    note = "The files include each other: " + " → ".join((*cycle, cycle[0])) + "."
    raise Refusal(Fault.INCLUDE_CYCLE, text, note)


def _last_before(paths: list[str], path: str) -> int:
    """Find where the last element of a list stood the time before; -1 where it did not."""
    return next((at for at in range(len(paths) - 2, -1, -1) if paths[at] == path), -1)


COMMANDS = {
    "define": Command("core_module", _define),
    "undefine": Command("core_module", _undefine),
    "serverroot": Command("core_module", _server_root),
    "defaultruntimedir": Command("core_module", _default_runtime_dir),
    "loadmodule": Command("so_module", _load_module),
    "loadfile": Command("so_module", _load_file),
    "include": Command("core_module", _include),
    "includeoptional": Command("core_module", _include),
}
