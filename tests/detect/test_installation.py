from __future__ import annotations

import pytest

from mpmtune.detect.choice import Choice
from mpmtune.detect.installation import Installation, find_installation
from mpmtune.errors import HttpdError, InputError
from mpmtune.model.machine import Distro
from mpmtune.model.server import Build, Instance, Mpm, StartOptions
from mpmtune.model.unknown import Unknown
from tests.detect.a_host import AHost
from tests.detect.debian import BINARY, ENVVARS, IDENTITY, a_debian, said
from tests.detect.test_build import DEBIAN as VERSION

NOT_SAID = Unknown("host.distro", "not said")
DEBIAN = Distro("debian", "12", (), "")


def _instance(binary: str = BINARY, **more: object) -> Instance:
    values: dict[str, object] = {"options": StartOptions(), "child_pids": (11,)} | more
    return Instance(parent_pid=10, binary=binary, helper_pids=(), uptime_seconds=1, **values)  # type: ignore[arg-type]  # test keywords


def _found(
    host: AHost, choice: Choice | None = None, instance: Instance | None = None
) -> Installation:
    found = find_installation(host, choice or Choice(), instance, NOT_SAID)
    assert isinstance(found, Installation)
    return found


def test_a_stopped_httpd_is_found_where_packages_put_it() -> None:
    found = _found(a_debian())
    assert isinstance(found.build, Build)
    assert (found.build.binary, found.build.version) == (BINARY, "2.4.71")
    assert (found.server_root, found.conf) == ("/etc/apache2", "/etc/apache2/apache2.conf")
    assert found.running is None
    assert found.target is not None
    assert found.target.static[:2] == ("core_module", "so_module")
    assert found.target.mpm is Mpm.EVENT


def test_no_httpd_is_unknown() -> None:
    host = AHost({"/usr/bin/true": ""})
    assert find_installation(host, Choice(), None, DEBIAN) == Unknown(
        "httpd", "no httpd is installed in any of the usual places"
    )


def test_a_package_that_was_removed_leaves_only_its_configuration() -> None:
    host = AHost({"/usr/bin/true": "", "/etc/apache2/apache2.conf": ""})
    assert isinstance(find_installation(host, Choice(), None, DEBIAN), Unknown)


@pytest.mark.parametrize("distro", [DEBIAN, NOT_SAID, Distro("nixos", "24", (), "")])
def test_a_tree_of_configuration_alone_is_read_as_its_distribution_would(
    distro: Distro | Unknown,
) -> None:
    host = AHost({"/etc/apache2/apache2.conf": "", "/etc/apache2/envvars": ENVVARS})
    found = find_installation(host, Choice(), None, distro)
    assert isinstance(found, Installation)
    assert found.build == Unknown("httpd.version", "no httpd binary can be seen")
    assert (found.server_root, found.conf) == ("/etc/apache2", "/etc/apache2/apache2.conf")
    assert found.target is not None
    assert found.target.name in {"debian-12", "debian-13"}


def test_a_running_httpd_says_what_it_was_started_with() -> None:
    options = StartOptions("/srv", "conf/x.conf", ("A",), ("before",), ("after",))
    found = _found(a_debian(), Choice(defines=("A", "B")), _instance(options=options))
    assert (found.server_root, found.conf) == ("/srv", "/srv/conf/x.conf")
    assert found.options == StartOptions(
        "/srv", "/srv/conf/x.conf", ("A", "B"), ("before",), ("after",)
    )
    assert found.running is not None


def test_a_second_root_has_its_own_default_file() -> None:
    options = StartOptions("/etc/apache2-second")
    assert (
        _found(a_debian(), None, _instance(options=options)).conf
        == "/etc/apache2-second/apache2.conf"
    )


def test_a_running_httpd_with_another_configuration_is_not_the_one_that_was_named() -> None:
    host = a_debian()
    host.files["/srv/other.conf"] = ""
    found = _found(host, Choice(conf="/srv/other.conf"), _instance())
    assert (found.conf, found.running) == ("/srv/other.conf", None)
    same = _found(host, Choice(conf="/etc/apache2/apache2.conf"), _instance())
    assert same.running is not None
    elsewhere = _found(host, Choice(server_root="/srv"), _instance())
    assert elsewhere.running is None


def test_a_binary_whose_path_is_hidden_is_looked_for() -> None:
    found = _found(a_debian(), None, _instance(binary=""))
    assert isinstance(found.build, Build)


def test_an_httpd_in_a_container_cannot_be_asked() -> None:
    found = _found(a_debian(), None, _instance(other_namespace=True))
    assert found.build == Unknown("httpd.version", "it runs in another namespace")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"/etc/sysconfig/httpd": 'OPTIONS="-DSSL -d /srv"\n'}, StartOptions("/srv", "/srv/apache2.conf", ("SSL",))),
        ({"/etc/conf.d/apache2": 'APACHE2_OPTS="-D PHP"\n'}, StartOptions("/etc/apache2", "/etc/apache2/apache2.conf", ("PHP",))),
        ({"/etc/conf.d/apache2": 'APACHE2_OPTS="-t"\n'}, StartOptions("/etc/apache2", "/etc/apache2/apache2.conf")),
    ],
)  # fmt: skip
def test_a_stopped_httpd_would_be_started_as_its_start_file_says(
    files: dict[str, str], expected: StartOptions
) -> None:
    host = a_debian()
    host.files.update(files)
    assert _found(host).options == expected


def test_the_invocation_asks_about_this_configuration() -> None:
    found = _found(a_debian(), Choice(defines=("SSL",)))
    assert isinstance(found.build, Build)
    invocation = found.invocation(found.build)
    assert invocation.modules().argv == (
        BINARY,
        "-d",
        "/etc/apache2",
        "-f",
        "/etc/apache2/apache2.conf",
        "-D",
        "SSL",
        "-M",
    )
    assert dict(invocation.environment) == {
        "APACHE_RUN_DIR": "/var/run",
        "APACHE_RUN_USER": "www-data",
    }


def test_a_named_binary_that_is_not_there_ends_with_a_sentence() -> None:
    with pytest.raises(HttpdError, match="--httpd /opt/none does not exist"):
        _found(a_debian(), Choice(httpd="/opt/none"))


@pytest.mark.parametrize("name", ["/usr/sbin/apachectl", "/usr/local/sbin/apache2ctl-second"])
def test_a_control_script_is_not_run(name: str) -> None:
    host = a_debian()
    host.files[name] = ""
    with pytest.raises(HttpdError, match="is a control script"):
        _found(host, Choice(httpd=name))
    assert host.ran == []


@pytest.mark.parametrize("answer", [said("hello\n"), None])
def test_a_named_binary_that_is_no_httpd_ends_with_a_sentence(answer: object) -> None:
    host = a_debian()
    host.files["/opt/x"] = ""
    if answer is not None:
        host.answers["/opt/x -d / -f /dev/null -V"] = answer  # type: ignore[assignment]  # an Answer
    with pytest.raises(HttpdError, match="--httpd /opt/x could not be asked"):
        _found(host, Choice(httpd="/opt/x"))


def test_a_named_binary_is_asked() -> None:
    host = a_debian()
    host.files["/opt/httpd"] = ""
    host.answers["/opt/httpd -d / -f /dev/null -V"] = said(VERSION)
    found = _found(host, Choice(httpd="/opt/httpd"))
    assert isinstance(found.build, Build)
    assert found.build.binary == "/opt/httpd"
    running = _found(host, Choice(httpd="/opt/gone"), _instance("/opt/gone"))
    assert isinstance(running.build, Unknown)


def test_a_named_configuration_that_is_not_there_ends_with_a_sentence() -> None:
    with pytest.raises(InputError, match=r"--conf /etc/apache2/x\\x1b\.conf cannot be read"):
        _found(a_debian(), Choice(conf="x\x1b.conf"))


def test_a_binary_that_gives_no_answer_leaves_the_version_unknown() -> None:
    host = a_debian()
    del host.answers[IDENTITY]
    found = _found(host)
    assert isinstance(found.build, Unknown)
    assert found.conf == "/etc/apache2/apache2.conf"
