"""Where a section ends, by the tags of its own file."""

from __future__ import annotations

from mpmtune.confparse.reader import read
from mpmtune.lint.section_ends import closing_of
from mpmtune.model.config import Occurrence

NESTED = (
    "<VirtualHost *:80>\n<Directory /a>\n</Directory>\n</virtualhost>\n<Location />\n</Files>\n"
)


def closing_line(number: int) -> int | None:
    source = read(NESTED, "x.conf")
    closing = closing_of(Occurrence(source.items[number - 1], source, None, None))
    return source.line_of(closing.start) if closing else None


def test_the_end_of_a_section_is_found_over_those_within() -> None:
    assert closing_line(1) == 4
    assert closing_line(2) == 3


def test_a_section_that_another_tag_closes_has_no_end() -> None:
    assert closing_line(5) is None


def test_a_section_that_nothing_closes_has_no_end() -> None:
    source = read("<Location />\nTimeout 60\n", "x.conf")
    assert closing_of(Occurrence(source.items[0], source, None, None)) is None
