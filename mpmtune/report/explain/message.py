"""One of httpd's messages, by its AH number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.corrections import Reading
from mpmtune.httpd.messages import find
from mpmtune.report.explain.page import titled
from mpmtune.report.text import EMPTY, Span, columns, heading, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.messages import Explanation
    from mpmtune.report.text import Line

_SAID_BY = {
    Reading.CONSOLE: "the console, at start and with -t",
    Reading.LOG: "the error log, at start and at each reload",
}


def page_of(topic: str, width: int) -> list[Line] | None:
    """Lay out a message; None when the number is not in the table."""
    message = find(topic)
    if message is None:
        return None
    page = titled(message.id, message.says, width)
    for title, text in (
        ("WHAT IT MEANS", message.meaning),
        ("WHERE IT COMES FROM", message.cause),
        ("WHAT TO DO", message.cure),
    ):
        page += [heading(title), *paragraph(text, width, indent=2), EMPTY]
    return [*page, heading("FACTS"), *columns(list(_facts(message)), width)]


def _facts(message: Explanation) -> Iterator[tuple[Span, Span]]:
    yield Span("level"), Span(message.level)
    if message.mpm is not None:
        yield Span("said by"), Span(message.mpm.value)
    if message.reading is not None:
        yield Span("seen on"), Span(_SAID_BY[message.reading])
    if message.siblings:
        yield Span("same as"), Span(", ".join(message.siblings))
