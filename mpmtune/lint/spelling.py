"""Names that are one letter away from a word: added, missing, changed or in another place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONGEST = 64
_SHORTEST = 4  # among shorter names one letter says nothing


class Lexicon:
    """Names, each to be found by what is left of it without one letter.

    Args:
        names: Compared without regard to case.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._by_form: dict[str, set[str]] = {}
        for name in names:
            for form in _forms(name.lower()):
                self._by_form.setdefault(form, set()).add(name)

    def meant(self, word: str) -> str:
        """Give the one name that a word is a letter away from; empty for none, and for several."""
        if not _SHORTEST <= len(word) <= _LONGEST:
            return ""
        near: set[str] = set()
        for form in _forms(word.lower()):
            near |= self._by_form.get(form, set())
        return near.pop() if len(near) == 1 else ""


def _forms(word: str) -> Iterator[str]:
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
