"""What a tree comes to under httpd's own handlers and corrections, worked out once for all rules."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from mpmtune.httpd import effective, placement
from mpmtune.lint.rule import Scope
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from mpmtune.httpd.effective import EffectiveValues
    from mpmtune.httpd.overrides import Overrides
    from mpmtune.model.config import Diagnostic, Tree


def active_mpm(tree: Tree) -> Mpm | None:
    """Give the MPM that the configuration runs under; None when none is loaded or assumed."""
    return next((mpm for mpm in Mpm if mpm.module in tree.modules), None)


@lru_cache(maxsize=4)
def values_of(tree: Tree) -> EffectiveValues:
    """Give the values in force, what httpd refuses, and what it says."""
    return effective.of(tree)


def said_later(
    tree: Tree, scope: Scope, overrides: Overrides | None = None
) -> tuple[Diagnostic, ...]:
    """Give what httpd's handlers refuse and remark after the whole configuration was read.

    Args:
        tree: The configuration.
        scope: How much of it there is.
        overrides: What the directory of a .htaccess may hold; all where that is not known.
    """
    if overrides is not None:
        values = effective.of(tree, where=overrides.context)
    elif scope is Scope.HTACCESS:
        values = effective.of(tree, where=placement.HTACCESS)
    else:
        values = values_of(tree)
    read = {id(diagnostic) for diagnostic in tree.diagnostics}
    return tuple(d for d in values.said if id(d) not in read)
