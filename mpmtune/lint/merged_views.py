"""The merged view of a tree, made once for all rules that ask for it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from mpmtune.httpd.merged_view import MergedView

if TYPE_CHECKING:
    from mpmtune.model.config import Tree


@lru_cache(maxsize=4)
def merged_view_of(tree: Tree) -> MergedView:
    """Give the view of a whole configuration; no file system is looked at.

    ``view.server(host)``, ``view.directory(host, path)`` and ``view.url(host, path)`` give what
    holds there; ``view.hosts`` are the virtual hosts by address and name.
    """
    return MergedView(tree)
