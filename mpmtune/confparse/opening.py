"""Opening a file of the configuration: util.c, ap_pcfg_openfile, with bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.confparse.budget import Exhausted
from mpmtune.confparse.includes import sentence_case
from mpmtune.confparse.paths import followed, within
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
        source = _source(reading, file.path, included=file.origin is not None)
        reading.budget.file(len(source.text), len(source.items))
    except Refusal as refusal:
        _left(reading, file, refusal)
        return
    reading.enclosing = file.outside
    reading.diagnostics.extend(too_long(source, reading.start.line_limit))
    file.streams = [Stream(source, file.path, iter(source.items), file.origin)]


def _left(reading: Reading, file: OpenFile, refusal: Refusal) -> None:
    if file.origin is None:
        raise InputError(
            f"{printable(file.path)} cannot be read: {printable(refusal.text.rpartition(': ')[2])}.",
            "Name the main configuration file of an httpd.",
        )
    if isinstance(refusal, Exhausted):
        reading.stop(refusal, file.origin.via)
    else:
        reading.opened.pop()
        reading.refuse(refusal, file.origin.via)


def _source(reading: Reading, path: str, *, included: bool) -> Source:
    """Read a file, once however often it is included."""
    known = reading.sources.get(path)
    if known is None:
        root = reading.start.root
        if included and root is not None and not within(root, path):
            text = f"{path} lies outside of {root}: it is not read"
            raise Refusal(Fault.INCLUDE_OUTSIDE_ROOT, text)
        text = _content(reading.files, path, reading.start.limits.file_bytes).decode("latin-1")
        known = reading.sources[path] = Source(path, text, items_of(text))
    return known


def _content(files: Files, path: str, most: int) -> bytes:
    """Read a whole file; ``Files.read`` stops short of the largest that are still in use."""
    answer = files.read(path)
    if not isinstance(answer, Absent):
        return answer
    pieces: list[bytes] = []
    size = 0
    if not answer.missing:
        for piece in files.stream(path):
            pieces.append(piece)
            size += len(piece)
            if size > most:
                raise Refusal(Fault.LIMIT, f"{path} is not read: it is larger than {most} bytes")
    if pieces or path == "/dev/null":  # which httpd takes for an empty file
        return b"".join(pieces)
    why = sentence_case(answer.why)
    note = ""
    entry = followed(files, path)
    if isinstance(entry, Entry) and entry.kind is EntryKind.OTHER:
        why, note = "Bad file descriptor", f"{why}."
    text = f"Could not open configuration file {path}: {why}"
    raise Refusal(Fault.INCLUDE_UNREADABLE, text, note)
