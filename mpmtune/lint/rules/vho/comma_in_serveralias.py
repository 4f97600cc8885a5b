"""Names of a virtual host are separated by commas.

## What it does
Reports a comma in ``ServerAlias`` or ``ServerName``.

## Why it matters
httpd separates names by blanks: ``b.example,c.example`` is one name, which no request ever asks
for. Both go to the first virtual host of the address; ``-t`` is silent.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, insert_after, replace_arguments, replace_word
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line with a comma in a name."""
    del tree
    for line in hits:
        if "," not in line.args:
            continue
        words = split(line.args)
        number = next(at for at, word in enumerate(words, 1) if "," in word)
        yield Violation(
            line,
            f"{words[number - 1]} is one name to httpd, and no request asks for it",
            _fix(line, words),
            word=number,
        )


def _fix(line: Occurrence, words: tuple[str, ...]) -> Fix | None:
    names = [name for word in words for name in word.split(",") if name]
    if not names:
        return None
    if line.name == "serveralias":
        return fix("Separate them by blanks", replace_arguments(line, " ".join(names)))
    more = [] if len(names) == 1 else [insert_after(line, f"ServerAlias {' '.join(names[1:])}")]
    if more and line.enclosing is None:
        return None  # ServerAlias has no place outside of virtual hosts
    return fix("Give all but the first to ServerAlias", replace_word(line, 1, names[0]), *more)


_HOST = "<VirtualHost *:8080>\nServerName {}\n{}</VirtualHost>\n"

RULE = Rule(
    code="VHO709",
    name="comma-in-serveralias",
    severity=Severity.ERROR,
    on=("serveralias", "servername"),
    references=("mod/core.html#serveralias",),
    since="0.1.0",
    examples=(
        Example(
            bad=_HOST.format("a.example", "ServerAlias b.example,c.example, d.example\n"),
            fixed_unsafely=_HOST.format("a.example", "ServerAlias b.example c.example d.example\n"),
            lines=(3,),
        ),
        Example(
            bad=_HOST.format("a.example,b.example", ""),
            fixed_unsafely=_HOST.format("a.example", "ServerAlias b.example\n"),
            lines=(2,),
        ),
        Example(bad="ServerName a.example,b.example\n", scope=Scope.FRAGMENT),
        Example(good=_HOST.format("a.example", "ServerAlias b.example c.example\n")),
    ),
    check=check,
)
