"""The words of RewriteRule and RewriteCond."""

from __future__ import annotations

import pytest

from mpmtune.httpd.rewriting import rewrite_words

LINES = {
    "^/a /b [L]": ("^/a", "/b", "[L]"),
    r"%{THE_REQUEST} ^GET\ /a\ HTTP [NC]": ("%{THE_REQUEST}", r"^GET\ /a\ HTTP", "[NC]"),
    '"a b" c\\d': ("a b", "c\\d", ""),
    r"""'a\"b' "c\" d""": (r"a\"b", "c\\", "d"),
    '"open end': ("open end", "", ""),
    '"" -': ("", "-", ""),
    "": ("", "", ""),
}


@pytest.mark.parametrize(("args", "words"), LINES.items())
def test_a_backslash_keeps_a_blank_and_no_quote(args: str, words: tuple[str, str, str]) -> None:
    assert rewrite_words(args) == words
