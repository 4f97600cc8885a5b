from __future__ import annotations

from mpmtune.detect.modules import (
    mapped_modules,
    mapped_mpm,
    parse_mapped_objects,
    parse_modules,
    static_modules,
)
from mpmtune.model.server import Linkage, Module, Mpm

MAPS = b"""55d0-55d1 r--p 00000000 08:01 1 /usr/sbin/apache2
7f00-7f01 r-xp 00000000 08:01 2 /usr/lib/apache2/modules/mod_mpm_event.so
7f01-7f02 r--p 00000000 08:01 2 /usr/lib/apache2/modules/mod_mpm_event.so
7f02-7f03 r-xp 00000000 08:01 3 /usr/lib/apache2/modules/mod_ssl.so (deleted)
7f03-7f04 r-xp 00000000 08:01 4 /usr/lib/apache2/modules/libphp8.2.so
7f04-7f05 r-xp 00000000 08:01 5 /usr/lib/x86_64-linux-gnu/libc.so.6
7f05-7f06 rw-p 00000000 00:00 0 [heap]
"""


def test_a_list_of_modules_is_read_in_its_order() -> None:
    text = "Loaded Modules:\n core_module (static)\n mpm_event_module (shared)\n"
    assert parse_modules(text) == (
        Module("core_module", Linkage.STATIC),
        Module("mpm_event_module", Linkage.SHARED),
    )


def test_other_text_lists_no_modules() -> None:
    assert parse_modules("AH00534: apache2: Configuration error: No MPM loaded.\n") == ()
    assert parse_modules(" x_module (loaded)\nx_module (shared)\n x_module (shared) y\n") == ()


def test_static_modules_are_named_by_their_source_files() -> None:
    files = ("core.c", "mod_so.c", "http_core.c", "mod_log_config.c", "worker.c")
    assert [module.name for module in static_modules(files)] == [
        "core_module",
        "so_module",
        "http_module",
        "log_config_module",
        "mpm_worker_module",
    ]
    assert {module.linkage for module in static_modules(files)} == {Linkage.STATIC}


def test_the_maps_of_a_process_name_what_it_has_loaded() -> None:
    objects = parse_mapped_objects(MAPS)
    assert mapped_mpm(objects) is Mpm.EVENT
    assert [module.name for module in mapped_modules(objects)] == [
        "mpm_event_module",
        "php_module",
        "ssl_module",
    ]


def test_two_mapped_mpms_name_none() -> None:
    assert mapped_mpm(frozenset({"mod_mpm_event.so", "mod_mpm_worker.so"})) is None
    assert mapped_mpm(frozenset()) is None


def test_maps_of_any_bytes_are_read() -> None:
    assert parse_mapped_objects(b"\xff\xfe/\xff.so\n\n/x") == frozenset({"\ufffd.so"})
