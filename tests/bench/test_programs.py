"""What a bench needs, and where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from mpmtune.bench.programs import Need, Programs, find_programs
from mpmtune.errors import HttpdError


def a_build(root: Path) -> str:
    binary, modules = root / "bin" / "httpd", root / "modules"
    binary.parent.mkdir()
    modules.mkdir()
    binary.touch()
    return str(binary)


def test_what_is_missing_is_said_with_the_package_that_has_it() -> None:
    programs = Programs("/httpd", Path("/m"), {Need.WRK: "/usr/bin/wrk"})
    assert programs.lacking((Need.WRK,)) == ""
    assert programs.lacking((Need.WRK, Need.FPM)) == (
        "PHP-FPM is not installed here (Debian: apt-get install php-fpm)"
    )
    assert programs.lacking((Need.H2LOAD, Need.OPENSSL)) == (
        "h2load and openssl are not installed here (Debian: apt-get install nghttp2-client openssl)"
    )
    assert programs.path(Need.WRK) == "/usr/bin/wrk"


def test_modules_are_looked_for_near_the_binary_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mpmtune.bench.programs._MODULES", ())
    binary = a_build(tmp_path)
    (tmp_path / "modules" / "mod_mpm_event.so").touch()
    (tmp_path / "modules" / "libphp8.so").touch()
    programs = find_programs(binary)
    assert programs.modules == tmp_path / "modules"
    assert programs.found[Need.MOD_PHP] == str(tmp_path / "modules" / "libphp8.so")
    assert programs.module("mpm_event") == tmp_path / "modules" / "mod_mpm_event.so"
    assert programs.module("ssl") is None


def test_an_httpd_with_its_mpm_compiled_in_cannot_be_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mpmtune.bench.programs._MODULES", ())
    with pytest.raises(HttpdError, match="are compiled in"):
        find_programs(a_build(tmp_path))


def test_without_an_httpd_there_is_nothing_to_measure() -> None:
    with pytest.raises(HttpdError, match="No httpd is installed"):
        find_programs("/nonexistent/httpd")
