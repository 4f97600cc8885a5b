"""Usual formulas."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mpmtune.bench.rivals import largest_writable, rival, writable
from mpmtune.model.server import Child, Children, Mpm
from mpmtune.model.unknown import Unknown
from tests.builders import MIB, a_machine, a_server
from tests.builders import facts as facts_of

if TYPE_CHECKING:
    from mpmtune.model.facts import Facts

MAPS = b"""\
55d0a0000000-55d0a0100000 r-xp 00000000 08:01 1 /usr/sbin/apache2
55d0a0200000-55d0a0300000 rw-p 00100000 08:01 1 /usr/sbin/apache2
7f0000000000-7f0000200000 rw-p 00000000 00:00 0
7f0000400000-7f0000800000 rw-s 00000000 00:01 5 /dev/zero (deleted)
"""


def some_facts(mpm: Mpm = Mpm.PREFORK) -> Facts:
    samples = tuple(
        Child(pid, 1, size * MIB, size * MIB, None, None) for pid, size in ((1, 20), (2, 25))
    )
    children = Children(samples, None, worked=True, count=2)
    return facts_of(a_machine(512), a_server(mpm, children=children))


def workers(name: str, writable_bytes: int = 10 * MIB) -> str | None:
    found = rival(name, some_facts(), writable_bytes)
    if found is None:
        return None
    return next(line for line in found.directives.splitlines() if line.startswith("MaxRequest"))


def test_private_and_writable_mappings_are_added_up() -> None:
    assert writable(MAPS) == 3 * MIB
    assert largest_writable([os.getpid(), 2**22 + 1]) > MIB


@pytest.mark.parametrize(
    ("name", "line"),
    [("apache2buddy", "MaxRequestWorkers 51"), ("max-rss", "MaxRequestWorkers 20")],
)
def test_memory_is_divided_by_the_largest_child(name: str, line: str) -> None:
    assert workers(name) == line


def test_so_many_are_not_started_on_a_large_machine() -> None:
    assert workers("apache2buddy", 1000) == "MaxRequestWorkers 2000"
    assert workers("apache2buddy", 0) is None


def test_no_formula_says_anything_about_threads() -> None:
    facts = some_facts(Mpm.EVENT)
    assert rival("max-rss", facts, MIB) is None
    bare = replace(facts, server=Unknown("httpd", "none"))
    assert rival("max-rss", bare, MIB) is None
