"""A comment stands behind the arguments of a directive, where httpd has no comments.

## What it does
Reports a word that begins with ``#`` behind arguments that are complete without it. Inside
quotes, in patterns and in URLs a ``#`` is nothing special. Where httpd happens to ignore the
words, behind ``On``, ``Off`` and behind the ``>`` of a section, it is only information.

## Why it matters
To httpd these are further arguments. Directives that count theirs refuse the line. Those that
take a list swallow it: after ``DirectoryIndex index.html # see a.txt`` httpd serves ``a.txt``
when there is no ``index.html``, and ``-t`` finds nothing wrong.

## When to ignore it
Where the word really is an argument, or put it into quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, insert_before, replace_arguments
from mpmtune.lint.live_text import directives_at
from mpmtune.lint.rule import TEXT, Example, Hits, Rule, Scope
from mpmtune.lint.trailing_comments import Fate, TrailingComment, trailing_comment
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Source, Tree
    from mpmtune.model.finding import Fix

_SAID = {
    Fate.IGNORED: "httpd knows no comment behind a directive; here it ignores the words by chance",
    Fate.REFUSED: "httpd knows no comment behind a directive: it refuses these words as arguments",
    Fate.SWALLOWED: "httpd knows no comment behind a directive: these words become its arguments",
}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each comment behind arguments."""
    del hits
    for source in tree.sources:
        for hit in directives_at(tree, source, _candidates(source)):
            comment = trailing_comment(hit)
            if comment is not None:
                yield Violation(
                    hit,
                    _SAID[comment.fate],
                    _fix(hit, comment),
                    word=comment.word,
                    severity=Severity.INFO if comment.fate is Fate.IGNORED else None,
                )


def _candidates(source: Source) -> Iterator[int]:
    """Give the first number sign of each line that stands behind a blank and is not its first word.

    A line that a backslash continues has its first word further up.
    """
    text = source.text
    at = text.find("#")
    while at >= 0:
        if at and not text[at - 1].isspace():
            at = text.find("#", at + 1)
            continue
        line = text.rfind("\n", 0, at) + 1
        if text[line:at].strip() or text.endswith(("\\\n", "\\\r\n"), 0, line):
            yield at
        end = text.find("\n", at)
        at = text.find("#", end) if end >= 0 else -1


def _fix(hit: Occurrence, comment: TrailingComment) -> Fix | None:
    """Move the comment above, where the directive is on one line."""
    text = hit.args[comment.start :]
    if "\n" in hit.source.text[hit.item.start : hit.item.end].rstrip():
        return None
    return fix(
        "Move the comment to a line of its own",
        insert_before(hit, text),
        replace_arguments(hit, hit.args[: comment.start].rstrip()),
        safe=comment.fate is not Fate.SWALLOWED,
    )


RULE = Rule(
    code="SYN906",
    name="trailing-comment",
    severity=Severity.ERROR,
    on=TEXT,
    references=("configuring.html#syntax", "util.c: ap_cfg_getline", "config.c: invoke_cmd"),
    since="0.1.0",
    examples=(
        Example(
            bad="DirectoryIndex index.html # start page\n",
            fixed_unsafely="# start page\nDirectoryIndex index.html\n",
        ),
        Example(
            bad="  Timeout 60 # seconds\n",
            fixed="  # seconds\n  Timeout 60\n",
        ),
        Example(
            bad="<Directory /srv/www/htdocs> # public\nRequire all granted # everybody\n"
            "</Directory>\n",
            fixed_unsafely="# public\n<Directory /srv/www/htdocs>\n# everybody\n"
            "Require all granted\n</Directory>\n",
            lines=(1, 2),
        ),
        Example(bad="KeepAlive On # for browsers\n", fixed="# for browsers\nKeepAlive On\n"),
        Example(
            bad="ServerAlias www.example.com \\\n  # example.com\n",
            lines=(2,),
            scope=Scope.FRAGMENT,
        ),
        Example(
            good='SetEnv COLOUR #fff\nRedirectMatch "^/old(#.*)?$" "/new#top"\n'
            "RewriteEngine On\nRewriteRule ^/a$ /b#c [NE]\nErrorDocument 404 #missing\n",
            modules=("env_module", "rewrite_module"),
        ),
        Example(good="# Timeout 60 # seconds\n<IfDefine Absent>\nTimeout 5 # short\n</IfDefine>\n"),
    ),
    check=check,
)
