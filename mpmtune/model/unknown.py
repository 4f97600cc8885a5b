"""What could not be known, as a value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact that could not be found out.

    Attributes:
        what: The fact, in the words of the published document (``host.pids_limit``).
        why: One clause that says what stood in the way.
    """

    what: str
    why: str
