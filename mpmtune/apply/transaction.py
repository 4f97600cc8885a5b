"""A change set in force, or everything as it was: written down first, undone on any failure."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mpmtune.apply.atomic import reason
from mpmtune.apply.entry import Phase
from mpmtune.apply.interruptions import no_more_interruptions
from mpmtune.apply.putting_back import FAILURES, disk_of, edited, put_back, sentence_of
from mpmtune.apply.state_directory import typed
from mpmtune.apply.waiting import in_the_way
from mpmtune.errors import InputError, RolledBackError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mpmtune.apply.entry import Entry
    from mpmtune.apply.state_directory import StateDirectory


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of an unfinished change.

    Attributes:
        entry: The change.
        in_force: It is in force; else everything is as it was before it.
        left: Paths that someone else has edited since, left as they are.
        remarks: What could not be tidied up, as sentences.
    """

    entry: Entry
    in_force: bool
    left: tuple[str, ...]
    remarks: tuple[str, ...]


def _nothing_more() -> None:
    """Do nothing: the files are all."""


class Transaction:
    """One change under way; its journal lies on the disk.

    Args:
        state: Where the journal is; the lock is held.
        entry: What the journal says.
    """

    def __init__(self, state: StateDirectory, entry: Entry) -> None:
        self._state = state
        self._disk = disk_of(entry)
        self.entry = entry
        self.remarks: list[str] = []
        self._touched: set[str] = set()

    def write(self) -> None:
        """Carry the changes out.

        Raises:
            RolledBackError: if that failed, and everything is as it was.
            NotRolledBackError: if taking it back failed too, or met someone else's edit.
        """
        with self.or_undone():
            for change in self.entry.changes.changes:
                self._disk.carry_out(change)
                self._touched |= {path for path, _, _ in change.effect}
            self.note(Phase.WRITTEN)

    def note(self, phase: Phase, **more: str) -> None:
        """Write down what is done next, before it is done.

        Args:
            phase: The step.
            **more: Fields of the entry that change with it: ``action``, ``why``, ``confirm_by``.

        Raises:
            InputError: if the journal cannot be written.
        """
        self.entry = replace(self.entry, phase=phase, **more)  # type: ignore[arg-type]  # texts all
        try:
            self._state.write_journal(self.entry)
        except OSError as error:
            raise InputError(
                f"{printable(self._state.journal_path)} cannot be written: {reason(error)}."
            ) from error

    def commit(self) -> None:
        """Make it last. From here on nothing is taken back; what fails now is a remark.

        Raises:
            RolledBackError: if it could not be written down; the files are as they were.
            NotRolledBackError: if taking them back failed too.
        """
        with self.or_undone():
            no_more_interruptions()
            self.note(Phase.IN_FORCE)
        self.file_away()

    def file_away(self) -> None:
        """Let the journal, which says that it is in force, become an entry of the history."""
        try:
            self.entry = replace(self.entry, number=self._state.file_away())
        except OSError as error:
            self.remarks.append(_in_the_way(self._state, error))

    def undo(self, why: str, then: Callable[[], None] = _nothing_more) -> tuple[str, ...]:
        """Put the files back.

        Args:
            why: What failed, for the history.
            then: Is called when the files are back, and before that is written down: what it
                has not done when the process ends is done by ``recover``.

        Returns:
            Paths that were written and that someone else has edited since: they are left so.

        Raises:
            NotRolledBackError: if it cannot be done; the hint says how to do it by hand.
        """
        no_more_interruptions()
        with suppress(InputError):  # a full disk keeps no file from going back
            self.note(Phase.REVERTING, why=why)
        left = put_back(self._disk, self.entry)
        then()
        self.entry = replace(self.entry, phase=Phase.REVERTED, why=why)
        self.remarks += _closed(self._state, self.entry)
        return tuple(path for path in left if path in self._touched)

    @contextmanager
    def or_undone(self) -> Iterator[None]:
        """Put the files back when the block fails or is interrupted.

        Raises:
            RolledBackError: if it failed, and everything is as it was.
            NotRolledBackError: if taking it back failed too, or met someone else's edit.
        """
        try:
            yield
        except FAILURES as failure:
            why = sentence_of(failure)
            left = self.undo(why)
            if left:
                raise edited(left, why) from failure
            hint = "\n  ".join(self.remarks)
            raise RolledBackError(f"{why} Every file is as it was.", hint) from failure
        except BaseException:
            self.undo("It was interrupted.")
            raise


def begin(state: StateDirectory, entry: Entry) -> Transaction:
    """Write down what will be changed; nothing is touched yet. The lock is held.

    Raises:
        InputError: if an earlier change is unfinished, or what lies there is not what the
            change starts from.
        RolledBackError: if the journal cannot be written.
    """
    require_none(state)
    disk = disk_of(entry)
    there = disk.states(entry.changes.before)
    for path, before in entry.changes.before.items():
        if there[path] != before:
            raise InputError(
                f"{printable(path)} is no longer what it was when it was read.", "Run it again."
            )
    try:
        state.write_journal(entry)
    except OSError as error:
        with suppress(OSError):
            state.drop_journal()
        raise RolledBackError(
            f"Nothing was changed: {printable(state.journal_path)} cannot be written: "
            f"{reason(error)}."
        ) from error
    except BaseException:
        with suppress(OSError):
            state.drop_journal()
        raise
    return Transaction(state, entry)


def recover(
    state: StateDirectory,
    why: str = "It was interrupted.",
    then: Callable[[], None] = _nothing_more,
) -> Recovered | None:
    """Finish what a crash has left: exactly as it was, or in force if that was written down.

    The lock is held. Files that someone else has edited since are left as they are.

    Args:
        state: Where the journal is.
        why: For the history, where nothing else is known.
        then: Is called when files were put back, and before that is written down.

    Returns:
        What became of it; None where nothing is unfinished.

    Raises:
        NotRolledBackError: if a file cannot be put back; it can be tried again.
        InputError: if the journal is damaged or cannot be read.
    """
    entry = state.journal()
    if entry is None:
        return None
    if _ended(entry):
        remarks = tuple(_filed(state))
        return Recovered(entry, in_force=entry.phase is Phase.IN_FORCE, left=(), remarks=remarks)
    left = put_back(disk_of(entry), entry)
    then()
    entry = replace(entry, phase=Phase.REVERTED, why=entry.why or why)
    return Recovered(entry, in_force=False, left=left, remarks=tuple(_closed(state, entry)))


def confirm(state: StateDirectory, entry: Entry) -> Transaction:
    """Make a change last that awaits its confirmation. The lock is held.

    Raises:
        InputError: if that cannot be written down; it is then taken back at its time.
    """
    transaction = Transaction(state, entry)
    try:
        transaction.note(Phase.IN_FORCE)
    except InputError as failure:
        # Written and not synced is written: whoever reads the journal next goes by it.
        if state.journal() != transaction.entry:
            raise
        transaction.remarks.append(f"{failure.sentence} A power failure may take the change back.")
    transaction.file_away()
    return transaction


def require_none(state: StateDirectory) -> None:
    """Do the paperwork of a change that had ended when its journal could not be filed away.

    Raises:
        InputError: if a change has not ended.
    """
    entry = state.journal()
    if entry is not None and not (_ended(entry) and not _filed(state)):
        raise in_the_way(entry, state.path)


def _ended(entry: Entry) -> bool:
    """Tell whether nothing is left to do but to file the journal away.

    A journal can say that a change is in force although it is not: where it was written, but
    could not be synced, and the files were put back.
    """
    back = entry.changes.way_back(disk_of(entry).states(entry.changes.before))
    if entry.phase is Phase.IN_FORCE:
        return bool(back.foreign) or len(back.changes) == len(entry.changes.changes)
    return entry.phase is Phase.REVERTED and not back.changes


def _closed(state: StateDirectory, entry: Entry) -> list[str]:
    """Let the history know of a change that was taken back, or at least forget the journal."""
    try:
        state.write_journal(entry)
    except OSError:
        try:
            state.drop_journal()
        except OSError as error:
            return [_in_the_way(state, error)]
        return [f"It is missing in the history: {printable(state.path)} takes nothing more."]
    return _filed(state)


def _filed(state: StateDirectory) -> list[str]:
    try:
        state.file_away()
    except OSError as error:
        return [_in_the_way(state, error)]
    return []


def _in_the_way(state: StateDirectory, error: OSError) -> str:
    path = printable(state.journal_path)
    return f"{path} could not be filed away: {reason(error)}. Run: {typed('recover', state.path)}"
