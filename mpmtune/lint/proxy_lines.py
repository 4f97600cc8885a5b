"""Lines of mod_proxy as rules handle them: of which server they are, and how they are mended."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from mpmtune.httpd.proxy_passes import pass_of
from mpmtune.httpd.secrets import mask
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import replace_word
from mpmtune.lint.placing import whole_of, word_of
from mpmtune.model.finding import Edit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.httpd.proxy_passes import ProxyPass
    from mpmtune.model.config import Occurrence, Tree

HOST_ALONE = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#]+", re.IGNORECASE)
"""A URL without a path."""


@lru_cache(maxsize=4)
def passes_of(tree: Tree) -> Mapping[int, ProxyPass]:
    """Read every ProxyPass and ProxyPassMatch once, by the ``id`` of the line."""
    lines = (tree.by_name.get(name, ()) for name in ("proxypass", "proxypassmatch"))
    return {id(line): pass_of(line) for line in chain.from_iterable(lines)}


def server_of(line: Occurrence) -> Occurrence | None:
    """Give the virtual host that a line stands in; None for the main server."""
    section = line.enclosing
    while section is not None and section.name != "<virtualhost":
        section = section.enclosing
    return section


def shown(line: Occurrence) -> str:
    """Give a line as it is written; empty where it takes several lines, or holds a secret."""
    args = split(line.args)
    passage = whole_of(line)
    text = passage.source.text[passage.start : passage.end]
    return "" if "\n" in text or mask(line.name, args) != args else text


def at_end_of_word(line: Occurrence, number: int, *, add: str = "", drop: int = 0) -> Edit | None:
    """Change the end of a word, before its quote; the rest, a password perhaps, is not repeated."""
    if replace_word(line, number, "") is None:
        return None
    source, start, end = word_of(line, number)
    quoted = source.text[start] in "\"'" and source.text[end - 1] == source.text[start]
    end -= quoted
    return Edit(source, end - drop, end, add)
