"""Text whose value nobody knows: variables that were not resolved, and marks of templates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.model.config import Occurrence, Source

# Jinja, Twig and Go; ERB and EPP; autoconf and httpd's own stock files; %NAME%; $(name); TT.
_TEMPLATE_MARKS = r"\{\{|\{%|\{#|<%|@@[A-Za-z]|@[A-Za-z_]{3,}@|%[A-Za-z_]{3,}%|\$\([A-Za-z]|\[% "
_TEMPLATE = re.compile(_TEMPLATE_MARKS)
# util.c: ap_resolve_env leaves ${map:key} to mod_rewrite, so a colon makes it no variable.
_UNKNOWN = re.compile(r"\$\{[^}:]*\}|" + _TEMPLATE_MARKS)
# The same in pieces that can be looked for quickly: fixed texts, and patterns with a first letter.
_PLAIN_MARKS = ("${", "{{", "{%", "{#", "<%", "@@", "[% ")
_OTHER_MARKS = (
    ("$(", re.compile(r"\$\([A-Za-z]")),
    ("@", re.compile("@[A-Za-z_]{3,}@")),
    ("%", re.compile("%[A-Za-z_]{3,}%")),
)
# Lines that only steer a template: what stands between them may be one of several branches.
_LOGIC = re.compile(
    r"^[ \t]*(?:\{%|<%[^=%]|\{\{-?[ \t]*(?:if|else|range|with|end)\b)", re.MULTILINE
)


def may_be_unknown(text: str) -> bool:
    """Tell of a whole file whether it holds any mark; far quicker than ``is_known``."""
    return any(mark in text for mark in _PLAIN_MARKS) or any(
        mark in text and pattern.search(text) for mark, pattern in _OTHER_MARKS
    )


def is_known(text: str) -> bool:
    """Tell whether a text is what httpd will see, with nothing left to fill in."""
    return _UNKNOWN.search(text) is None


def is_template(text: str) -> bool:
    """Tell whether a text holds a mark of a template, a ``${NAME}`` not counted."""
    return _TEMPLATE.search(text) is not None


def branches(text: str) -> bool:
    """Tell whether a template decides which lines of a file will be there."""
    return _LOGIC.search(text) is not None


def known_only(found: Sequence[Occurrence], marked: frozenset[Source]) -> Sequence[Occurrence]:
    """Leave out what has an unknown value; the same sequence when nothing is left out.

    Args:
        found: Occurrences.
        marked: The sources that hold anything unknown at all.
    """
    if not marked:
        return found
    kept = [o for o in found if o.source not in marked or is_known(o.item.args)]
    return found if len(kept) == len(found) else kept
