"""The limits of the active MPM as rules speak of them: what is written, what is in force, edits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mpmtune.lint.fixes import fix, insert_before, replace_word
from mpmtune.lint.values_in_force import active_mpm, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mpmtune.httpd.effective import EffectiveValues
    from mpmtune.httpd.startup import Adjustment
    from mpmtune.lint.rule import Hits
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix
    from mpmtune.model.httpd import Mpm


class Clamp(NamedTuple):
    """One correction of check_config, which httpd prints or logs.

    Attributes:
        at: The line of the directive; where its built-in value is corrected, the first line of
            those that the rule looks at.
        directive: What is corrected, in the manual's spelling.
        before: Its number, earlier corrections counted.
        after: Its number from there on.
    """

    at: Occurrence
    directive: str
    before: int
    after: int


class Limits:
    """The values that a rule compares, all of which it has subscribed to."""

    def __init__(self, mpm: Mpm, values: EffectiveValues, hits: Hits) -> None:
        self.mpm = mpm
        self.values = values
        self._hits = hits

    @classmethod
    def of(cls, tree: Tree, hits: Hits) -> Limits | None:
        """Give the limits; None where nobody knows which MPM will run."""
        mpm = active_mpm(tree)
        return None if mpm is None else cls(mpm, values_of(tree), hits)

    def __getitem__(self, directive: str) -> int:
        """Give what check_config leaves of a directive, in the manual's spelling."""
        return self.values.corrected.effective[directive]

    @property
    def children(self) -> int:
        """How many children may serve at once."""
        return self.values.started.children

    @property
    def threads(self) -> int:
        """Workers of a child; 1 under prefork."""
        return self["ThreadsPerChild"] if self.mpm.threaded else 1

    @property
    def corrected(self) -> bool:
        """Whether check_config changes anything."""
        return bool(self.values.corrected.messages)

    def line(self, directive: str) -> Occurrence | None:
        """Find the line that sets a directive; None where the built-in value holds."""
        return self._hits.last(directive.lower())

    def lines(self, *directives: str) -> tuple[Occurrence, ...]:
        """Find the lines that set some directives."""
        return tuple(line for line in map(self.line, directives) if line is not None)

    def named(self, directive: str, value: int | None = None) -> str:
        """Write a directive with its number, and say so where that is the built-in one."""
        number = self[directive] if value is None else value
        built_in = "" if self.line(directive) else " (built in)"
        return f"{directive} {number}{built_in}"

    def silent_change(self, directive: str) -> Adjustment | None:
        """Find what the MPM changes of a directive when it starts, without a message."""
        changes = self.values.started.changes
        return next((change for change in changes if change.directive == directive), None)

    def setting(
        self, directive: str, number: int, near: Occurrence, *, safe: bool = False
    ) -> Fix | None:
        """Fix by giving a directive another number; where it is not written, above ``near``."""
        line = self.line(directive)
        written = f"{directive} {number}"
        edit = insert_before(near, written) if line is None else replace_word(line, 1, str(number))
        return fix(f"Set {written}", edit, safe=safe)


def clamps(
    tree: Tree, hits: Hits, ids: Mapping[Mpm, tuple[str, ...]]
) -> Iterator[tuple[Limits, Clamp]]:
    """Yield the corrections of check_config that httpd announces by one of these numbers."""
    limits = Limits.of(tree, hits)
    if limits is None:
        return
    for message in limits.values.corrected.messages:
        at = limits.line(message.directive) or _first_line(hits)
        if at is not None and message.id in ids.get(limits.mpm, ()):
            yield limits, Clamp(at, message.directive, message.before, message.after)


def _first_line(hits: Hits) -> Occurrence | None:
    lines = map(hits.last, hits.by_name)
    return next((line for line in lines if line is not None), None)
