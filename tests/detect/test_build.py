from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.detect.build import (
    VersionAnswer,
    find_binaries,
    make_build,
    parse_static,
    parse_version,
    static_mpm,
)
from mpmtune.model.machine import Distro
from mpmtune.model.server import Build, Mpm
from tests.detect.a_host import AHost

DEBIAN = """Server version: Apache/2.4.71 (Debian)
Server built:   2026-11-12T08:58:41
Server's Module Magic Number: 20120211:142
Server loaded:  APR 1.7.2, APR-UTIL 1.6.3, PCRE 10.42 2022-12-11
Compiled using: APR 1.7.2, APR-UTIL 1.6.3, PCRE 10.42 2022-12-11
Architecture:   64-bit
Server MPM:     event
  threaded:     yes (fixed thread count)
    forked:     yes (variable process count)
Server compiled with....
 -D APR_HAS_SENDFILE
 -D DYNAMIC_MODULE_LIMIT=256
 -D HTTPD_ROOT="/etc/apache2"
 -D DEFAULT_PIDLOG="/run/apache2.pid"
 -D SERVER_CONFIG_FILE="apache2.conf"
"""
STATIC = "Compiled in modules:\n  core.c\n  mod_so.c\n  http_core.c\n"


def _distro(name: str, *like: str) -> Distro:
    return Distro(name, "1", like, name)


def test_the_version_answer_is_read() -> None:
    assert parse_version(DEBIAN) == VersionAnswer(
        version="2.4.71",
        version_tuple=(2, 4, 71),
        server_root="/etc/apache2",
        conf="/etc/apache2/apache2.conf",
        mpm=Mpm.EVENT,
        mpm_name="event",
    )


def test_a_broken_configuration_leaves_the_mpm_empty() -> None:
    answer = parse_version(DEBIAN.replace("event", ""))
    assert answer is not None
    assert (answer.mpm, answer.mpm_name, answer.version) == (None, "", "2.4.71")


def test_an_mpm_that_is_not_known_keeps_its_name() -> None:
    answer = parse_version(DEBIAN.replace("event", "WinNT"))
    assert answer is not None
    assert (answer.mpm, answer.mpm_name) == (None, "winnt")


def test_an_absolute_configuration_file_stays_as_it_is() -> None:
    answer = parse_version(DEBIAN.replace('"apache2.conf"', '"/usr/local/etc/httpd.conf"'))
    assert answer is not None
    assert answer.conf == "/usr/local/etc/httpd.conf"


def test_a_development_version_keeps_its_suffix() -> None:
    answer = parse_version(DEBIAN.replace("2.4.71 (Debian)", "2.5.1-dev (Unix)"))
    assert answer is not None
    assert (answer.version, answer.version_tuple) == ("2.5.1-dev", (2, 5, 1))


@pytest.mark.parametrize("text", ["", "garbage\n\0", "Server version: nginx/1.2\n", STATIC])
def test_other_text_is_no_version_answer(text: str) -> None:
    assert parse_version(text) is None


def test_an_answer_cut_before_its_settings_is_none() -> None:
    assert parse_version(DEBIAN[:300]) is None


def test_static_modules_are_listed() -> None:
    assert parse_static(STATIC) == ("core.c", "mod_so.c", "http_core.c")
    assert parse_static("  core.c\n") == ()


def test_a_static_mpm_is_found_among_them_and_goes_before_the_answer() -> None:
    assert static_mpm(("core.c", "worker.c")) is Mpm.WORKER
    assert static_mpm(("core.c",)) is None
    answer = parse_version(DEBIAN)
    assert answer is not None
    assert make_build("/x", answer, ("worker.c",)).mpm is Mpm.WORKER
    assert make_build("/usr/sbin/apache2", answer, ("core.c",)) == Build(
        "/usr/sbin/apache2",
        "2.4.71",
        (2, 4, 71),
        "/etc/apache2",
        "/etc/apache2/apache2.conf",
        Mpm.EVENT,
        ("core.c",),
    )


def test_binaries_are_looked_for_in_the_distributions_own_order() -> None:
    both = AHost({"/usr/sbin/apache2": "", "/usr/sbin/httpd": "", "/opt/lampp/bin/httpd": ""})
    debian = ["/usr/sbin/apache2", "/usr/sbin/httpd", "/opt/lampp/bin/httpd"]
    fedora = ["/usr/sbin/httpd", "/opt/lampp/bin/httpd", "/usr/sbin/apache2"]
    assert list(find_binaries(both, None)) == debian
    assert list(find_binaries(both, _distro("debian"))) == debian
    assert list(find_binaries(both, _distro("mint", "ubuntu", "debian"))) == debian
    assert list(find_binaries(both, _distro("rocky", "rhel", "fedora"))) == fedora
    assert list(find_binaries(AHost(), None)) == []


@settings(max_examples=200)
@given(st.text(max_size=400), st.integers(0, 700))
def test_no_text_makes_the_parsers_fail(text: str, cut: int) -> None:
    parse_version(DEBIAN[:cut] + text)
    parse_static(STATIC + text)
