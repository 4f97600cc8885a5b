"""Who answers for ``.php``, and when a switch would serve its source."""

from __future__ import annotations

import pytest

from mpmtune.httpd.php_handlers import (
    fpm_answers,
    is_backend,
    is_mod_php,
    source_leak,
    tell_thread_safety,
)
from mpmtune.model.server import Linkage, Module, Mpm

FPM = "proxy:unix:/run/php/php8.2-fpm.sock|fcgi://localhost"
MOD_PHP = "application/x-httpd-php"


@pytest.mark.parametrize(
    ("handler", "mod_php", "backend"),
    [
        ("application/x-httpd-php", True, False),
        ("application/x-httpd-php-source", True, False),
        ("application/x-httpd-php5", True, False),
        ("Application/X-HTTPD-PHP", True, False),
        ("php-script", True, False),
        ("php5-script", True, False),
        (FPM, False, True),
        ("proxy:fcgi://127.0.0.1:9000", False, True),
        ("fcgid-script", False, True),
        ("cgi-script", False, False),
        ("text/html", False, False),
        ("", False, False),
    ],
)
def test_a_handler_is_told_by_its_name(handler: str, mod_php: bool, backend: bool) -> None:
    assert is_mod_php(handler) is mod_php
    assert is_backend(handler) is backend


def test_one_handler_that_needs_no_mod_php_is_enough() -> None:
    assert fpm_answers((MOD_PHP, FPM))
    assert not fpm_answers((MOD_PHP,))
    assert not fpm_answers(())


def test_taking_mod_php_away_without_a_replacement_serves_the_source() -> None:
    leak = source_leak(("ssl_module", "php_module"), (MOD_PHP,), has_fpm_handler=False)
    assert leak is not None
    assert leak.what == "php_module"
    assert "source" in leak.why
    assert "200" in leak.why
    assert "SetHandler" in leak.way_out


def test_mod_php_blocks_even_where_its_handler_was_not_found() -> None:
    modules = (Module("php7_module", Linkage.SHARED),)
    leak = source_leak(modules, (), has_fpm_handler=False)
    assert leak is not None
    assert leak.what == "php7_module"


def test_a_handler_for_the_same_files_removes_the_danger() -> None:
    assert source_leak(("php_module",), (MOD_PHP, FPM), has_fpm_handler=True) is None


def test_a_handler_that_no_module_answers_leaks_already() -> None:
    leak = source_leak(("ssl_module",), ("text/html", MOD_PHP), has_fpm_handler=False)
    assert leak is not None
    assert leak.what == MOD_PHP
    assert "no loaded module" in leak.why


def test_a_server_without_php_has_nothing_to_leak() -> None:
    assert source_leak(("ssl_module",), (), has_fpm_handler=False) is None
    assert source_leak((), ("cgi-script",), has_fpm_handler=False) is None


@pytest.mark.parametrize(
    ("files", "runs_under", "answer"),
    [
        (("modules/libphp-zts.so",), None, True),
        (("modules/libphp5-ZTS.so",), Mpm.PREFORK, True),
        (("/usr/lib/apache2/modules/libphp8.2.so",), Mpm.EVENT, True),
        (("/usr/lib/apache2/modules/libphp8.2.so",), Mpm.WORKER, True),
        (("/usr/lib/apache2/modules/libphp8.2.so",), Mpm.PREFORK, None),
        (("/usr/lib/apache2/modules/libphp8.2.so",), None, None),
        ((), None, None),
    ],
)
def test_a_thread_safe_build_is_told_by_its_name_or_by_running_threaded(
    files: tuple[str, ...], runs_under: Mpm | None, answer: bool | None
) -> None:
    assert tell_thread_safety(files, runs_under) is answer
