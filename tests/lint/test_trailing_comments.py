"""Comments behind arguments: which words are one, and what httpd 2.4.71 did with them."""

from __future__ import annotations

import pytest

from mpmtune.confparse.reader import read
from mpmtune.lint.trailing_comments import Fate, TrailingComment, trailing_comment
from mpmtune.model.config import Occurrence


def found(line: str) -> TrailingComment | None:
    source = read(line, "x.conf")
    return trailing_comment(Occurrence(source.items[0], source, None, None))


@pytest.mark.parametrize(
    ("line", "fate"),
    [
        ("KeepAlive On # c", Fate.IGNORED),
        ("<Directory /x> # c", Fate.IGNORED),
        ("<Directory /x> # a > b", Fate.SWALLOWED),
        ("Timeout 60 # c", Fate.REFUSED),
        ("Timeout 60 #c", Fate.REFUSED),
        ("ServerAlias a.example.com # b", Fate.SWALLOWED),
        ("DirectoryIndex index.html #start", Fate.SWALLOWED),
        ("AddType text/html html # htm", Fate.SWALLOWED),
        ("SetEnv A b # c", Fate.REFUSED),
        ("SetEnvIf Host a b # c", Fate.SWALLOWED),
        ("RewriteRule ^/a$ /b # c", Fate.SWALLOWED),
        ("CustomLog logs/a common # c", Fate.REFUSED),
    ],
)
def test_what_httpd_does_with_a_comment(line: str, fate: Fate) -> None:
    comment = found(line)
    assert comment is not None
    assert comment.fate is fate


@pytest.mark.parametrize(
    "line",
    [
        "SetEnv COLOUR #fff",
        'AuthName "a # b"',
        "Redirect /a /b#c",
        "Redirect /a #b",
        "RewriteRule ^/a$ #b [NE]",
        "ErrorDocument 404 #missing",
        "Header set X-Colour #fff",
        "<Location /a#b>",
        '<If "%{REQUEST_URI} =~ m#^/a#">',
        "Require # nothing before it",
        "Timeout # nothing before it",
        "AbsentDirective a # b",
        "ServerAdmin a b # c",
    ],
)
def test_what_is_no_comment_or_cannot_be_told(line: str) -> None:
    assert found(line) is None


def test_a_comment_is_placed_by_word_and_offset() -> None:
    assert found("Require  ip 192.0.2.1  # office") == TrailingComment(3, 14, Fate.SWALLOWED)
