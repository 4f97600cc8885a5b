"""LoadModule lines: where they stand, and a fix that adds one."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, insert_before

if TYPE_CHECKING:
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_USUAL_DIRECTORY = "modules"


def load(tree: Tree, used: Occurrence, *modules: str) -> Fix | None:
    """Load modules above the directive that uses one, outside of every section.

    The file is looked for where the other modules of the configuration come from.
    """
    sections = used.sections()
    place = sections[0] if sections else used
    names = ", ".join(modules)
    lines = [f"LoadModule {name} {_directory(tree)}/{file_name(name)}" for name in modules]
    return fix(f"Load {names}", *[insert_before(place, line) for line in lines])


def file_name(module: str) -> str:
    """Give the usual file of a module: ``mod_ssl.so`` for ``ssl_module``."""
    return f"mod_{module.removesuffix('_module')}.so"


def _directory(tree: Tree) -> str:
    """Give the directory that other modules are loaded from, as it is written."""
    for line in reversed(tree.by_name.get("loadmodule", ())):
        words = split(line.args)
        if len(words) > 1 and "/" in words[1] and "$" not in words[1]:
            return posixpath.dirname(words[1])
    return _USUAL_DIRECTORY
