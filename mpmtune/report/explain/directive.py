"""A directive: what a plan's page says, and what httpd's own table knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.directives import ACCESS_CONF, ALL_OVERRIDES, RSRC_CONF
from mpmtune.httpd.names import REFUSED, fold, manual
from mpmtune.report.explain.page import lay_out, titled
from mpmtune.report.text import EMPTY, Span, columns, heading, line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.httpd.directives import Directive
    from mpmtune.report.text import Line

_PLACES = {
    "s": "server config",
    "v": "virtual host",
    "d": "directory",
    "h": ".htaccess",
    "p": "proxy section",
}
_OVERRIDES = ("Limit", "Options", "FileInfo", "AuthConfig", "Indexes")


def page_of(rows: Sequence[Directive], text: str | None, width: int) -> list[Line]:
    """Lay out a directive.

    Args:
        rows: All rows of its name; modules that register it differently have one each.
        text: The page that a plan's directive has; None for the others.
        width: Columns to wrap at.
    """
    row = rows[0]
    spelling = manual(fold(row.name))
    name = f"{spelling}>" if row.section else spelling
    facts = [heading("FACTS"), *columns(list(_facts(rows, told=text is not None)), width)]
    if row.home:  # a link is of no use when it is wrapped
        anchor = fold(row.name).lstrip("<")
        facts += [line(f"  https://httpd.apache.org/docs/2.4/mod/{row.home}.html#{anchor}")]
    if text is None:
        what = row.help or "in the manual, but no module of the build that was asked has it"
        return [*titled(name, what, width), *facts]
    return [*titled(name, "directive", width), *lay_out(text, width), EMPTY, *facts]


def _facts(rows: Sequence[Directive], *, told: bool) -> Iterator[tuple[Span, Span]]:
    row = rows[0]
    modules = dict.fromkeys(module for each in rows for module in each.module_ids)
    yield Span("module"), Span(", ".join(modules) or row.home)
    yield Span("may stand in"), Span(", ".join(_places(row)) or "nowhere: it is always refused")
    if "h" in row.contexts:
        classes = [name for bit, name in enumerate(_OVERRIDES) if row.flags & 1 << bit]
        yield Span("AllowOverride"), Span(" or ".join(classes) or "All")
    if row.default and not told:
        yield Span("default"), Span(row.default)
    if row.since:
        yield Span("since"), Span(row.since)
    successor = REFUSED.get(fold(row.name))
    if successor is not None:
        yield Span("use"), Span(manual(successor))


def _places(row: Directive) -> list[str]:
    """Name the documented places; where the manual has none, what httpd's table allows."""
    if row.contexts:
        return [_PLACES[letter] for letter in row.contexts]
    allowed = {
        "server config": row.flags & RSRC_CONF,
        "virtual host": row.flags & RSRC_CONF and not row.never_in & 1,
        "directory": row.flags & ACCESS_CONF or row.flags & ALL_OVERRIDES,
        ".htaccess": row.flags & ALL_OVERRIDES,
    }
    return [place for place, is_allowed in allowed.items() if is_allowed]
