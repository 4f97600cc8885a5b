"""The words of RewriteRule and RewriteCond."""

from __future__ import annotations

import pytest

from mpmtune.httpd.rewrite_words import split

LINES = {
    "^/a /b [L]": ("^/a", "/b", "[L]"),
    r"%{THE_REQUEST} ^GET\ /a\ HTTP [NC]": ("%{THE_REQUEST}", r"^GET\ /a\ HTTP", "[NC]"),
    r'"a b" "c \"d\" e"': ("a b", r"c \"d\" e"),
    r"'a b' c\d": ("a b", r"c\d"),
    '"open end': ("open end",),
    '"" -': ("", "-"),
    "": (),
}


@pytest.mark.parametrize(("args", "words"), LINES.items())
def test_a_backslash_keeps_a_blank_or_quote_and_stays(args: str, words: tuple[str, ...]) -> None:
    assert split(args) == words
