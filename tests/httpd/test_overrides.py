"""What AllowOverride and AllowOverrideList let a .htaccess hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.httpd import directives, effective
from mpmtune.httpd.merged_view import MergedView
from tests.httpd.trees import a_tree

if TYPE_CHECKING:
    from mpmtune.httpd.overrides import Overrides


def overrides(*sections: tuple[str, str], directory: str = "/www/a") -> Overrides:
    text = "".join(f"<Directory {path}>\n{lines}\n</Directory>\n" for path, lines in sections)
    here = MergedView(a_tree(text)).directory(None, directory)
    return here.overrides_in(here.directories[-1])


def refusals(found: Overrides, text: str, *modules: str) -> list[tuple[str, str]]:
    """What httpd would say of a .htaccess: number and text."""
    said = effective.of(a_tree(text, modules=modules), where=found.context).said
    return [(one.id, one.text) for one in said if one.occurrence is not None]


def test_nothing_said_admits_nothing_and_the_file_is_read() -> None:
    found = overrides()
    assert (found.is_read, found.allowed_by, found.listed_by) == (True, None, None)
    assert refusals(found, "Options None") == [("AH00526", "Options not allowed here")]


@pytest.mark.parametrize(
    ("lines", "is_read"),
    [
        ("AllowOverride None", False),
        ("AllowOverride None\nAllowOverrideList None", False),
        ("AllowOverride None\nAllowOverrideList Options", True),
        ("AllowOverrideList None", True),
        ("AllowOverride None Nonfatal=All", True),
        ("AllowOverride Limit", True),
        ("AllowOverride FileInfo\nAllowOverride None", False),
    ],
)
def test_a_file_is_read_where_anything_is_let_in(lines: str, is_read: bool) -> None:
    assert overrides(("/www", lines)).is_read is is_read


def test_classes_are_those_of_the_last_line_and_of_the_deepest_section() -> None:
    found = overrides(
        ("/www", "AllowOverride All"),
        ("/www/a", "AllowOverride Limit\nAllowOverride AuthConfig Indexes"),
        ("/www/a/b", "AllowOverride None"),
    )
    assert found.context.override == directives.AUTHCONFIG | directives.INDEXES
    assert found.allowed_by is not None
    assert found.allowed_by.args == "AuthConfig Indexes"


def test_a_list_is_kept_until_another_replaces_it() -> None:
    found = overrides(
        ("/www", "AllowOverride None\nAllowOverrideList Redirect Options"),
        ("/www/a", "AllowOverride FileInfo"),
    )
    assert found.context.listed == {"redirect", "options"}
    assert found.listed_by is not None
    assert refusals(found, "Options None\nErrorDocument 404 /x\n") == []
    inner = overrides(("/www", "AllowOverrideList Options"), ("/www/a", "AllowOverrideList None"))
    assert inner.context.listed == frozenset()


def test_sections_for_patterns_have_no_say() -> None:
    text = '<DirectoryMatch "^/www">\nAllowOverride All\n</DirectoryMatch>\n'
    here = MergedView(a_tree(text)).directory(None, "/www")
    assert here.overrides_in("/www/").allowed_by is None
    assert here.overrides_in("/").context.override == 0


@pytest.mark.parametrize(
    ("allowed", "line", "text"),
    [
        ("Options=Indexes", "Options -Indexes", ""),
        ("Options=Indexes", "Options None", ""),
        ("Options=Indexes", "Options All", "Option All not allowed here"),
        ("Options=Indexes", "Options Indexes +Includes", "Either all Options must start"),
        ("Options=Indexes", "Options Indexes Includes", "Option Includes not allowed here"),
        ("Options=Indexes,Includes", "Options Includes", ""),
        ("Options=All", "Options Includes", ""),
        ("Options", "Options All", ""),
    ],
)
def test_single_options_may_be_allowed(allowed: str, line: str, text: str) -> None:
    found = overrides(("/www", f"AllowOverride {allowed}"))
    said = [message for _, message in refusals(found, line)]
    assert len(said) == bool(text)
    assert "".join(said).startswith(text)
    inside = [m for _, m in refusals(found, f"<Files a>\n{line}\n</Files>")]
    assert inside == said


def test_what_is_not_fatal_is_passed_over() -> None:
    both = overrides(("/www", "AllowOverride None Nonfatal=All"))
    assert refusals(both, "Nonsense\nOptions None") == [
        ("AH02295", "Options in .htaccess forbidden by AllowOverride")
    ]
    unknown = overrides(("/www", "AllowOverride Nonfatal=Unknown Nonfatal=odd"))
    assert refusals(unknown, "Nonsense\nOptions None") == [("AH00526", "Options not allowed here")]
    override = overrides(("/www", "AllowOverride Nonfatal=Override"))
    assert [number for number, _ in refusals(override, "Nonsense\nOptions None")] == [
        "AH00526",
        "AH02295",
    ]
