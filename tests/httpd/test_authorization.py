"""Require and its sections, and what AuthMerging makes of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.httpd.access_compat import Admitted
from mpmtune.httpd.authorization import Authorization, Requirement, Verdict, possible, read
from mpmtune.httpd.sections import Containers
from tests.httpd.trees import a_tree

if TYPE_CHECKING:
    from mpmtune.model.config import Occurrence

GRANT, DENY = "Require all granted", "Require all denied"


def authorization(text: str) -> Authorization:
    tree = a_tree(f"<Directory /x>\n{text}\n</Directory>", modules=("authz_core",))
    containers = Containers(tree)
    section = tree.by_name["<directory"][0]

    def inside(one: Occurrence) -> list[Occurrence]:
        return list(containers.of(one).directives)

    return read(containers.of(section).directives, inside)


@pytest.mark.parametrize(
    ("text", "admitted"),
    [
        ("", Admitted.ALL),
        (GRANT, Admitted.ALL),
        (DENY, Admitted.NONE),
        (f"{GRANT}\n{DENY}", Admitted.ALL),
        (f"<RequireAll>\n{GRANT}\n{DENY}\n</RequireAll>", Admitted.NONE),
        ("Require ip 10.0.0.1", Admitted.SOME),
        (f"{GRANT}\nRequire ip 10.0.0.1", Admitted.ALL),
        (
            "<RequireAll>\nRequire all granted\nRequire not ip 10.0.0.1\n</RequireAll>",
            Admitted.SOME,
        ),
        (
            f"<RequireAll>\n{GRANT}\n<RequireNone>\n{GRANT}\n</RequireNone>\n</RequireAll>",
            Admitted.NONE,
        ),
        (
            f"<RequireAll>\n{GRANT}\n<RequireNone>\n{DENY}\n</RequireNone>\n</RequireAll>",
            Admitted.ALL,
        ),
        ("Require not all denied", Admitted.NONE),
        (f"<Limit POST>\n{DENY}\n</Limit>", Admitted.ALL),
        (f"<Limit GET>\n{DENY}\n</Limit>", Admitted.NONE),
        (f"<LimitExcept GET POST>\n{DENY}\n</LimitExcept>", Admitted.ALL),
        (f"<LimitExcept POST>\n<RequireAll>\n{DENY}\n</RequireAll>\n</LimitExcept>", Admitted.NONE),
        (f"<Limit POST>\n{DENY}\n</Limit>\nRequire ip 10.0.0.1", Admitted.SOME),
    ],
)
def test_who_passes(text: str, admitted: Admitted) -> None:
    assert authorization(text).admitted is admitted


def test_head_is_limited_as_get_is() -> None:
    required = authorization(f"<Limit GET>\n{DENY}\n</Limit>").required
    assert required is not None
    assert possible(required, "HEAD") == {Verdict.DENIED}
    assert possible(required, "PUT") == {Verdict.GRANTED}


def test_a_client_of_whom_more_is_known_can_be_told_of() -> None:
    required = authorization("Require ip 10.0.0.1").required
    assert required is not None
    told: list[tuple[str, ...]] = []

    def tell(words: tuple[str, ...]) -> frozenset[Verdict]:
        told.append(words)
        return frozenset({Verdict.GRANTED})

    assert possible(required, tell=tell) == {Verdict.GRANTED}
    assert told == [("ip", "10.0.0.1")]


@pytest.mark.parametrize(
    ("sections", "admitted"),
    [
        ([DENY, GRANT], Admitted.ALL),
        ([DENY, f"AuthMerging Off\n{GRANT}"], Admitted.ALL),
        ([DENY, f"AuthMerging And\n{GRANT}"], Admitted.NONE),
        ([DENY, f"AuthMerging Or\n{GRANT}"], Admitted.ALL),
        ([GRANT, f"AuthMerging Or\n{DENY}"], Admitted.ALL),
        ([DENY, "AuthMerging And"], Admitted.NONE),
        ([DENY, "AuthMerging Off"], Admitted.ALL),
        ([DENY, ""], Admitted.NONE),
        (["", f"AuthMerging And\n{DENY}"], Admitted.NONE),
        (["", "AuthMerging And"], Admitted.ALL),
    ],
)
def test_an_inner_section_replaces_or_joins(sections: list[str], admitted: Admitted) -> None:
    state = authorization(sections[0])
    for section in sections[1:]:
        state = state.merged(authorization(section))
    assert state.admitted is admitted


def test_a_requirement_gives_its_lines_in_order() -> None:
    required = authorization(f"<RequireAll>\n{GRANT}\n{DENY}\n</RequireAll>").required
    assert required is not None
    assert [line.line for line in required.lines()] == [2, 3, 4]


def test_sections_that_are_too_deep_may_come_to_anything() -> None:
    deep = "<RequireAll>\n" * 120 + DENY + "\n</RequireAll>" * 120
    assert authorization(deep).admitted is Admitted.SOME


def test_a_require_without_words_may_come_to_anything() -> None:
    assert possible(Requirement()) == {Verdict.GRANTED, Verdict.DENIED}
