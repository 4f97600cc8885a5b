from __future__ import annotations

import pytest

from mpmtune.detect.answers import Answers
from mpmtune.detect.build import parse_version
from mpmtune.detect.configuration import Configuration
from mpmtune.detect.modules import parse_modules
from mpmtune.detect.mpm import (
    Found,
    configured_found,
    running_found,
    running_objects,
    settle,
    static_found,
)
from mpmtune.httpd import effective
from mpmtune.model.server import Build, Child, Children, Linkage, Mpm
from mpmtune.model.unknown import Unknown
from tests.detect.a_host import AHost
from tests.detect.debian import listed
from tests.detect.test_build import DEBIAN
from tests.httpd.trees import a_tree

NOTHING = Unknown("x", "y")
EVENT = Found(Mpm.EVENT, Linkage.SHARED, "test")
WORKER = Found(Mpm.WORKER, Linkage.STATIC, "test")


def _configuration(*mpms: str) -> Configuration:
    tree = a_tree("".join(f"LoadModule mpm_{m}_module m/{m}.so\n" for m in mpms), mpm=None)
    return Configuration(tree, effective.of(tree))


def _answers(modules: str = "", named: str = "event") -> Answers:
    version = parse_version(DEBIAN.replace("event", named))
    return Answers(version, parse_modules(modules), (), accepted=bool(modules))


def test_a_static_mpm_needs_no_configuration() -> None:
    build = Build("/x", "2.4.71", (2, 4, 71), "/", "/c", None, ("core.c", "worker.c"))
    assert static_found(build) == Found(Mpm.WORKER, Linkage.STATIC, "httpd -l: worker.c")
    assert static_found(NOTHING) is None


def test_a_running_mpm_is_seen_in_the_maps() -> None:
    host = AHost({"/proc/10/maps": "0-1 r-xp 0 08:01 2 /m/mod_mpm_prefork.so\n"})
    objects = running_objects(host, 10)
    assert running_found(objects, 10) == Found(Mpm.PREFORK, Linkage.SHARED, "/proc/10/maps")
    assert running_objects(AHost(), 10) == frozenset()
    assert running_found(frozenset(), 10) is None


@pytest.mark.parametrize(
    ("answers", "configuration", "expected"),
    [
        (_answers(listed("mpm_event")), NOTHING, (Mpm.EVENT, "httpd -M")),
        (_answers(), _configuration("event"), (Mpm.EVENT, "httpd -V")),
        (_answers(), _configuration("event", "worker"), None),
        (_answers(), NOTHING, None),
        (_answers(named=""), _configuration("worker"), (Mpm.WORKER, "LoadModule in the configuration")),
        (NOTHING, _configuration("worker"), (Mpm.WORKER, "LoadModule in the configuration")),
        (NOTHING, _configuration(), None),
        (NOTHING, NOTHING, None),
    ],
)  # fmt: skip
def test_the_configured_mpm_is_httpds_word_first(
    answers: Answers | Unknown,
    configuration: Configuration | Unknown,
    expected: tuple[Mpm, str] | None,
) -> None:
    found = configured_found(answers, configuration)
    assert (found and (found.mpm, found.by)) == expected


def _children(*tasks: int) -> Children:
    return Children(
        tuple(Child(pid, count, 1, 1, None, None) for pid, count in enumerate(tasks)), None, False
    )


@pytest.mark.parametrize(
    ("candidates", "children", "expected"),
    [
        ((None, EVENT), NOTHING, EVENT),
        ((WORKER, EVENT), NOTHING, WORKER),
        ((None, EVENT), _children(27, 1), EVENT),
        ((WORKER, None), _children(1), WORKER),
        ((None, EVENT), _children(1, 1), Found(Mpm.PREFORK, Linkage.SHARED, "one thread in each child")),
        ((None, None), _children(1, 1), Found(Mpm.PREFORK, Linkage.SHARED, "one thread in each child")),
        ((None, None), _children(27), Unknown("httpd.mpm", "neither the process nor the configuration names exactly one")),
    ],
)  # fmt: skip
def test_threads_of_children_may_speak_against_the_configuration(
    candidates: tuple[Found | None, ...], children: Children | Unknown, expected: Found | Unknown
) -> None:
    assert settle(candidates, children) == expected
