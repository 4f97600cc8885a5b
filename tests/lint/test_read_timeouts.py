"""Which stage of RequestReadTimeout holds where."""

from __future__ import annotations

from mpmtune.httpd.reqtimeout import Stage
from mpmtune.lint.read_timeouts import stages_in_force
from mpmtune.lint.rule import Example
from tests.lint.example_readings import reading_of

NOW = (2, 4, 71)


def stages(text: str) -> list[tuple[int, int, str, Stage]]:
    (tree,) = reading_of(Example(bad=text), text).trees
    lines = tree.by_name["requestreadtimeout"]
    return [(s.line.line, s.word, s.name, s.stage) for s in stages_in_force(lines, NOW)]


def test_each_word_sets_one_stage() -> None:
    assert stages("RequestReadTimeout body=10,MinRate=200 header=20-40,MinRate=500\n") == [
        (1, 1, "body", Stage(10, 0, 200)),
        (1, 2, "header", Stage(20, 40, 500)),
    ]


def test_the_last_of_one_place_holds() -> None:
    text = "RequestReadTimeout header=10 body=10\nRequestReadTimeout body=30\n"
    assert stages(text) == [(1, 1, "header", Stage(10)), (2, 1, "body", Stage(30))]


def test_a_virtual_host_is_another_place() -> None:
    text = (
        "RequestReadTimeout body=10\n"
        "<VirtualHost *:80>\nRequestReadTimeout body=30\n</VirtualHost>\n"
    )
    assert stages(text) == [(1, 1, "body", Stage(10)), (3, 1, "body", Stage(30))]


def test_what_httpd_refuses_is_left_out() -> None:
    assert stages("RequestReadTimeout body header=5x\nRequestReadTimeout nothing=5\n") == []
