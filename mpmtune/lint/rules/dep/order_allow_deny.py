"""Access is written with Order, Allow and Deny, the words of httpd 2.2.

## What it does
Reports each section that holds ``Order``, ``Allow`` or ``Deny``, which mod_access_compat goes on
to understand. Where the section comes to something that ``Require`` can say, and holds no
``Require`` of its own, the fix writes it so.

## Why it matters
The two kinds of rules are judged separately and both must be passed, so a ``Require`` anywhere
else does not undo a ``Deny`` here. mod_access_compat is deprecated and absent from some builds.

The fix is not a safe one: a section with ``Require`` no longer inherits the ``Require`` of the
sections around it, such as ``Require valid-user``.

## When to ignore it
In a file that httpd 2.2 must read as well; there, ``<IfModule !mod_authz_core.c>`` around it
says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import access
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, remove, replace_arguments, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Edit, Fix

_OLD = ("order", "allow", "deny")
_NEW = ("require", "satisfy", "<requireall", "<requireany", "<requirenone")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the first old directive of each section."""
    del tree
    sections: dict[int, list[Occurrence]] = {}
    for name in _OLD:
        for hit in hits[name]:
            sections.setdefault(id(hit.enclosing), []).append(hit)
    new = (hit for name in _NEW for hit in hits[name]) if sections else ()
    taken = {id(hit.enclosing) for hit in new}
    for key, found in sections.items():
        found.sort(key=lambda hit: (hit.source.path, hit.item.start))
        fixable = key not in taken and hits.unknown.isdisjoint({*_OLD, *_NEW})
        yield Violation(
            found[0],
            f"{_names(found)} of httpd 2.2 and Require are judged apart, and a client must pass"
            " both: write Require",
            _fix(found) if fixable else None,
        )


def _names(found: Sequence[Occurrence]) -> str:
    return "/".join(dict.fromkeys(hit.item.spelling for hit in found))


def _fix(found: Sequence[Occurrence]) -> Fix | None:
    meaning = access((hit.name, split(hit.args)) for hit in found)
    needed = meaning.requirements if meaning else ()
    if not needed or len(needed) > len(found) or len({hit.source.path for hit in found}) > 1:
        return None
    edits: list[Edit | None] = []
    for hit, what in zip(found, needed, strict=False):
        edits += (replace_word(hit, 0, "Require"), replace_arguments(hit, what))
    return fix("Write Require", *edits, *(remove(hit) for hit in found[len(needed) :]))


def _directory(text: str) -> str:
    return f"<Directory /srv/www/htdocs>\n{text}</Directory>\n"


_COMPAT = ("access_compat_module",)

RULE = Rule(
    code="DEP801",
    name="order-allow-deny",
    severity=Severity.WARNING,
    on=(*_OLD, *_NEW),
    references=("upgrading.html#access", "mod/mod_access_compat.html"),
    since="0.1.0",
    examples=(
        Example(
            bad=_directory("  Order allow,deny\n  Allow from all\n"),
            fixed_unsafely=_directory("  Require all granted\n"),
            lines=(2,),
            modules=_COMPAT,
        ),
        Example(
            bad=_directory(
                "Order deny,allow\nDeny from all\nAllow from 192.0.2.0/24 .example.com\n"
            ),
            fixed_unsafely=_directory("Require ip 192.0.2.0/24\nRequire host .example.com\n"),
            lines=(2,),
            modules=_COMPAT,
        ),
        Example(
            bad=_directory("Order allow,deny\nAllow from all\nDeny from 192.0.2.7\n"),
            lines=(2,),
            modules=_COMPAT,
        ),
        Example(
            good=_directory(
                "<IfModule !mod_authz_core.c>\nOrder allow,deny\nAllow from all\n</IfModule>\n"
                "<IfModule mod_authz_core.c>\nRequire all granted\n</IfModule>\n"
            ),
            modules=_COMPAT,
        ),
    ),
    check=check,
)
