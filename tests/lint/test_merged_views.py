"""Rules share one merged view of a tree."""

from __future__ import annotations

from mpmtune.lint.merged_views import merged_view_of
from tests.httpd.trees import a_tree


def test_a_tree_has_one_view() -> None:
    tree, other = a_tree("Timeout 5"), a_tree("Timeout 5")
    assert merged_view_of(tree) is merged_view_of(tree)
    assert merged_view_of(tree) is not merged_view_of(other)
    assert merged_view_of(tree).tree is tree
