"""Opening a file of the configuration: util.c, ap_pcfg_openfile, with bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.confparse.includes import sentence_case
from mpmtune.confparse.paths import followed
from mpmtune.confparse.reader import items_of
from mpmtune.confparse.reading import Stream
from mpmtune.confparse.refusal import Refusal
from mpmtune.confparse.structure import too_long
from mpmtune.errors import InputError
from mpmtune.host.doorway import Absent, Entry, EntryKind
from mpmtune.model.config import Fault, Source
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.confparse.reading import OpenFile, Reading
    from mpmtune.host.doorway import Files


def open_file(reading: Reading, file: OpenFile) -> None:
    """Begin to read a file; one that cannot be read is noted, and left.

    Raises:
        InputError: when it is the main file.
    """
    try:
        source = _source(reading, file)
    except Refusal as refusal:
        if file.origin is None:
            raise _no_main_file(file.path, refusal) from None
        reading.opened.pop()
        reading.refuse(refusal, file.origin.via)
        return
    reading.enclosing = file.outside
    reading.diagnostics.extend(too_long(source, reading.start.line_limit))
    file.streams = [Stream(source, file.path, iter(source.items), file.origin)]


def _no_main_file(path: str, refusal: Refusal) -> InputError:
    why = refusal.note or refusal.text.rpartition(f"{path}: ")[2]
    return InputError(
        f"{printable(path)} cannot be read: {printable(why.rstrip('.'))}.",
        "Name the main configuration file of an httpd.",
    )


def _source(reading: Reading, file: OpenFile) -> Source:
    """Read a file, once however often it is included."""
    path = file.path
    known = reading.sources.get(path)
    if known is not None:
        reading.budget.file(len(known.text), known.text.count("\n"))
        return known
    text = _content(reading.files, path, reading.start.limits.file_bytes).decode("latin-1")
    reading.budget.file(len(text), text.count("\n"))
    source = reading.sources[path] = Source(path, text, items_of(text))
    return source


def _content(files: Files, path: str, most: int) -> bytes:
    answer = files.read(path)
    if not isinstance(answer, Absent):
        if len(answer) > most:
            raise _too_large(path, most)
        return answer
    if path == "/dev/null":  # which httpd takes for an empty file
        return b""
    why, note = sentence_case(answer.why), ""
    entry = followed(files, path)
    if isinstance(entry, Entry) and entry.kind is EntryKind.OTHER:
        why, note = "Bad file descriptor", f"{answer.why}."
    if isinstance(entry, Entry) and entry.kind is EntryKind.FILE and entry.size > most:
        raise _too_large(path, most)
    text = f"Could not open configuration file {path}: {why}"
    raise Refusal(Fault.INCLUDE_UNREADABLE, text, note)


def _too_large(path: str, most: int) -> Refusal:
    return Refusal(Fault.LIMIT, f"{path}: larger than {most >> 20} MiB, so it is not read")
