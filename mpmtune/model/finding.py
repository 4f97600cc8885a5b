"""What lint has to say: violations as rules yield them, findings as they are reported, fixes."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mpmtune.model.config import Diagnostic, Occurrence, Source


class Severity(Enum):
    """The consequence: refused or dangerous for certain; costs in most set-ups; an opinion."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """3 for an error, 1 for an info: what is worse is greater."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 3, Severity.WARNING: 2, Severity.INFO: 1}


class Passage(NamedTuple):
    """A piece of a source: offsets of its first character and after its last."""

    source: Source
    start: int
    end: int


class Edit(NamedTuple):
    """Put ``text`` in the place of a piece of a source; one character per byte, as in the source."""

    source: Source
    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """A change of text that makes a finding go away.

    Attributes:
        title: What it does, as a sentence in the imperative without full stop.
        edits: Pieces to replace; they do not overlap.
        safe: It only removes or rewrites what httpd ignores, clamps or rejects anyway.
    """

    title: str
    edits: tuple[Edit, ...]
    safe: bool = False


class Violation(NamedTuple):
    """What a check yields; the engine adds code, severity, position and fingerprint.

    Attributes:
        at: Where: a directive, a diagnostic of the reader, any passage, or None for the
            configuration as a whole.
        message: One sentence without a full stop at its end; no argument that may be secret.
        fix: How to change it, when that is known exactly.
        word: Points at one word of a directive: 0 is its name, 1 its first argument.
        severity: Only where this case is milder than the rule's severity.
        related: The other parties of a conflict: the first definition, the line that wins.
    """

    at: Occurrence | Diagnostic | Passage | None
    message: str
    fix: Fix | None = None
    word: int | None = None
    severity: Severity | None = None
    related: tuple[Occurrence, ...] = ()


class Finding(NamedTuple):
    """A violation with all that a report needs.

    Attributes:
        code: The rule's code.
        name: The rule's name.
        severity: Its severity here.
        message: One sentence without a full stop at its end.
        file: Path as shown: relative to the working directory where it lies below it.
        passage: The text it is about; None where there is no text to point at.
        httpd_ids: Numbers under which httpd itself speaks of it.
        fix: How to change it.
        scope: The sections around it, outermost first, blanks normalised.
        subject: The directive, blanks normalised; only its name where its arguments may be secret.
        ordinal: 0 for the first of the same code, file, scope and subject, 1 for the second…
        related: The other parties: shown path and passage.
    """

    code: str
    name: str
    severity: Severity
    message: str
    file: str
    passage: Passage | None
    httpd_ids: tuple[str, ...] = ()
    fix: Fix | None = None
    scope: tuple[str, ...] = ()
    subject: str = ""
    ordinal: int = 0
    related: tuple[tuple[str, Passage], ...] = ()

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of its first character, from 1; 1, 1 where there is no text."""
        return self.passage.source.place(self.passage.start) if self.passage else (1, 1)

    @property
    def end_place(self) -> tuple[int, int]:
        """Line and column after its last character, from 1."""
        return self.passage.source.place(self.passage.end) if self.passage else (1, 1)

    @property
    def line(self) -> int:
        """The first line, from 1."""
        return self.place[0]

    @property
    def identity(self) -> tuple[str, ...]:
        """What stays the same when lines move: code, file, scope and subject."""
        return (self.code, self.file, *self.scope, self.subject)

    @property
    def kinship(self) -> str:
        """A digest of the identity, 64 hexadecimal digits: equal for findings that are alike."""
        return _digest(self.identity)

    @property
    def fingerprint(self) -> str:
        """A digest of the identity and the ordinal: no two findings of a run share it."""
        return _digest((*self.identity, str(self.ordinal)))


def _digest(parts: tuple[str, ...]) -> str:
    from hashlib import sha256

    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
