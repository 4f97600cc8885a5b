"""Which httpd a configuration is for."""

from __future__ import annotations

import pytest

from mpmtune.confparse.automatic import automatic
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd.targets import TARGETS


def files(*paths: str) -> MemoryFiles:
    return MemoryFiles(dict.fromkeys(paths, b""))


@pytest.mark.parametrize(
    ("present", "system", "target", "conf"),
    [
        (
            ("/etc/apache2/apache2.conf",),
            "ubuntu-24.04",
            "ubuntu-24.04",
            "/etc/apache2/apache2.conf",
        ),
        (("/etc/httpd/conf/httpd.conf",), "debian-12", "rhel-9", "/etc/httpd/conf/httpd.conf"),
        (
            ("/usr/local/apache2/conf/httpd.conf",),
            None,
            "docker-httpd",
            "/usr/local/apache2/conf/httpd.conf",
        ),
    ],
)
def test_without_a_file_the_usual_places_are_searched(
    present: tuple[str, ...], system: str | None, target: str, conf: str
) -> None:
    found = automatic(files(*present), None, TARGETS[system] if system else None)
    assert found is not None
    assert (found.target.name, found.conf, found.server_root) == (target, conf, None)


def test_nothing_is_found_where_nothing_lies() -> None:
    assert automatic(files("/etc/passwd"), None, TARGETS["debian-12"]) is None


@pytest.mark.parametrize(
    ("conf", "beside", "system", "target", "root"),
    [
        ("/etc/apache2/apache2.conf", (), None, "debian-12", None),
        ("/etc/httpd/conf/httpd.conf", (), "rhel-9", "rhel-9", None),
        ("/copy/apache2.conf", ("/copy/mods-enabled/x",), "ubuntu-22.04", "ubuntu-22.04", "/copy"),
        ("/copy/apache2.conf", ("/copy/mods-enabled/x",), "rhel-9", "debian-12", "/copy"),
        ("/copy/conf/httpd.conf", ("/copy/conf.modules.d/x",), None, "rhel-9", "/copy"),
        ("/copy/httpd.conf", ("/copy/sysconfig.d/x",), None, "opensuse", "/copy"),
        ("/tree/etc/httpd/conf/httpd.conf", (), None, "rhel-9", "/tree/etc/httpd"),
        (
            "/tree/opt/bitnami/apache/conf/httpd.conf",
            (),
            None,
            "bitnami",
            "/tree/opt/bitnami/apache",
        ),
        ("/home/me/some.conf", (), "debian-12", "debian-12", None),
        ("/home/me/some.conf", (), None, "source", None),
    ],
)
def test_a_file_is_recognised_by_its_place_and_its_neighbours(
    conf: str, beside: tuple[str, ...], system: str | None, target: str, root: str | None
) -> None:
    found = automatic(files(conf, *beside), conf, TARGETS[system] if system else None)
    assert found is not None
    assert (found.target.name, found.conf, found.server_root) == (target, conf, root)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (b'ServerRoot "/etc/httpd"\n', "rhel-9"),
        (b"LoadModule a_module /usr/lib/apache2/modules/mod_a.so\n", "debian-12"),
        (b'  loadmodule a_module "/usr/lib64/httpd/modules/mod_a.so"\n', "rhel-9"),
        (b"ServerRoot /usr/local/apache2\n", "docker-httpd"),
        (b"LoadModule mpm_event_module modules/mod_mpm_event.so\n", "docker-httpd"),
        (b"# ServerRoot /etc/httpd\nListen 80\n", "source"),
        (b"", "source"),
    ],
)
def test_a_file_of_an_unknown_place_is_judged_by_what_it_loads(text: bytes, target: str) -> None:
    found = automatic(MemoryFiles({"/repo/httpd.conf": text}), "/repo/httpd.conf", None)
    assert found is not None
    assert (found.target.name, found.server_root) == (target, None)
