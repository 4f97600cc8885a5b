"""Quotes, dashes or blanks of typesetting stand where httpd needs those of ASCII.

## What it does
Reports a word outside of ASCII quotes that begins or ends with a curly quote or a guillemet, that
begins with a dash longer than ``-``, or that holds a no-break space or an invisible character.
Inside of ASCII quotes such characters are text.

## Why it matters
They come with text that was copied from a web page or a word processor. httpd takes them for
letters: ``DirectoryIndex “index.html”`` looks for a file with quotes in its name, and a no-break
space does not separate words. Often nothing is said about it.

## When to ignore it
Where a file, a user or a host really is called so; put the word into ASCII quotes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.words import spans
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.live_text import directives_at
from mpmtune.lint.rule import TEXT, Example, Hits, Rule
from mpmtune.lint.typography import BYTE_ORDER_MARK, first_in, plain, typographic
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mpmtune.model.config import Occurrence, Source, Tree
    from mpmtune.model.finding import Fix

_MOST_WORDS = 20
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each directive with such a word."""
    del hits
    for source in tree.sources:
        if source.text.isascii():
            continue
        for hit in directives_at(tree, source, _candidates(source)):
            words = _wrong(hit)
            if words:
                number, word = next(iter(words.items()))
                shown = first_in(word)
                yield Violation(
                    hit,
                    f"{_name(shown)} is a letter like any other to httpd, not the character of"
                    " ASCII that is meant",
                    _fix(hit, words),
                    word=number,
                )


def _candidates(source: Source) -> Iterator[int]:
    return (match.start() for match in _BEYOND_ASCII.finditer(source.text))


def _wrong(hit: Occurrence) -> Mapping[int, str]:
    """Give the words that hold such a character, by their number."""
    item = hit.item
    name = item.spelling if item.start else item.spelling.removeprefix(BYTE_ORDER_MARK)
    words = {0: name} | {
        number: item.args[start:end]
        for number, (start, end) in enumerate(spans(item.args), start=1)
        if item.args[start] not in "\"'"
    }
    return {number: word for number, word in words.items() if typographic(word.rstrip(">"))}


def _fix(hit: Occurrence, words: Mapping[int, str]) -> Fix | None:
    """Write what was meant, unless that would put quotes within quotes."""
    if 0 in words or len(words) > _MOST_WORDS or any("\\" in word for word in words.values()):
        return None
    edits = (replace_word(hit, number, plain(word)) for number, word in words.items())
    return fix("Write them in ASCII", *edits)


def _name(character: str) -> str:
    """Show a character, by its number where it is a blank or cannot be seen."""
    return (
        f"U+{ord(character):04X}"
        if character.isspace() or not character.isprintable()
        else (f"The character {character}")
    )


RULE = Rule(
    code="SYN911",
    name="typographic-quotes",
    severity=Severity.ERROR,
    on=TEXT,
    references=("configuring.html#syntax", "util.c: ap_getword_conf"),
    since="0.1.0",
    examples=(
        Example(
            bad="DirectoryIndex “index.html”\n",
            fixed_unsafely='DirectoryIndex "index.html"\n',
        ),
        Example(
            bad="<Directory ‘/srv/www/htdocs’>\nRequire all granted\n</Directory>\n",
            fixed_unsafely="<Directory '/srv/www/htdocs'>\nRequire all granted\n</Directory>\n",
        ),
        Example(
            bad="ServerName www.example.com\nDirectoryIndex index.html\u00a0index.php\n",
            fixed_unsafely="ServerName www.example.com\nDirectoryIndex index.html index.php\n",
            lines=(2,),
        ),
        Example(
            good='ErrorDocument 404 "Sorry – we can’t find “this”"\n# “a comment”\n'
            "Alias /café /srv/www/htdocs/café\n"
        ),
    ),
    check=check,
)
