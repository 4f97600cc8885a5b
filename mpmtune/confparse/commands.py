"""What httpd executes while it reads: the directives with EXEC_ON_READ, but for sections.

Each command is given the state and its occurrence. It changes the state or raises ``Refusal``
with httpd's words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.confparse.command import Command
from mpmtune.confparse.includes import DEPTH, Expansion
from mpmtune.confparse.paths import as_path, followed, is_directory, kind_at, merge, within
from mpmtune.confparse.reading import OpenFile
from mpmtune.confparse.refusal import Refusal
from mpmtune.host.doorway import Absent
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
        _too_deep(reading)
    path = merge(reading.server_root, as_path(given))
    expansion = Expansion(reading.files, optional=occurrence.name == "includeoptional")
    root = reading.start.root
    if root is not None and not within(root, path):
        text = f"{path} lies outside of {root}: it is not read"
        raise Refusal(Fault.INCLUDE_OUTSIDE_ROOT, text)
    origin = Origin(occurrence)
    found = expansion.files(path)
    if reading.blocked:
        found = tuple(file for file in found if _identity(reading, file) not in reading.blocked)
    reading.opened.extend(
        OpenFile(file, origin, reading.enclosing, including.depth + 1) for file in reversed(found)
    )


def _too_deep(reading: Reading) -> None:
    """Refuse the 129th Include; name the files that include each other, and leave them.

    httpd ends here. So that the rest can be read, all but the first of these files are given up,
    and none of them is opened again, by whatever name.
    """
    text = f"Exceeded maximum include depth of {DEPTH}, There appears to be a recursion."
    chain = [file for file in reading.opened if file.streams is not None]
    known = [_identity(reading, file.path) for file in chain]
    if known.count(known[-1]) == 1:
        raise Refusal(Fault.INCLUDE_DEPTH, text)
    before = len(known) - 2 - known[-2::-1].index(known[-1])
    cycle = set(known[before:])
    reading.blocked.update(cycle)
    # From the first of them on, each once.
    order = list(dict.fromkeys(name for name in known if name in cycle))
    first = chain[known.index(order[0])]
    names = [chain[known.index(name)].path for name in (*order, order[0])]
    outermost = reading.opened.index(first) + 1
    if outermost < len(reading.opened):
        reading.enclosing = reading.opened[outermost].outside
        del reading.opened[outermost:]
    note = f"The files include each other: {' → '.join(names)}."
    raise Refusal(Fault.INCLUDE_CYCLE, text, note)


def _identity(reading: Reading, path: str) -> str:
    """Name a file so that every path to it has the same name."""
    entry = followed(reading.files, path)
    if isinstance(entry, Absent) or not entry.inode:
        return path
    return f"{entry.device}:{entry.inode}"


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
