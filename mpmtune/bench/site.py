"""A site as files and configuration of a private httpd."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mpmtune.bench.programs import Need

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mpmtune.bench.programs import Programs
    from mpmtune.bench.scenario import Pool, Site
    from mpmtune.model.httpd import Mpm

STATUS = "/server-status"
LOG_FORMAT = '%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\" %D %k %X'
NOBODY = 65534
# Shared in some distributions, compiled in elsewhere.
_NEEDED = ("unixd", "log_config", "authz_core", "status")
_PHP_INI = """\
memory_limit = 128M
opcache.enable = {opcache}
opcache.memory_consumption = 64
opcache.validate_timestamps = 0
opcache.file_update_protection = 0
"""


def write_site(site: Site, root: Path) -> None:
    """Write what is served, and what PHP reads, beneath a directory."""
    for path, content in site.files.items():
        file = root / "htdocs" / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    loaded = "zend_extension = opcache\n" if site.opcache else ""
    ini = loaded + _PHP_INI.format(opcache=int(site.opcache))
    (root / "php.ini").write_text(ini, encoding="ascii")


def configuration(site: Site, root: Path, programs: Programs, mpm: Mpm) -> Iterator[str]:
    """Give the lines that every setting of a site has in common, but for ports and logs."""
    yield f'ServerRoot "{root}"'
    yield f'DefaultRuntimeDir "{root}"'
    yield f'PidFile "{root}/httpd.pid"'
    yield f'ErrorLog "{root}/error.log"'
    yield "ServerName localhost"
    if os.geteuid() == 0:
        yield f"User #{NOBODY}\nGroup #{NOBODY}"
    yield from _modules(site, programs, mpm)
    yield f'DocumentRoot "{root}/htdocs"'
    yield f'<Location "{STATUS}">\nSetHandler server-status\n</Location>\nExtendedStatus Off'
    if site.mod_php:
        yield f'PHPIniDir "{root}"'
        yield '<FilesMatch "\\.php$">\nSetHandler application/x-httpd-php\n</FilesMatch>'
    yield from _pools(site.pools, root)
    yield site.directives.replace("{root}", str(root))


def socket_of(pool: Pool, root: Path) -> Path:
    """Tell where a pool listens."""
    return root / f"{pool.name}.sock"


def _modules(site: Site, programs: Programs, mpm: Mpm) -> Iterator[str]:
    fastcgi = ("proxy", "proxy_fcgi") if site.pools else ()
    tls = ("socache_shmcb", "ssl") if site.tls else ()
    for name in dict.fromkeys((f"mpm_{mpm.value}", *_NEEDED, *fastcgi, *tls, *site.modules)):
        file = programs.module(name)
        if file is not None:
            yield f"LoadModule {name}_module {file}"
    if site.mod_php:
        yield f"LoadModule php_module {programs.path(Need.MOD_PHP)}"


def _pools(pools: tuple[Pool, ...], root: Path) -> Iterator[str]:
    for number, pool in enumerate(pools):
        where = "\\.php$" if not number else f"^/{pool.name}/.*\\.php$"
        socket = socket_of(pool, root)
        yield (
            f'<LocationMatch "{where}">\n'
            f'SetHandler "proxy:unix:{socket}|fcgi://{pool.name}/"\n'
            "</LocationMatch>"
        )
