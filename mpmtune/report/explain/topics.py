"""What ``explain`` knows, and how a topic is found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.names import fold, manual, modern
from mpmtune.model.httpd import Mpm
from mpmtune.report.text import EMPTY, Line, Span, Style, columns, heading, line

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_NAMES = 3
_RULE_CODE = re.compile(r"[a-z]{3}\d{3}")
_CLOSE_ENOUGH = 0.75


def explain(topic: str, width: int) -> list[Line] | None:
    """Lay out what is known of a topic; None when nothing is.

    Args:
        topic: An MPM, a directive, a rule code or name, an AH number or a module, in any case of letters.
        width: Columns to wrap at.
    """
    folded = fold(topic.strip())
    pages = (page(folded, width) for page in PAGES)
    return next((page for page in pages if page is not None), None)


def nearest(topic: str) -> tuple[str, ...]:
    """Give the names most like a topic that is not known, the most alike first; none may be."""
    from difflib import get_close_matches

    from mpmtune.httpd.directives import by_name
    from mpmtune.lint.registry import all_rules

    names = {folded.lstrip("<"): manual(folded).lstrip("<") for folded in by_name()}
    names |= {mpm.value: mpm.value for mpm in Mpm}
    names |= {rule.name: rule.name for rule in all_rules()}
    names |= {rule.code.lower(): rule.code for rule in all_rules()}
    close = get_close_matches(fold(topic.strip()), names, _MOST_NAMES, _CLOSE_ENOUGH)
    return tuple(names[folded] for folded in close)


def overview(width: int) -> list[Line]:
    """List the topics."""
    from mpmtune.report.explain.mpms import TITLES

    own = columns([(Span(mpm.value, Style.STRONG), Span(TITLES[mpm])) for mpm in Mpm], width)
    names = ", ".join(sorted(_directive_pages()))
    more = [
        ("a directive", "of httpd 2.4: SSLEngine, ProxyPass"),
        ("a rule", "of mpmtune lint: MPM004, or its name"),
        ("an AH number", "as httpd prints it: AH00513, or 513"),
        ("a module", "as httpd names it: php_module, mod_cgi"),
    ]
    return [
        heading("MPMS"),
        *own,
        EMPTY,
        heading("DIRECTIVES TOLD IN FULL"),
        *columns([(Span(""), Span(names))], width, gap=0),
        EMPTY,
        heading("AND ANY OTHER"),
        *columns([(Span(name, Style.STRONG), Span(text)) for name, text in more], width),
        EMPTY,
        line("For example: mpmtune explain event"),
    ]


def _mpm_page(folded: str, width: int) -> list[Line] | None:
    """Tell of an MPM: ``event``, ``mpm_event``, ``mpm_event_module``, ``event.c``."""
    name = folded.removeprefix("mpm_").removesuffix("_module").removesuffix(".c")
    mpm = next((mpm for mpm in Mpm if mpm.value == name), None)
    if mpm is None:
        return None
    from mpmtune.report.explain.mpms import TITLES, text_of
    from mpmtune.report.explain.page import lay_out, titled

    return titled(mpm.value, TITLES[mpm], width) + lay_out(text_of(mpm), width)


def _directive_page(folded: str, width: int) -> list[Line] | None:
    """Tell of a directive, in our words where a plan sets it, else from httpd's table."""
    from mpmtune.httpd.directives import find, find_all
    from mpmtune.report.explain.directive import page_of

    row = find(modern(folded.strip("<>")))
    if row is None:
        return None
    return page_of(find_all(fold(row.name)), _directive_pages().get(row.name), width)


def _directive_pages() -> dict[str, str]:
    from mpmtune.report.explain.connection_directives import CONNECTIONS
    from mpmtune.report.explain.pool_directives import POOL

    return POOL | CONNECTIONS


def _module_page(folded: str, width: int) -> list[Line] | None:
    """Tell how a module gets on with each MPM."""
    from mpmtune.report.explain.module import page_of

    return page_of(folded, width)


def _message_page(folded: str, width: int) -> list[Line] | None:
    """Tell of a message by its number: ``ah00513``, ``513``."""
    if not folded.removeprefix("ah").isdecimal():
        return None
    from mpmtune.report.explain.message import page_of

    return page_of(folded, width)


def _rule_page(folded: str, width: int) -> list[Line] | None:
    """Tell of a lint rule by its code or name; only such a topic makes the rules load."""
    if "-" not in folded and not _RULE_CODE.fullmatch(folded):
        return None
    from mpmtune.report.explain.rule import page_of

    return page_of(folded, width)


# The first that knows the topic answers. A new kind of topic is one row.
PAGES: tuple[Callable[[str, int], list[Line] | None], ...] = (
    _mpm_page,
    _message_page,
    _directive_page,
    _rule_page,
    _module_page,
)
