"""From a place in a file to the directive that is in force there, for rules that search text."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from mpmtune.httpd.names import modern
from mpmtune.lint.unknown_values import is_known
from mpmtune.model.config import ItemKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mpmtune.model.config import Item, Occurrence, Source, Tree

_Place = tuple[str, int]  # path of a source, and where the item begins


def item_at(source: Source, offset: int) -> Item:
    """Give the item that holds a character of its source."""
    return source.items[bisect_right(source.items, offset, key=lambda item: item.start) - 1]


def directives_at(tree: Tree, source: Source, offsets: Iterable[int]) -> Iterator[Occurrence]:
    """Give the directives in force at some places of a source, each once.

    Comments, false sections, closing tags and what a template or an unknown variable completes
    are passed over.

    Args:
        tree: The configuration.
        source: One of its sources.
        offsets: Places in it, ascending.
    """
    index: dict[str, dict[_Place, Occurrence]] = {}
    seen = 0
    for offset in offsets:
        if offset < seen:
            continue
        item = item_at(source, offset)
        seen = item.end
        if item.kind not in {ItemKind.DIRECTIVE, ItemKind.OPEN}:
            continue
        name = modern(item.name)
        if name not in index:
            found = tree.by_name.get(name, ())
            index[name] = {(o.source.path, o.item.start): o for o in found}
        occurrence = index[name].get((source.path, item.start))
        if occurrence is not None and is_known(item.args):
            yield occurrence
