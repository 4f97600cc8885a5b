"""Changes carried out, each in one step that a crash cannot divide, and synced before the next."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.apply.atomic import dress_as, dress_like, read_regular, reason, write_whole
from mpmtune.apply.directories import directory, only_ours
from mpmtune.errors import InputError
from mpmtune.model.changes import Link, Regular, Rename
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mpmtune.model.changes import Change, FileChange, State

_MOST_BYTES = 16 * 1024 * 1024
_OPEN_TO_READ = 0o755


class Disk:
    """Where change sets are carried out.

    Every directory on the way must belong to root or to us, and nobody else may write to it.

    Args:
        spare: A name for what is written before it gets its own; it is free in each directory,
            and no ``Include`` takes it.
        prefix: Put before every path: the root of a copy of the machine's files.
    """

    def __init__(self, spare: str, prefix: str = "") -> None:
        self._spare = spare
        self._prefix = prefix

    def states(self, paths: Iterable[str]) -> dict[str, State]:
        """Look at paths.

        Raises:
            InputError: where one cannot be read, is neither file nor link, or is not safe.
        """
        return {path: self.state(path) for path in paths}

    def state(self, path: str) -> State:
        """Look at a path; None where nothing lies there."""
        with _telling(path, "read"):
            try:
                with self._place(path) as (inside, name):
                    return _state(inside, name)
            except FileNotFoundError:
                return None

    def carry_out(self, change: Change) -> None:
        """Carry out one change, which must find what it starts from.

        Raises:
            InputError: if it cannot be done, or something else lies there. It is then not done,
                unless only the syncing of the directory failed.
        """
        with _telling(change.effect[0][0], "changed"):
            if isinstance(change, Rename):
                self._rename(change)
            else:
                self._put(change)

    def clear(self, paths: Iterable[str]) -> None:
        """Remove what an interrupted change has left under the spare name.

        Raises:
            InputError: if that cannot be done.
        """
        for parent in {str(Path(path).parent) for path in paths}:
            spare = f"{parent}/{self._spare}"
            with (
                _telling(spare, "removed"),
                suppress(FileNotFoundError),
                self._place(spare) as (inside, name),
            ):
                os.unlink(name, dir_fd=inside)
                os.fsync(inside)

    @contextmanager
    def _place(self, path: str) -> Iterator[tuple[int, str]]:
        place = Path(self._prefix + path)
        with directory(str(place.parent), only_ours) as inside:
            yield inside, place.name

    def _make(self, place: Path) -> None:
        """Make the directory of a mark, as a2enmod does; it stays when the change is taken back."""
        with directory(str(place.parent), only_ours) as above, suppress(FileExistsError):
            os.mkdir(place.name, dir_fd=above)
            os.chmod(place.name, _OPEN_TO_READ, dir_fd=above)
            os.fsync(above)

    def _put(self, change: FileChange) -> None:
        place = Path(self._prefix + change.path).parent
        if change.before is None and not place.exists():
            self._make(place)
        with self._place(change.path) as (inside, name):
            _expect(inside, name, change.before)
            if change.after is None:
                os.unlink(name, dir_fd=inside)
                os.fsync(inside)
            elif isinstance(change.after, Link):
                self._link(inside, name, change.after)
            else:
                self._write(inside, name, change.before, change.after)

    def _link(self, inside: int, name: str, link: Link) -> None:
        os.symlink(link.target, self._spare, dir_fd=inside)
        try:
            os.rename(self._spare, name, src_dir_fd=inside, dst_dir_fd=inside)
        except BaseException:
            with suppress(OSError):
                os.unlink(self._spare, dir_fd=inside)
            raise
        os.fsync(inside)

    def _write(self, inside: int, name: str, before: State, after: Regular) -> None:
        def dress(handle: int) -> None:
            if isinstance(before, Regular):
                status = os.stat(name, dir_fd=inside, follow_symlinks=False)
                dress_like(handle, inside, name, status)
            dress_as(handle, after.owner, after.group)
            os.fchmod(handle, after.mode)
            # Looked at once more, as late as can be.
            _expect(inside, name, before)

        write_whole(inside, self._spare, name, after.content, dress)

    def _rename(self, change: Rename) -> None:
        with (
            self._place(change.source) as (source, old),
            self._place(change.target) as (target, new),
        ):
            _expect(source, old, change.moved)
            if _there(target, new) is not None:
                raise OSError(errno.EEXIST, f"{printable(change.target)} is there already")
            os.rename(old, new, src_dir_fd=source, dst_dir_fd=target)
            os.fsync(target)
            os.fsync(source)


def _state(inside: int, name: str) -> State:
    status = os.stat(name, dir_fd=inside, follow_symlinks=False)
    if stat.S_ISLNK(status.st_mode):
        return Link(os.readlink(name, dir_fd=inside))
    status, content = read_regular(inside, name, _MOST_BYTES)
    if len(content) > _MOST_BYTES:
        raise OSError(errno.EFBIG, "it is larger than 16 MiB")
    return Regular(content, stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid)


def _there(inside: int, name: str) -> State:
    try:
        return _state(inside, name)
    except FileNotFoundError:
        return None


def _expect(inside: int, name: str, expected: State) -> None:
    if _there(inside, name) != expected:
        raise OSError(errno.ESTALE, "it is no longer what it was when it was read")


@contextmanager
def _telling(path: str, done: str) -> Iterator[None]:
    """Turn what the system refuses into a sentence that names the path."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{printable(path)} cannot be {done}: {reason(error)}.") from error
