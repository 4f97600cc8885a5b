"""Where mpmtune keeps its journal and its history: /var/lib/mpmtune, for root's eyes alone."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from mpmtune.apply.atomic import LINK_ERRORS, read_regular, reason, write_whole
from mpmtune.apply.directories import directory, only_ours
from mpmtune.apply.entry_v1 import read_entry, write_entry
from mpmtune.errors import InputError, RolledBackError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.apply.entry import Entry

DEFAULT = "/var/lib/mpmtune"
_JOURNAL, _SPARE, _HISTORY = "journal.json", "journal.new", "history"
_NUMBERED = re.compile(r"([0-9]{6,9})\.json")
_MOST_BYTES = 256 * 1024 * 1024


class StateDirectory:
    """An open state directory.

    Args:
        path: Where it is, for messages.
        handle: Its descriptor.
        history: Descriptor of the directory of its history.
    """

    def __init__(self, path: str, handle: int, history: int) -> None:
        self.path = path
        self.handle = handle
        self._history = history

    @property
    def journal_path(self) -> str:
        """The journal, for messages."""
        return f"{self.path}/{_JOURNAL}"

    def journal(self) -> Entry | None:
        """Read the journal of a change that is under way, or was when its process ended.

        Raises:
            InputError: if it is damaged, or cannot be read.
        """
        try:
            _, content = read_regular(self.handle, _JOURNAL, _MOST_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(self.journal_path, error) from None
        return read_entry(content, self.journal_path)

    def write_journal(self, entry: Entry) -> None:
        """Write the journal whole, and have it on the disk before anything else happens.

        Raises:
            OSError: if that fails; the former journal is still there, or already this one.
        """
        with suppress(FileNotFoundError):
            os.unlink(_SPARE, dir_fd=self.handle)
        write_whole(self.handle, _SPARE, _JOURNAL, write_entry(entry), _for_us_alone)

    def drop_journal(self) -> None:
        """Remove the journal of a change of which nothing is left."""
        os.unlink(_JOURNAL, dir_fd=self.handle)
        os.fsync(self.handle)

    def file_away(self) -> int:
        """Let the journal, which says that it is finished, become the next entry of the history.

        Returns:
            Its number.

        Raises:
            OSError: if that fails.
        """
        number = max(self._numbers(), default=0) + 1
        name = f"{number:06d}.json"
        os.rename(_JOURNAL, name, src_dir_fd=self.handle, dst_dir_fd=self._history)
        os.fsync(self._history)
        os.fsync(self.handle)
        return number

    def history(self) -> tuple[Entry, ...]:
        """Read the finished changes, the oldest first.

        Raises:
            InputError: if one is damaged, or cannot be read.
        """
        try:
            numbers = sorted(self._numbers())
        except OSError as error:
            raise _unreadable(f"{self.path}/{_HISTORY}", error) from None
        return tuple(self._entry(number) for number in numbers)

    def _entry(self, number: int) -> Entry:
        name = f"{number:06d}.json"
        path = f"{self.path}/{_HISTORY}/{name}"
        try:
            _, content = read_regular(self._history, name, _MOST_BYTES)
        except OSError as error:
            raise _unreadable(path, error) from None
        return read_entry(content, path, number)

    def _numbers(self) -> list[int]:
        with os.scandir(self._history) as entries:
            found = [_NUMBERED.fullmatch(entry.name) for entry in entries]
        return [int(match[1]) for match in found if match]


@contextmanager
def state_directory(path: str) -> Iterator[StateDirectory]:
    """Open a state directory, made if it is not there yet.

    Args:
        path: ``DEFAULT``, or what ``--state`` names.

    Raises:
        InputError: if it is not safe, or not ours.
        RolledBackError: if the system refuses; nothing was changed.
    """
    if os.geteuid() != os.getuid():
        raise InputError(
            "mpmtune was started with the rights of another user (setuid).",
            "Start it as root, with sudo, or as the owner of the configuration.",
        )
    with ExitStack() as opened:
        yield _opened(Path(path).absolute(), opened)


def typed(command: str, path: str) -> str:
    """Give a command of mpmtune's for a state directory, as it is typed."""
    return f"mpmtune {command}" + ("" if path == DEFAULT else f" --state {quote(printable(path))}")


def _opened(place: Path, opened: ExitStack) -> StateDirectory:
    try:
        _make(place)
        handle = opened.enter_context(directory(str(place), only_ours))
        _require_ours(place, handle)
        _make(place / _HISTORY)
        history = opened.enter_context(directory(str(place / _HISTORY), only_ours))
    except OSError as error:
        if isinstance(error, PermissionError) or error.errno in LINK_ERRORS:
            raise InputError(
                f"{printable(str(place))} cannot be used: {reason(error)}.",
                "Run it as root, or name a directory of your own with --state.",
            ) from None
        raise RolledBackError(
            f"Nothing was changed: {printable(str(place))} cannot be used: {reason(error)}.",
            "Put that right, or name another directory with --state.",
        ) from None
    return StateDirectory(str(place), handle, history)


def _make(place: Path) -> None:
    with directory(str(place.parent), only_ours) as above, suppress(FileExistsError):
        os.mkdir(place.name, 0o700, dir_fd=above)
        os.fsync(above)


def _require_ours(place: Path, handle: int) -> None:
    status = os.fstat(handle)
    if status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise InputError(
            f"{printable(str(place))} is open to others.",
            f"chown root and chmod 700 {printable(str(place))}, when nobody else has been in it.",
        )


def _unreadable(path: str, error: OSError) -> InputError:
    return InputError(f"{printable(path)} cannot be read: {reason(error)}.")


def _for_us_alone(handle: int) -> None:
    os.fchmod(handle, 0o600)
