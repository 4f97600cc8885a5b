"""A comment ends in a backslash, so the directive on the next line is part of the comment.

## What it does
Reports a comment whose last character is a backslash when the next line holds a directive or a
section's tag. A blank line or another comment there is harmless.

## Why it matters
httpd joins continued lines before it looks for comments. The directive is never read, and nothing
says so.

## When to ignore it
Where the whole of a continued directive is commented out and the next line, though it begins like
a directive, is the rest of its arguments; a ``#`` before it makes that plain.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.directives import find_all
from mpmtune.httpd.foreign import module_of
from mpmtune.httpd.names import modern
from mpmtune.lint.fixes import fix
from mpmtune.lint.live_text import item_at
from mpmtune.lint.rule import TEXT, Example, Hits, Rule
from mpmtune.model.config import ItemKind
from mpmtune.model.finding import Edit, Passage, Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Source, Tree

_CONTINUATION = re.compile(r"\\\r?\n")
_LINE = re.compile(r"[ \t]*(?P<name>[^\s#]\S*)")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the first directive that each comment swallows."""
    del hits
    for source in tree.sources:
        seen = 0
        for match in _CONTINUATION.finditer(source.text):
            if match.start() < seen:
                continue
            item = item_at(source, match.start())
            seen = item.end
            if item.kind is ItemKind.COMMENT:
                yield from _swallowed(source, source.text_start(item), item.end)


def _swallowed(source: Source, start: int, end: int) -> Iterator[Violation]:
    """Look for a directive on the lines that a comment goes on over."""
    for joint in _CONTINUATION.finditer(source.text, start, end):
        line = _LINE.match(source.text, joint.end(), end)
        if line and _is_directive(line["name"]):
            backslash = joint.start()
            yield Violation(
                Passage(source, start, backslash + 1),
                f"The backslash makes the next line a part of this comment: {line['name']} there"
                " is not read",
                fix("Remove the backslash", Edit(source, backslash, backslash + 1, "")),
            )
            return


def _is_directive(word: str) -> bool:
    folded = word.lower()
    if folded.startswith("</"):
        return bool(find_all(f"<{folded[2:].removesuffix('>')}"))
    name = modern(folded.removesuffix(">") if folded.startswith("<") else folded)
    return bool(find_all(name) or module_of(name))


RULE = Rule(
    code="SYN907",
    name="comment-swallows-next-line",
    severity=Severity.ERROR,
    on=TEXT,
    references=("configuring.html#syntax", "util.c: ap_cfg_getline_core"),
    since="0.1.0",
    examples=(
        Example(
            bad="# the files lie in C:\\\nServerSignature Off\n",
            fixed_unsafely="# the files lie in C:\nServerSignature Off\n",
        ),
        Example(
            bad="Timeout 60\n  # see \\\\server\\share\\\r\n  ServerSignature Off\r\n",
            fixed_unsafely="Timeout 60\n  # see \\\\server\\share\r\n  ServerSignature Off\r\n",
            lines=(2,),
        ),
        Example(good="# a path: C:\\\n# another: D:\\\n\nTimeout 60\n"),
        Example(good='#LogFormat "%h %l %u %t \\\n    %>s %b" short\nTimeout 60\n'),
        Example(good="# a path: C:\\ \nTimeout 60\n"),
    ),
    check=check,
)
