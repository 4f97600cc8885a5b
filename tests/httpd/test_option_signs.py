"""Options with and without signs, in one section and in several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.httpd.option_signs import Signs, built_in, read
from tests.httpd.trees import a_tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.model.config import Occurrence


def lines(*texts: str) -> Sequence[Occurrence]:
    return a_tree("\n".join(texts)).occurrences


def merged(name: str, *sections: str) -> Signs:
    state = read(name.lower(), lines(f"{name} {sections[0]}"), built_in(name.lower()))
    for section in sections[1:]:
        state = state.merged(read(name.lower(), lines(f"{name} {section}")))
    return state


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        (["Indexes"], {"indexes"}),
        (["None"], set()),
        (["All"], {"indexes", "includes", "followsymlinks", "execcgi"}),
        (["+Indexes"], {"followsymlinks", "indexes"}),
        (["-FollowSymLinks"], set()),
        (["Indexes", "+ExecCGI"], {"indexes", "execcgi"}),
        (["Indexes", "ExecCGI"], {"execcgi"}),
        (["Indexes", "-Indexes +MultiViews"], {"multiviews"}),
        (["+Indexes", "-Indexes", "+Indexes"], {"indexes", "followsymlinks"}),
        (["IncludesNOEXEC"], {"includesnoexec"}),
        (["Includes", "+IncludesNOEXEC"], {"includesnoexec"}),
        (["Includes", "-Includes"], set()),
    ],
)
def test_sections_of_options_come_to_words(sections: list[str], words: set[str]) -> None:
    assert merged("Options", *sections).words == words


def test_a_line_without_signs_starts_anew_within_a_section() -> None:
    state = read("options", lines("Options Indexes", "Options ExecCGI", "Options +MultiViews"))
    assert state.words == {"execcgi", "multiviews"}


def test_lines_of_index_options_add_up_within_a_section() -> None:
    state = read("indexoptions", lines("IndexOptions FancyIndexing", "IndexOptions NameWidth=*"))
    assert state.words == {"fancyindexing", "namewidth"}


def test_what_index_options_took_away_stays_away() -> None:
    state = merged("IndexOptions", "FancyIndexing HTMLTable", "-HTMLTable", "+HTMLTable")
    assert state.words == {"fancyindexing"}


def test_the_lines_with_a_say_are_those_whose_words_count() -> None:
    found = lines("Options Indexes", "Options +ExecCGI", "Options -ExecCGI")
    states = [read("options", [line]) for line in found]
    state = states[0].merged(states[1]).merged(states[2])
    assert state.lines == {id(found[0]), id(found[2])}
