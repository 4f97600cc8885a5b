"""What is to be changed on the disk: values that are shown, carried out and undone alike."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Regular:
    """A regular file: its content, permission bits and owner."""

    content: bytes
    mode: int
    owner: int
    group: int

    @property
    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return sha256(self.content).hexdigest()

    def __str__(self) -> str:
        return f"file {self.mode:o} {self.owner}:{self.group} {self.digest}"


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link: where it leads, as written."""

    target: str

    def __str__(self) -> str:
        return f"link {self.target!r}"


# What lies at a path; None: nothing does.
State = Regular | Link | None


@dataclass(frozen=True, slots=True)
class FileChange:
    """One path holds something else afterwards: made, removed or replaced, each in one step."""

    path: str
    before: State
    after: State

    @property
    def effect(self) -> tuple[tuple[str, State, State], ...]:
        """Path, state before, state after."""
        return ((self.path, self.before, self.after),)

    def invert(self) -> FileChange:
        """Give the change that takes this one back."""
        return FileChange(self.path, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Rename:
    """A file or link gets another name, which is free: one step in which it is never away."""

    source: str
    target: str
    moved: Regular | Link

    @property
    def effect(self) -> tuple[tuple[str, State, State], ...]:
        """Path, state before, state after; for both names."""
        return ((self.source, self.moved, None), (self.target, None, self.moved))

    def invert(self) -> Rename:
        """Give the change that takes this one back."""
        return Rename(self.target, self.source, self.moved)


Change = FileChange | Rename


@dataclass(frozen=True, slots=True)
class WayBack:
    """How to get from what is there to what was there.

    Attributes:
        changes: To be carried out in this order.
        foreign: Paths that hold what none of the steps has put there; they stay as they are.
    """

    changes: tuple[Change, ...]
    foreign: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Changes in their order; each is one step, so a crash leaves the state between two of them.

    Raises:
        ValueError: if a change starts from what the changes before it do not leave.
    """

    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        held: dict[str, State] = {}
        for change in self.changes:
            for path, before, after in change.effect:
                if held.get(path, before) != before or before == after:
                    raise ValueError(f"the change of {path} does not follow from those before it")
                held[path] = after

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def before(self) -> Mapping[str, State]:
        """Path → its state before all of them."""
        held: dict[str, State] = {}
        for path, before, _ in self._effects():
            held.setdefault(path, before)
        return held

    @property
    def after(self) -> Mapping[str, State]:
        """Path → its state after all of them."""
        return {path: after for path, _, after in self._effects()}

    @property
    def digest(self) -> str:
        """SHA-256 over every step, in hexadecimal."""
        steps = (f"{path!r}: {before} → {after}\n" for path, before, after in self._effects())
        return sha256("".join(steps).encode("utf-8", "surrogatepass")).hexdigest()

    def invert(self) -> ChangeSet:
        """Give the changes that take these back."""
        return ChangeSet(tuple(change.invert() for change in reversed(self.changes)))

    def then(self, later: ChangeSet) -> ChangeSet:
        """Put further changes after these.

        Raises:
            ValueError: if they start from something else than these leave.
        """
        return ChangeSet(self.changes + later.changes)

    def way_back(self, there: Mapping[str, State]) -> WayBack:
        """Find what undoes as much of this as has been carried out.

        Args:
            there: What now lies at each path of ``before``.
        """
        for done, held in enumerate(self._states()):
            if held == there:
                taken_back = ChangeSet(self.changes[:done]).invert()
                return WayBack(taken_back.changes, ())
        return self._way_back_around(there)

    def _way_back_around(self, there: Mapping[str, State]) -> WayBack:
        """Undo what stands as it was left, and leave the rest."""
        held = dict(there)
        steps: list[Change] = []
        for change in reversed(self.changes):
            if all(held[path] == after for path, _, after in change.effect):
                steps.append(change.invert())
                held |= {path: before for path, before, _ in change.effect}
        return WayBack(
            tuple(steps), tuple(path for path, old in self.before.items() if held[path] != old)
        )

    def _states(self) -> Iterator[Mapping[str, State]]:
        """Give path → state before the first change and after each."""
        held = dict(self.before)
        yield held
        for change in self.changes:
            held |= {path: after for path, _, after in change.effect}
            yield held

    def _effects(self) -> Iterator[tuple[str, State, State]]:
        for change in self.changes:
            yield from change.effect
