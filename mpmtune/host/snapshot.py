"""A recorded machine: written to a folder, and answering from it."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from mpmtune.errors import InputError, NotRecordedError
from mpmtune.host.answers import command_key, from_json, request_key, to_json
from mpmtune.host.doorway import Absent
from mpmtune.host.opening import READ_LIMIT, Refusal, open_regular, read_descriptor
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mpmtune.host.answers import Answers
    from mpmtune.host.doorway import Answer, Command, Entry, Process

ANSWERS = "answers.json"
_ROOT = "root"
_MOST_FILES = 20_000
_MOST_BYTES = 256 * 1024 * 1024
_AGAIN = "Record it again with mpmtune snapshot."

_Said = TypeVar("_Said")


class SnapshotHost:
    """Answers what was recorded, and nothing else.

    Args:
        directory: The folder that ``write_snapshot`` wrote.

    Raises:
        InputError: when it is none, or holds what a snapshot never does: a link, a device, a
            path that leads out of it.
    """

    def __init__(self, directory: str) -> None:
        self._directory = os.path.realpath(directory)
        self._shown = printable(directory)
        present = _inventory(self._directory, self._shown)
        try:
            text = self._content(ANSWERS).decode("utf-8")
            self._answers, self._files = from_json(text)
        except (OSError, ValueError, Refusal) as error:
            raise InputError(
                f"{self._shown}/{ANSWERS} is no record of a machine: {printable(str(error))}.",
                _AGAIN,
            ) from None
        strange = set(self._files.values()) - present
        if strange:
            raise InputError(
                f"{self._shown}/{ANSWERS} names {printable(min(strange))}, which is no file in it.",
                _AGAIN,
            )

    def read(self, path: str) -> bytes | Absent:
        """Give a file as it was recorded."""
        if path in self._files:
            try:
                return self._content(self._files[path])
            except (OSError, Refusal) as error:
                raise InputError(f"{self._shown}: {printable(str(error))}.", _AGAIN) from None
        return self._recorded(self._answers.files, path, f"the file {path}")

    def stream(self, path: str) -> Iterator[bytes]:
        """Give a file as it was recorded, in one piece."""
        content = self.read(path)
        if not isinstance(content, Absent):
            yield content

    def glob(self, pattern: str) -> tuple[str, ...]:
        """Give the recorded matches of a pattern."""
        return self._recorded(self._answers.globs, pattern, f"what matches {pattern}")

    def entry(self, path: str) -> Entry | Absent:
        """Give what lay at a path."""
        return self._recorded(self._answers.entries, path, f"what lies at {path}")

    def run(self, command: Command) -> Answer | Absent:
        """Give what a command answered; nothing is started."""
        words = " ".join(command.argv)
        return self._recorded(self._answers.commands, command_key(command), f"the command {words}")

    def processes(self) -> tuple[Process, ...] | Absent:
        """Give the recorded processes."""
        found = self._answers.processes
        if found is None:
            raise self._not_recorded("the list of processes")
        return found

    def loopback_get(self, port: int, target: str, name: str = "localhost") -> Answer | Absent:
        """Give what a request answered; nothing is asked."""
        url = f"http://127.0.0.1:{port}{target}"
        key = request_key(port, target, name)
        return self._recorded(self._answers.requests, key, f"a GET of {url}")

    def user(self) -> int:
        """Give the user who recorded."""
        return self._answers.user

    def _recorded(self, known: Mapping[str, _Said], key: str, question: str) -> _Said:
        if key not in known:
            raise self._not_recorded(question)
        return known[key]

    def _not_recorded(self, question: str) -> NotRecordedError:
        return NotRecordedError(
            f"The snapshot {self._shown} was not asked for {printable(question)}.",
            "Record it again, with the same options as now and this version of mpmtune.",
        )

    def _content(self, place: str) -> bytes:
        return read_descriptor(open_regular(os.path.join(self._directory, place)), READ_LIMIT)


def _inventory(directory: str, shown: str) -> set[str]:
    """List the files of a folder, and refuse everything that is not one or a folder itself."""
    found: set[str] = set()
    size = 0
    for above, folders, files in os.walk(directory, onerror=_fail):
        for name in (*folders, *files):
            path = os.path.join(above, name)
            status = os.lstat(path)
            place = os.path.relpath(path, directory)
            if stat.S_ISREG(status.st_mode):
                found.add(place)
                size += status.st_size
            elif not stat.S_ISDIR(status.st_mode):
                raise InputError(
                    f"{shown} holds {printable(place)}, which is neither file nor directory.",
                    "A snapshot has no links and no devices; do not trust this one.",
                )
        if len(found) > _MOST_FILES or size > _MOST_BYTES:
            raise InputError(
                f"{shown} is too large for a snapshot.",
                f"At most {_MOST_FILES} files and {_MOST_BYTES >> 20} MiB are read.",
            )
    return found


def _fail(error: OSError) -> None:
    raise InputError(
        f"{printable(str(error.filename))} cannot be listed: {error.strerror}.",
        "Make it readable, or copy it to where you may read it.",
    )


def check_place(directory: str) -> None:
    """Refuse a place for a snapshot where something lies already.

    Raises:
        InputError: when it is anything but an empty directory.
    """
    if os.path.lexists(directory) and not (os.path.isdir(directory) and not os.listdir(directory)):
        raise InputError(
            f"{printable(directory)} exists and is not an empty directory.",
            "Name a new or empty directory.",
        )


def write_snapshot(
    answers: Answers, beside: Mapping[str, str], directory: str, prove: Callable[[str], None]
) -> None:
    """Write a recorded machine to a folder that nobody else may look into.

    It is built beside its place, proven, and put there as a whole.

    Args:
        answers: What was recorded.
        beside: Further files: name → text.
        directory: Where; it must not exist, or be empty.
        prove: Called with the folder before it is put in place; what it raises ends the writing.

    Raises:
        InputError: when it cannot be written.
    """
    building = f"{directory.rstrip('/')}.tmp"
    before = os.umask(0o077)
    try:
        _make(building)
        with _cleared_on_failure(building):
            _fill(building, answers, beside)
            prove(building)
            os.rename(building, directory)
    except OSError as error:
        raise _unwritable(directory, error) from None
    finally:
        os.umask(before)


@contextmanager
def _cleared_on_failure(building: str) -> Iterator[None]:
    try:
        yield
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _make(building: str) -> None:
    """Make the directory; one that is there already is not ours to clear."""
    try:
        os.mkdir(building)
    except OSError as error:
        raise _unwritable(building, error) from None


def _unwritable(path: str, error: OSError) -> InputError:
    return InputError(
        f"{printable(path)} cannot be written: {(error.strerror or 'no').lower()}.",
        "Name a new or empty directory where you may write.",
    )


def _fill(building: str, answers: Answers, beside: Mapping[str, str]) -> None:
    stored: dict[str, str] = {}
    taken: set[str] = set()
    for path, content in sorted(answers.files.items()):
        if not isinstance(content, Absent):
            stored[path] = _store(building, path, content, taken)
            taken.add(stored[path])
    _write(os.path.join(building, ANSWERS), to_json(answers, stored).encode("ascii"))
    for name, text in beside.items():
        _write(os.path.join(building, name), text.encode("utf-8", "surrogateescape"))


def _store(building: str, path: str, content: bytes, taken: set[str]) -> str:
    """Store a file under a place made of its path; two spellings of a path get two places."""
    parts = [part for part in path.split("/") if part not in {"", ".", ".."}]
    place = "/".join((_ROOT, *parts))
    while place in taken:
        place += "~"
    os.makedirs(os.path.dirname(os.path.join(building, place)), exist_ok=True)
    _write(os.path.join(building, place), content)
    return place


def _write(path: str, content: bytes) -> None:
    with open(path, "xb") as file:
        file.write(content)
