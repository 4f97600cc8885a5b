"""Physical lines of a configuration as they may be shown: without secrets, safe for a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.directives import find
from mpmtune.httpd.secrets import HIDDEN, cut_urls, mask_raw, may_be_shown
from mpmtune.httpd.words import arguments, next_word
from mpmtune.report.positions import decoded
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The first word of a comment that is spelled as a directive: a third-party one, commented out.
# What has capitals alone is an abbreviation that begins a sentence.
_LIKE_A_DIRECTIVE = re.compile(r"(?![A-Z]+\Z)[A-Za-z][a-z]*[A-Z]\w*\Z")


def shown(text: str) -> str:
    """Make a piece of a source printable: UTF-8 read as such, a tab as four blanks."""
    return printable(decoded(text).replace("\t", "    "))


def masked(lines: Iterable[str]) -> Iterator[str]:
    """Hold back what must not be shown of each line; what continues such a line is hidden whole."""
    hidden = False
    for line in lines:
        safe = HIDDEN if hidden else mask_line(line)
        hidden = line.rstrip("\r").endswith("\\") and safe != line
        yield safe


def mask_line(line: str) -> str:
    """Hold back what must not be shown of one line; the same line where that is nothing."""
    text = line.strip()
    if text.startswith("#"):
        return _mask_comment(line)
    name, at = next_word(text)
    args = text[at:]
    if not args or name.startswith("</"):
        return line
    safe = mask_raw(name, arguments(name.lower(), args), args)
    return line if safe == args else line.replace(args, safe)


def _mask_comment(line: str) -> str:
    """A directive that was commented out keeps its secret; prose is shown."""
    word, _ = next_word(line.strip().lstrip("#"))
    name = word.strip("<>")
    known = find(name.lower()) or find(f"<{name.lower()}")
    if (known and not may_be_shown(name)) or (not known and _LIKE_A_DIRECTIVE.match(name)):
        start = line.find(word) + len(word)
        return f"{line[:start]} {HIDDEN}"
    return cut_urls(line)
