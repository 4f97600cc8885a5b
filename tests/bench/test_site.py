"""A site as files and configuration."""

from __future__ import annotations

import os
from pathlib import Path

from mpmtune.bench.programs import Need, Programs
from mpmtune.bench.scenario import Pool, Site
from mpmtune.bench.site import configuration, socket_of, write_site
from mpmtune.model.httpd import Mpm

SITE = Site(
    {"a.php": b"<?php", "deep/b.txt": b"text"},
    modules=("http2", "nonesuch"),
    pools=(Pool(4), Pool(2, "api")),
    tls=True,
    directives='Alias "/x" "{root}/x"',
)


def programs(modules: Path) -> Programs:
    for name in ("mpm_event", "ssl", "proxy", "proxy_fcgi", "http2"):
        (modules / f"mod_{name}.so").touch()
    return Programs("/usr/sbin/httpd", modules, {Need.MOD_PHP: "/modules/libphp.so"})


def text(site: Site, tmp_path: Path) -> str:
    return "\n".join(configuration(site, Path("/r"), programs(tmp_path), Mpm.EVENT))


def test_what_is_compiled_in_or_missing_is_not_loaded(tmp_path: Path) -> None:
    loads = [line for line in text(SITE, tmp_path).splitlines() if line.startswith("LoadModule")]
    assert [line.split()[1] for line in loads] == [
        "mpm_event_module",
        "proxy_module",
        "proxy_fcgi_module",
        "ssl_module",
        "http2_module",
    ]


def test_scripts_go_to_the_first_pool_and_those_of_a_path_to_its_own(tmp_path: Path) -> None:
    made = text(SITE, tmp_path)
    assert '<LocationMatch "\\.php$">\nSetHandler "proxy:unix:/r/www.sock|fcgi://www/"' in made
    assert (
        '<LocationMatch "^/api/.*\\.php$">\nSetHandler "proxy:unix:/r/api.sock|fcgi://api/"' in made
    )


def test_the_place_of_the_server_is_put_in(tmp_path: Path) -> None:
    made = text(SITE, tmp_path)
    assert 'Alias "/x" "/r/x"' in made
    assert 'ServerRoot "/r"' in made
    assert ("User #65534" in made) is (os.geteuid() == 0)


def test_with_mod_php_scripts_run_inside(tmp_path: Path) -> None:
    made = text(Site({}, mod_php=True), tmp_path)
    assert "LoadModule php_module /modules/libphp.so" in made
    assert "SetHandler application/x-httpd-php" in made
    assert 'PHPIniDir "/r"' in made


def test_files_are_written_with_their_directories(tmp_path: Path) -> None:
    write_site(SITE, tmp_path)
    assert (tmp_path / "htdocs/deep/b.txt").read_bytes() == b"text"
    assert "opcache.enable = 0" in (tmp_path / "php.ini").read_text()


def test_opcache_is_loaded_where_it_is_wanted(tmp_path: Path) -> None:
    write_site(Site({}, opcache=True), tmp_path)
    ini = (tmp_path / "php.ini").read_text()
    assert ini.startswith("zend_extension = opcache\n")
    assert "opcache.enable = 1" in ini


def test_each_pool_has_its_socket() -> None:
    assert socket_of(Pool(3, "api"), Path("/r")) == Path("/r/api.sock")
