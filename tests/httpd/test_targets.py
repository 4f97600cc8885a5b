"""What is assumed of each distribution's httpd."""

from __future__ import annotations

import pytest

from mpmtune.httpd.targets import TARGETS, find_target, source_of, target_of_system
from mpmtune.model.server import Mpm


def test_the_targets_of_the_contract_are_there() -> None:
    assert set(TARGETS) == {
        "debian-12",
        "debian-13",
        "ubuntu-22.04",
        "ubuntu-24.04",
        "rhel-8",
        "rhel-9",
        "rhel-10",
        "fedora",
        "alpine",
        "opensuse",
        "freebsd",
        "docker-httpd",
        "cpanel-ea4",
        "bitnami",
        "source",
    }


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_is_whole(name: str) -> None:
    target = TARGETS[name]
    assert target.name == name
    assert target.version[:2] == (2, 4)
    assert target.conf.startswith("/")
    assert target.binary.startswith("/")
    assert target.static[:3] == ("core_module", "so_module", "http_module") or name in {
        "debian-12",
        "debian-13",
        "ubuntu-22.04",
        "ubuntu-24.04",
    }
    assert set(target.static) <= set(target.modules)
    assert {mpm.module for mpm in Mpm} <= set(target.modules)


def test_debian_compiles_these_modules_in() -> None:
    assert TARGETS["debian-12"].static == (
        "core_module",
        "so_module",
        "watchdog_module",
        "http_module",
        "log_config_module",
        "logio_module",
        "version_module",
        "unixd_module",
    )
    assert TARGETS["debian-12"].environment["APACHE_LOG_DIR"] == "/var/log/apache2"


@pytest.mark.parametrize(
    ("name", "version", "conf", "mpm"),
    [
        ("debian-12", (2, 4, 71), "/etc/apache2/apache2.conf", Mpm.EVENT),
        ("ubuntu-22.04", (2, 4, 52), "/etc/apache2/apache2.conf", Mpm.EVENT),
        ("ubuntu-24.04", (2, 4, 58), "/etc/apache2/apache2.conf", Mpm.EVENT),
        ("rhel-8", (2, 4, 37), "/etc/httpd/conf/httpd.conf", Mpm.EVENT),
        ("rhel-9", (2, 4, 62), "/etc/httpd/conf/httpd.conf", Mpm.EVENT),
        ("alpine", (2, 4, 71), "/etc/apache2/httpd.conf", Mpm.PREFORK),
        ("cpanel-ea4", (2, 4, 71), "/etc/apache2/conf/httpd.conf", Mpm.PREFORK),
        ("source", (2, 4, 71), "/usr/local/apache2/conf/httpd.conf", Mpm.EVENT),
    ],
)
def test_version_place_and_mpm(
    name: str, version: tuple[int, int, int], conf: str, mpm: Mpm
) -> None:
    target = TARGETS[name]
    assert (target.version, target.conf, target.mpm) == (version, conf, mpm)


def test_a_build_from_source_links_its_mpm_in_and_opensuse_too() -> None:
    assert "mpm_event_module" in TARGETS["source"].static
    assert "mpm_prefork_module" in TARGETS["opensuse"].static
    assert TARGETS["opensuse"].defines == ("SYSCONFIG",)
    assert "mpm_event_module" not in TARGETS["docker-httpd"].static


@pytest.mark.parametrize(
    ("identifier", "source"),
    [
        ("ssl_module", "mod_ssl.c"),
        ("core_module", "core.c"),
        ("http_module", "http_core.c"),
        ("ldap_module", "util_ldap.c"),
        ("mpm_event_module", "event.c"),
        ("mpm_itk_module", "mpm_itk.c"),
        ("php_module", "mod_php.c"),
        ("php7_module", "mod_php7.c"),
        ("mod_shib", "mod_shib.cpp"),
        ("mod_other", "mod_other.c"),
    ],
)
def test_the_source_file_of_a_module(identifier: str, source: str) -> None:
    assert source_of(identifier) == source


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("debian-12", "debian-12"),
        ("Rocky-9", "rhel-9"),
        ("almalinux-8", "rhel-8"),
        ("centos-10", "rhel-10"),
        ("sles-15", "opensuse"),
        ("opensuse-leap", "opensuse"),
        ("rhel-7", None),
        ("windows", None),
    ],
)
def test_a_target_is_found_by_the_names_of_its_kin(asked: str, found: str | None) -> None:
    target = find_target(asked)
    assert (target.name if target else None) == found


@pytest.mark.parametrize(
    ("identifier", "version", "like", "found"),
    [
        ("debian", "12", (), "debian-12"),
        ("debian", "13.1", (), "debian-13"),
        ("debian", "11", (), "debian-12"),
        ("debian", "", (), "debian-13"),
        ("ubuntu", "22.10", ("debian",), "ubuntu-22.04"),
        ("ubuntu", "24.04", ("debian",), "ubuntu-24.04"),
        ("rocky", "9.4", ("rhel", "centos", "fedora"), "rhel-9"),
        ("rhel", "8.10", ("fedora",), "rhel-8"),
        ("amzn", "2023", ("fedora",), "fedora"),
        ("linuxmint", "22", ("ubuntu", "debian"), "ubuntu-24.04"),
        ("alpine", "3.20.1", (), "alpine"),
        ("opensuse-leap", "15.6", ("suse", "opensuse"), "opensuse"),
        ("arch", "", (), None),
    ],
)
def test_a_system_is_matched_by_os_release(
    identifier: str, version: str, like: tuple[str, ...], found: str | None
) -> None:
    target = target_of_system(identifier, version, like)
    assert (target.name if target else None) == found
