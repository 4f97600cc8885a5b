"""A directive or section that httpd executes while it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from mpmtune.confparse.reading import Reading
    from mpmtune.model.config import Occurrence


class Command(NamedTuple):
    """What is executed, and in which httpd.

    Attributes:
        module: The module that has it; without it the name is an ordinary, unknown one.
        run: Changes the state, or raises ``Refusal`` with httpd's words.
        since: The first version that has it.
    """

    module: str
    run: Callable[[Reading, Occurrence], None]
    since: tuple[int, int, int] = (2, 4, 0)

    def is_known(self, reading: Reading) -> bool:
        """Tell whether the httpd that is read for has it, as far as it is loaded now."""
        return self.module in reading.modules and reading.target.version >= self.since
