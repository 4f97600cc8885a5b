"""Words that add to and take from what outer sections say: Options, IndexOptions, SSLOptions.

A line with a word without sign starts anew; ``+`` and ``-`` change what is there. httpd keeps
what a section adds and takes away beside what is on, and merges all three
(core.c: set_options, merge_core_dir_configs).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from mpmtune.httpd.words import split

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mpmtune.model.config import Occurrence

_V = TypeVar("_V")

_EXEC = "includes with exec"
_ALL_OPTIONS = ("indexes", "includes", _EXEC, "followsymlinks", "execcgi")
_MEANS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "options": {
        "all": _ALL_OPTIONS,
        "includes": ("includes", _EXEC),
        "includesnoexec": ("includes",),
        "runscripts": (),
    },
    "fileetag": {"all": ("inode", "mtime", "size")},
}
_NOTHING = frozenset({"none"})
_BUILT_IN = {"options": ("followsymlinks",)}
_LINES_ADD_UP = frozenset({"indexoptions", "fileetag"})
# mod_autoindex.c: merge_autoindex_configs never forgets what was taken away.
_TAKEN_FOR_GOOD = frozenset({"indexoptions"})


@dataclass(frozen=True, slots=True)
class Signs:
    """What a section, or several merged, say by one directive.

    Attributes:
        name: The directive, folded.
        anew: The line that started anew; None when all only change what outer sections say.
        on: Word in small letters → the line that put it on; None for httpd's own default.
        added: The same for words with ``+``.
        taken: The same for words with ``-``.
    """

    name: str
    anew: Occurrence | None = None
    on: Mapping[str, Occurrence | None] = field(default_factory=dict)
    added: Mapping[str, Occurrence] = field(default_factory=dict)
    taken: Mapping[str, Occurrence] = field(default_factory=dict)

    def merged(self, inner: Signs) -> Signs:
        """Merge an inner section over this."""
        if inner.anew is not None:
            return inner
        added = {**_without(self.added, inner.taken), **inner.added}
        for_good = self.name in _TAKEN_FOR_GOOD
        taken = {**(self.taken if for_good else _without(self.taken, inner.added)), **inner.taken}
        on: dict[str, Occurrence | None] = {**_without(self.on, taken), **added}
        on = _without(on, taken) if for_good else on
        if self.name == "options" and _exec_is_lost(self, inner):
            on.pop(_EXEC, None)
        return Signs(self.name, self.anew, on, added, taken)

    @property
    def words(self) -> frozenset[str]:
        """Words that are on, as the manual has them, in small letters."""
        words = set(self.on)
        if self.name == "options" and "includes" in words:
            if _EXEC not in words:
                words = words - {"includes"} | {"includesnoexec"}
            words.discard(_EXEC)
        return frozenset(words)

    @property
    def lines(self) -> frozenset[int]:
        """``id`` of each line that still has a say."""
        has_say = (*self.on.values(), *self.taken.values(), self.anew)
        return frozenset(id(line) for line in has_say if line is not None)


def built_in(name: str) -> Signs:
    """Give what httpd starts from."""
    return Signs(name, on=dict.fromkeys(_BUILT_IN.get(name, ())))


def read(name: str, lines: Iterable[Occurrence], start: Signs | None = None) -> Signs:
    """Read the lines of one section.

    Args:
        name: The directive, folded.
        lines: Its lines in order.
        start: What the section starts from: the main server from httpd's default.
    """
    start = start or Signs(name)
    anew = start.anew
    on: dict[str, Occurrence | None] = dict(start.on)
    added, taken = dict(start.added), dict(start.taken)
    for line in lines:
        fresh = True
        for word in split(line.args):
            sign = word[0] if word[:1] in {"+", "-"} else ""
            means = _meaning(name, word[len(sign) :].lower())
            if not sign and fresh:
                anew, fresh = line, False
                on = dict(on) if name in _LINES_ADD_UP else {}
            change = dict.fromkeys(means, line)
            if sign == "-":
                taken, added, on = taken | change, _without(added, change), _without(on, change)
            else:
                on = {**on, **change}
                if sign:
                    added, taken = added | change, _without(taken, change)
    return Signs(name, anew, on, added, taken)


def _meaning(name: str, word: str) -> tuple[str, ...]:
    """``NameWidth=*`` is the option NameWidth."""
    if word in _NOTHING:
        return ()
    return _MEANS.get(name, {}).get(word, (word.partition("=")[0],))


def _exec_is_lost(outer: Signs, inner: Signs) -> bool:
    """``+IncludesNOEXEC`` inside ``Includes`` takes the exec away."""
    outer_has_both = "includes" in outer.on and _EXEC in outer.on
    return outer_has_both and "includes" in inner.on and _EXEC not in inner.on


def _without(values: Mapping[str, _V], names: Iterable[str]) -> dict[str, _V]:
    gone = frozenset(names)
    return {word: line for word, line in values.items() if word not in gone}
