"""Caches of mod_ssl in shared memory: the fix of the rules that miss one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, insert_before, replace_with

if TYPE_CHECKING:
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix


def with_cache(
    tree: Tree, title: str, cache: str, before: Occurrence, instead_of: Occurrence | None = None
) -> Fix | None:
    """Give the fix that writes a cache for the main server, for mod_ssl takes it nowhere else.

    Args:
        tree: The configuration.
        title: What the fix does.
        cache: The line.
        before: What needs it: it is put above the outermost section of that.
        instead_of: The line that says there is none, where there is one.

    Returns:
        None where no module that makes such caches is loaded.
    """
    if "socache_shmcb_module" not in tree.modules:
        return None
    if instead_of is not None:
        return fix(title, replace_with(instead_of, cache))
    return fix(title, insert_before((*before.sections(), before)[0], cache))
