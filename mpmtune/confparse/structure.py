"""What is wrong with the structure of one file, seen by itself.

Conditions, Include and macros can make httpd judge otherwise: its verdict is that of
``evaluate``. This is what a file shows to whoever reads it alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.confparse.lines import logical_line
from mpmtune.model.config import Diagnostic, Fault, Item, ItemKind, Level, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

# Their bodies are text to httpd until the closing tag (mod_lua.c, mod_perl's <Perl>).
RAW_SECTIONS = {
    "<perl": "perl_module",
    "<luahookaccesschecker": "lua_module",
    "<luahookauthchecker": "lua_module",
    "<luahookcheckuserid": "lua_module",
    "<luahookfixups": "lua_module",
    "<luahookmaptostorage": "lua_module",
    "<luahookpretranslatename": "lua_module",
    "<luahooktranslatename": "lua_module",
    "<luahooktypechecker": "lua_module",
    "<luaquickhandler": "lua_module",
}


def problems(source: Source, line_limit: int) -> tuple[Diagnostic, ...]:
    """Find lines that are too long, and sections that do not balance, in the order they stand."""
    found = [*too_long(source, line_limit), *_unbalanced(source)]
    return tuple(sorted(found, key=lambda diagnostic: diagnostic.start))


def place(fault: Fault, text: str, source: Source, item: Item) -> Diagnostic:
    """Make an error at an item, its file and line as httpd reports them."""
    return Diagnostic(
        fault,
        Level.ERROR,
        "",
        text,
        file=source.path,
        line=source.last_line_of(item),
        source=source,
        start=source.text_start(item),
        end=item.end,
    )


def too_long(source: Source, limit: int) -> Iterator[Diagnostic]:
    """Yield the lines that httpd does not take; it gives up the file there."""
    if len(source.text) <= limit:
        return
    for item in source.items:
        if item.end - item.start > limit and logical_line(source.text, item.start).length > limit:
            line = source.last_line_of(item)
            text = f"Error reading {source.path} at line {line}: Line too long"
            yield place(Fault.LINE_TOO_LONG, text, source, item)


def _unbalanced(source: Source) -> Iterator[Diagnostic]:
    opened: list[Item] = []
    for item in source.items:
        if item.kind is ItemKind.OPEN:
            if not (opened and _is_raw(opened[-1])):
                opened.append(item)
        elif item.kind is ItemKind.CLOSE:
            yield from _close(source, opened, item)
    for item in reversed(opened):
        text = f"{_shown(item)}> was not closed."
        yield place(Fault.UNCLOSED_SECTION, text, source, item)


def _close(source: Source, opened: list[Item], item: Item) -> Iterator[Diagnostic]:
    name = "<" + item.name[2:]
    if not item.spelling.endswith(">"):
        text = f"{item.spelling}> directive missing closing '>'"
        yield place(Fault.MISSING_BRACKET, text, source, item)
    if opened and opened[-1].name == name:
        opened.pop()
    elif opened and _is_raw(opened[-1]):
        return
    elif any(section.name == name for section in opened):
        text = f"Expected </{_shown(opened[-1])[1:]}> but saw {_shown(item)}>"
        yield place(Fault.MISMATCHED_CLOSE, text, source, item)
        while opened.pop().name != name:
            pass
    else:
        text = f"{item.spelling} without matching <{_shown(item)[2:]}> section"
        yield place(Fault.STRAY_CLOSE, text, source, item)


def _shown(item: Item) -> str:
    return item.spelling.removesuffix(">")


def _is_raw(section: Item) -> bool:
    return section.name in RAW_SECTIONS or section.name == "<macro"
