from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.detect.fpm import detect_fpm_pools, parse_pools
from mpmtune.host.doorway import Process
from mpmtune.model.server import FpmPool
from tests.detect.a_host import PREFORK, ROLLUP, AHost

WWW = """; Start a new pool named 'www'.
[www]
user = www-data
listen = /run/php/php8.2-fpm-$pool.sock ; a socket
pm = dynamic
;pm.max_children = 99
pm.max_children = 5
"""
FILE = "/etc/php/8.2/fpm/pool.d/www.conf"
OLD = "/etc/php/8.1/fpm/pool.d/www.conf"


def _fpm(pid: int, parent: int, title: str) -> Process:
    return Process(pid, parent, "php-fpm8.2", "/usr/sbin/php-fpm8.2", (title,), 0)


def test_a_pool_is_read() -> None:
    assert parse_pools(FILE, WWW) == (
        FpmPool("www", FILE, "/run/php/php8.2-fpm-www.sock", 5, None, None),
    )


def test_sections_may_come_twice_and_global_is_no_pool() -> None:
    text = "[global]\npm.max_children = 1\n[a]\npm.max_children=2\n[b]\nlisten=9000\npm.max_children = '3'\n[a]\nlisten = 9001\n"
    assert [(p.name, p.listen, p.max_children) for p in parse_pools("f", text)] == [
        ("a", "9001", 2),
        ("b", "9000", 3),
    ]


@pytest.mark.parametrize("most", ["", "0", "-5", "many", "5x", "٣", "99999999999999"])
def test_a_pool_without_a_sound_limit_is_left_out(most: str) -> None:
    assert parse_pools("f", f"[www]\npm.max_children = {most}\n") == ()


def test_children_are_counted_and_their_memory_added_up() -> None:
    processes = (
        _fpm(1, 0, "php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)"),
        _fpm(2, 1, "php-fpm: pool www"),
        _fpm(3, 1, "php-fpm: pool www   "),
        _fpm(4, 1, "php-fpm: pool other"),
    )
    host = AHost({FILE: WWW})
    for pid in (2, 3):
        host.files |= {f"/proc/{pid}/status": PREFORK, f"/proc/{pid}/smaps_rollup": ROLLUP}
    (pool,) = detect_fpm_pools(host, processes)
    assert (pool.children, pool.pss) == (2, 4_096_000)
    assert pool.peak == 6_144_000  # VmHWM is 1000 kB above VmRSS in each


def test_pools_of_the_same_name_belong_to_their_own_master() -> None:
    processes = (
        _fpm(1, 0, "php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)"),
        _fpm(2, 1, "php-fpm: pool www"),
        _fpm(5, 0, "php-fpm: master process (/etc/php/8.1/fpm/php-fpm.conf)"),
        _fpm(6, 5, "php-fpm: pool www"),
        _fpm(7, 5, "php-fpm: pool www"),
    )
    found = detect_fpm_pools(AHost({FILE: WWW, OLD: WWW}), processes)
    assert [(pool.file, pool.children) for pool in found] == [(OLD, 2), (FILE, 1)]


def test_a_child_without_a_readable_master_counts_for_the_pool_of_its_name() -> None:
    (pool,) = detect_fpm_pools(AHost({FILE: WWW}), (_fpm(2, 1, "php-fpm: pool www"),))
    assert pool.children == 1


def test_a_stopped_fpm_has_no_children() -> None:
    (pool,) = detect_fpm_pools(AHost({FILE: WWW}), ())
    assert (pool.children, pool.pss) == (0, 0)


def test_without_a_list_of_processes_children_are_not_known() -> None:
    (pool,) = detect_fpm_pools(AHost({FILE: WWW}), None)
    assert (pool.children, pool.pss) == (None, None)


def test_memory_that_may_not_be_read_is_not_known() -> None:
    hidden = AHost({FILE: WWW, "/proc/2/status": PREFORK})
    (pool,) = detect_fpm_pools(hidden, (_fpm(2, 1, "php-fpm: pool www"),))
    assert (pool.pss, pool.peak) == (None, None)


def test_a_child_that_has_ended_holds_no_memory() -> None:
    (pool,) = detect_fpm_pools(AHost({FILE: WWW}), (_fpm(2, 1, "php-fpm: pool www"),))
    assert pool.pss == 0


@settings(max_examples=200)
@given(st.text(st.sampled_from("[]w=;#\n pm.max_children0123456789'\"$pool"), max_size=200))
def test_no_text_makes_the_parser_fail(text: str) -> None:
    assert all(pool.max_children > 0 for pool in parse_pools("f", text))
