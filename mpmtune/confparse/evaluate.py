"""Items → tree: the pass that httpd makes while it reads, in its own order.

Where httpd would stop, this goes on, so that all that is wrong can be told; the first error in
``Tree.diagnostics`` is where httpd stops.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from mpmtune.confparse.budget import Exhausted
from mpmtune.confparse.commands import COMMANDS
from mpmtune.confparse.macro_commands import MACRO_COMMANDS
from mpmtune.confparse.opening import open_file
from mpmtune.confparse.paths import kind_at
from mpmtune.confparse.reader import item_of
from mpmtune.confparse.reading import OpenFile, Reading, Stream, raw_line
from mpmtune.confparse.refusal import Refusal
from mpmtune.confparse.sections import SECTIONS, close, end_of_file
from mpmtune.confparse.written import written
from mpmtune.httpd.handlers import PathKind
from mpmtune.model.config import Fault, Item, ItemKind, Occurrence, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.confparse.command import Command
    from mpmtune.confparse.start import Start
    from mpmtune.host.doorway import Files

EXECUTED = {**COMMANDS, **MACRO_COMMANDS, **SECTIONS}


def evaluate(files: Files, start: Start) -> Tree:
    """Read a configuration as httpd does.

    Args:
        files: Where its files are.
        start: The main file, what is assumed of the httpd, and how far to go.

    Returns:
        The tree. What is wrong with the configuration is in its diagnostics.

    Raises:
        InputError: when the main file cannot be read.
    """
    reading = Reading(files, start)
    with collection_paused():
        reading.opened.append(OpenFile(start.conf, None, None, 0))
        _read_all(reading)
    sources = tuple(reading.sources.values())
    return Tree(
        sources=sources,
        occurrences=reading.occurrences,
        by_name=reading.by_name.without_old_names(),
        diagnostics=tuple(reading.diagnostics),
        target=reading.target,
        modules=reading.modules.loaded,
        defines=reading.variables.defined(),
        server_root=reading.server_root,
        written=written(sources, start.written_names) if start.keep_written else {},
        is_directory=partial(_is_directory, files) if start.here else None,
    )


def _is_directory(files: Files, path: str) -> bool | None:
    kind = kind_at(files, path)
    return None if kind is None else kind is PathKind.DIRECTORY


@contextmanager
def collection_paused() -> Iterator[None]:
    """Keep the collector from walking the growing tree again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read_all(reading: Reading) -> None:
    while reading.opened and not reading.ended:
        file = reading.opened[-1]
        if file.streams is None:
            open_file(reading, file)
        elif file.streams:
            _read(reading, file, file.streams)
        else:
            end_of_file(reading, file)
            reading.opened.pop()


def _read(reading: Reading, file: OpenFile, streams: list[Stream]) -> None:
    """Read a stream until it ends, or until something else is to be read before it goes on."""
    stream = streams[-1]
    # Hot: once for every line of the configuration.
    source, origin, enclosing = stream.source, stream.origin, reading.enclosing
    keep, by_name = reading.occurrences.append, reading.by_name
    dollars = stream.raw is not None or "${" in source.text
    executed, new = EXECUTED, tuple.__new__
    directive, closing = ItemKind.DIRECTIVE, ItemKind.CLOSE
    floor = file.floor
    for item in stream.rest:
        kind, name, word, args, _, _, _ = item
        if not word:  # blank or comment
            continue
        if kind is closing and not dollars and _is_due(item, enclosing, floor):
            assert enclosing is not None
            enclosing = enclosing[2]
            continue
        if kind is not directive or name in executed or (dollars and "${" in word + args):
            reading.enclosing = enclosing
            _special(reading, stream, item)
            if not (_is_innermost(reading, file) and streams and streams[-1] is stream):
                return
            enclosing, floor = reading.enclosing, file.floor
            continue
        occurrence = new(Occurrence, (item, source, enclosing, origin))
        by_name[name].append(occurrence)
        keep(occurrence)
    reading.enclosing = enclosing
    streams.pop()


def _is_due(item: Item, enclosing: Occurrence | None, floor: Occurrence | None) -> bool:
    """Tell whether a closing tag is the one that must come, written as it should be."""
    if enclosing is None or enclosing is floor:
        return False
    return item[2][-1] == ">" and item[1][2:] == enclosing[0][1][1:]


def _is_innermost(reading: Reading, file: OpenFile) -> bool:
    return not reading.ended and reading.opened[-1] is file


def _special(reading: Reading, stream: Stream, item: Item) -> None:
    """Take a line that is more than a directive to keep."""
    occurrence = Occurrence(item, stream.source, reading.enclosing, stream.origin)
    if "${" in item.spelling or "${" in item.args:
        try:
            item = _resolved(reading, stream, occurrence)
        except Exhausted as end:
            reading.refuse(end, occurrence)
            return
        occurrence = occurrence._replace(item=item)
    if item.kind is ItemKind.CLOSE:
        close(reading, stream, item)
        return
    if not item.spelling:
        return
    reading.by_name[item.name].append(occurrence)
    command = EXECUTED.get(item.name)
    if command is not None and command.is_known(reading):
        _execute(reading, command, occurrence)
        return
    reading.occurrences.append(occurrence)
    if item.kind is ItemKind.OPEN:
        reading.enter(occurrence)


def _resolved(reading: Reading, stream: Stream, occurrence: Occurrence) -> Item:
    """Replace ``${}`` in the whole line, and split it again: a value may hold several words."""
    variables, item = reading.variables, occurrence.item
    line = raw_line(stream, item)
    reading.budget.substitution(variables.length_after(line))

    def missing(name: str) -> None:
        text = f"Config variable ${{{name}}} is not defined"
        reading.warn(Fault.UNDEFINED_VARIABLE, "AH00111", text, occurrence)

    return item_of(variables.resolve(line, missing), item.start, item.end)


def _execute(reading: Reading, command: Command, occurrence: Occurrence) -> None:
    try:
        command.run(reading, occurrence)
    except Refusal as refusal:
        reading.refuse(refusal, occurrence)
