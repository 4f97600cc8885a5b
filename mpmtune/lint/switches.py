"""Switches that are better off: the body of the rules that say no more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mpmtune.model.config import Occurrence


def switched_on(
    lines: Iterable[Occurrence], message: str, title: str, off: str = "off"
) -> Iterator[Violation]:
    """Yield each line that says ``on``.

    Args:
        lines: Of one directive.
        message: What is bad about it.
        title: What the fix does.
        off: The word that it puts there.
    """
    for line in lines:
        if word_in(line).lower() == "on":
            yield Violation(line, message, fix(title, replace_word(line, 1, off)), word=1)
