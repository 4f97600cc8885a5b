"""Every answer names httpd's version.

## What it does
Reports a ``ServerTokens`` other than ``Prod``, and a whole configuration without one: httpd's own
default is ``Full``.

## Why it matters
The ``Server`` header then tells version, operating system and modules. It protects nothing to
hide them, but attackers who look for a certain version need not try, and each audit asks for it.

## When to ignore it
Where the version is no secret: an internal server, or one that is always up to date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_TELLS = {
    "full": "version, operating system and modules",
    "os": "version and operating system",
    "min": "the version",
    "minimal": "the version",
    "minor": "major and minor version",
    "major": "the major version",
}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the line in force, or its absence."""
    del tree
    line = hits.last("servertokens")
    if line is None:
        if hits.scope is Scope.WHOLE:
            yield Violation(
                None, "Without ServerTokens each answer tells version, operating system and modules"
            )
        return
    told = _TELLS.get(word_in(line).lower())
    if told is not None:
        yield Violation(
            line,
            f"Each answer tells {told}",
            fix("Tell the name alone", replace_word(line, 1, "Prod")),
            word=1,
        )


RULE = Rule(
    code="SEC311",
    name="server-tokens-verbose",
    severity=Severity.INFO,
    on=("servertokens",),
    when_absent=True,
    cis=("8.1",),
    stig=("V-214256",),
    references=("mod/core.html#servertokens",),
    since="0.1.0",
    examples=(
        Example(bad="ServerTokens OS\n", fixed_unsafely="ServerTokens Prod\n"),
        Example(bad="Timeout 60\n", lines=(0,)),
        Example(good="ServerTokens ProductOnly\n"),
        Example(good="Timeout 60\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
