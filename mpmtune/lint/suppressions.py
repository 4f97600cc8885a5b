"""Comments that suppress findings: ``# mpmtune: ignore[MPM004] reason``."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.model.config import ItemKind
from mpmtune.model.finding import Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mpmtune.model.config import Item, Source
    from mpmtune.model.finding import Finding

_MARK = "mpmtune:"
_COMMENT = re.compile(
    r"#+[ \t]*mpmtune:[ \t]*(?P<verb>[\w-]*)[ \t]*(?:\[(?P<names>[^\]]*)\])?[ \t]*(?P<reason>.*)",
    re.DOTALL,
)


class Suppression(NamedTuple):
    """One such comment.

    Attributes:
        comment: Where it stands.
        verb: ``ignore`` or ``ignore-file``; anything else is a mistake.
        names: Codes, prefixes of codes or names of rules, as written.
        reason: What was given as reason; may be empty.
        covers: The text whose findings it suppresses; None when nothing follows it.
        unknown: Those of the names that are no rule's.
        unused: Those that suppress nothing, although their rules ran.
    """

    comment: Passage
    verb: str
    names: tuple[str, ...]
    reason: str
    covers: Passage | None
    unknown: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    @property
    def well_formed(self) -> bool:
        """Whether it says what to ignore, and how far."""
        return self.verb in {"ignore", "ignore-file"} and bool(self.names)

    def covering(self, finding: Finding) -> str | None:
        """Give the name that suppresses a finding."""
        if not self.well_formed or self.covers is None or finding.passage is None:
            return None
        source, start, _ = finding.passage
        mine = self.covers.source
        if source is not mine and (source.path, source.text) != (mine.path, mine.text):
            return None
        if not self.covers.start <= start < self.covers.end:
            return None
        return next((n for n in self.names if means(n, finding.code, finding.name)), None)


class Vocabulary(NamedTuple):
    """What a suppression may name: code and name of every rule, and the codes that were judged."""

    known: Sequence[tuple[str, str]]
    judged: frozenset[str]


class Sifted(NamedTuple):
    """Findings with the suppressed ones apart, and every comment with what became of it."""

    kept: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    comments: tuple[Suppression, ...]


def means(text: str, code: str, name: str) -> bool:
    """Tell whether a code, a prefix of codes or a rule's name means this rule."""
    return bool(text) and (code.startswith(text.upper()) or name == text.lower())


def sift(findings: Iterable[Finding], sources: Iterable[Source], vocabulary: Vocabulary) -> Sifted:
    """Take out what comments suppress; the first comment that covers a finding is the used one."""
    comments = tuple(read(sources))
    if not comments:
        return Sifted(tuple(findings), (), ())
    kept: list[Finding] = []
    suppressed: list[Finding] = []
    used: set[tuple[int, str]] = set()
    for finding in findings:
        covering = [(at, c.covering(finding)) for at, c in enumerate(comments)]
        by = [(at, name) for at, name in covering if name is not None]
        used.update(by)
        (suppressed if by else kept).append(finding)
    judged = tuple(_judge(c, at, used, vocabulary) for at, c in enumerate(comments))
    return Sifted(tuple(kept), tuple(suppressed), judged)


def _judge(
    comment: Suppression, at: int, used: set[tuple[int, str]], vocabulary: Vocabulary
) -> Suppression:
    if not comment.well_formed:
        return comment
    unknown, unused = [], []
    for name in comment.names:
        meant = {code for code, title in vocabulary.known if means(name, code, title)}
        if not meant:
            unknown.append(name)
        elif (at, name) not in used and meant <= vocabulary.judged:
            unused.append(name)
    return comment._replace(unknown=tuple(unknown), unused=tuple(unused))


def read(sources: Iterable[Source]) -> Iterator[Suppression]:
    """Read the comments of every file; the work depends on their number alone."""
    for source in sources:
        at = source.text.find(_MARK)
        while at >= 0:
            index = _item_at(source.items, at)
            made = _parse(source, index)
            if made is not None:
                yield made
            at = source.text.find(_MARK, max(at + 1, source.items[index].end))


def _item_at(items: Sequence[Item], offset: int) -> int:
    return bisect_left(items, offset + 1, key=lambda item: item.start) - 1


def _parse(source: Source, index: int) -> Suppression | None:
    item = source.items[index]
    if item.kind is not ItemKind.COMMENT:
        return None
    match = _COMMENT.match(item.args)
    if match is None:
        return None
    names = tuple(name.strip() for name in (match["names"] or "").split(",") if name.strip())
    verb = match["verb"].lower()
    text_start = source.text_start(item)
    return Suppression(
        comment=Passage(source, text_start, text_start + len(item.args)),
        verb=verb,
        names=names,
        reason=match["reason"].strip(" \t-:"),
        covers=_whole(source) if verb == "ignore-file" else _next(source, index),
    )


def _whole(source: Source) -> Passage:
    return Passage(source, 0, len(source.text) + 1)


def _next(source: Source, index: int) -> Passage | None:
    """Give the next directive, or the next section with all that stands in it."""
    items = source.items
    index += 1
    while index < len(items) and items[index].kind in {ItemKind.BLANK, ItemKind.COMMENT}:
        index += 1
    if index == len(items):
        return None
    first = items[index]
    depth = 0
    while index < len(items):
        kind = items[index].kind
        depth += (kind is ItemKind.OPEN) - (kind is ItemKind.CLOSE)
        if depth <= 0:
            break
        index += 1
    return Passage(source, first.start, items[min(index, len(items) - 1)].end)
