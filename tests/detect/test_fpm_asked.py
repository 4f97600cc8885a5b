"""Which PHP-FPM pools httpd asks."""

from __future__ import annotations

import pytest

from mpmtune.detect.fpm_asked import mark_asked
from mpmtune.model.server import FpmPool, ProxyBackend
from tests.detect.a_host import AHost

OLD = FpmPool("old", "old.conf", "/run/php/php8.1-fpm.sock", 5, 0, None)
NEW = FpmPool("new", "new.conf", "/var/run/php/php8.2-fpm.sock", 40, 4, None)
PORT = FpmPool("port", "port.conf", "127.0.0.1:9000", 20, 4, None)
POOLS = (OLD, NEW, PORT)


def _asked(*urls: str, links: dict[str, str] | None = None) -> list[str]:
    backends = tuple(ProxyBackend(url, None, "php.conf", 1) for url in urls)
    marked = mark_asked(AHost(links=links or {}), POOLS, backends)
    return [pool.name for pool in marked if pool.asked]


@pytest.mark.parametrize(
    ("urls", "names"),
    [
        (["unix:/run/php/php8.2-fpm.sock|fcgi://localhost"], ["new"]),
        (["unix:/var/run/php/php8.1-fpm.sock|fcgi://localhost/"], ["old"]),
        (["fcgi://localhost:9000/srv/www"], ["port"]),
        (["fcgi://localhost:9000", "unix:/run/php/php8.1-fpm.sock|fcgi://x"], ["old", "port"]),
        (["unix:/srv/app/php.sock|fcgi://localhost"], []),
        (["fcgi://localhost"], []),
    ],
)
def test_only_pools_that_listen_where_httpd_passes_requests_are_asked(
    urls: list[str], names: list[str]
) -> None:
    assert _asked(*urls, "http://127.0.0.1:8080/") == names


def test_a_socket_is_found_by_way_of_the_alternatives() -> None:
    links = {
        "/run/php/php-fpm.sock": "/etc/alternatives/php-fpm.sock",
        "/etc/alternatives/php-fpm.sock": "/run/php/php8.2-fpm.sock",
    }
    assert _asked("unix:/run/php/php-fpm.sock|fcgi://localhost", links=links) == ["new"]


def test_links_that_lead_in_a_circle_end() -> None:
    assert _asked("unix:/a|fcgi://x", links={"/a": "/b", "/b": "a"}) == []


@pytest.mark.parametrize(
    "urls", [[], ["http://127.0.0.1:8080/"], ["unix:/run/php/%{HTTP_HOST}.sock|fcgi://x"]]
)
def test_each_pool_may_be_asked_where_no_target_can_be_read(urls: list[str]) -> None:
    assert _asked(*urls) == ["old", "new", "port"]
