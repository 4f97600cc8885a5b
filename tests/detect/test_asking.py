from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.detect.answers import Answers
from mpmtune.detect.asking import ask_httpd
from mpmtune.detect.choice import Choice
from mpmtune.detect.configuration import read_configuration
from mpmtune.detect.installation import Installation, find_installation
from mpmtune.model.unknown import Unknown
from tests.detect.debian import ASKED, IDENTITY, MODULES, a_debian

if TYPE_CHECKING:
    from tests.detect.a_host import AHost

NOWHERE = Unknown("host.distro", "not said")


def _asked(host: AHost) -> Answers | Unknown:
    found = find_installation(host, Choice(), None, NOWHERE)
    assert isinstance(found, Installation)
    return ask_httpd(host, found, read_configuration(host, found, None))


def test_a_trusted_configuration_is_put_to_httpd() -> None:
    host = a_debian()
    answers = _asked(host)
    assert isinstance(answers, Answers)
    assert answers.accepted
    assert [" ".join(command.argv) for command in host.ran] == [
        IDENTITY,
        "/usr/sbin/apache2 -l",
        f"{ASKED} -M",
    ]


def test_a_directory_that_apache2ctl_would_make_is_stood_in_for() -> None:
    host = a_debian()
    _asked(host)
    assert dict(host.ran[-1].environment)["APACHE_RUN_DIR"] == "/var/run"


@pytest.mark.parametrize(
    "strange",
    [
        "/usr/sbin/apache2",
        "/etc/apache2/apache2.conf",
        "/etc/apache2",
        "/etc/apache2/mods-enabled",
        "/etc/apache2/mods-enabled/mpm.load",
        f"{MODULES}/mod_mpm_event.so",
        MODULES,
    ],
)
def test_nothing_is_run_where_another_user_could_write(strange: str) -> None:
    host = a_debian()
    host.owners[strange] = 1000
    answers = _asked(host)
    assert answers == Unknown(
        "httpd.messages", f"{strange} belongs to user 1000, neither root nor you"
    )
    assert all(command.argv[0] == "/usr/sbin/apache2" for command in host.ran)
    assert not any("-M" in command.argv for command in host.ran)


def test_the_place_where_a_missing_module_could_be_put_counts() -> None:
    host = a_debian(conf="LoadModule x_module /srv/modules/mod_x.so\nLoadFile /opt/x.so\n")
    host.files["/srv/other"] = ""
    host.owners["/srv"] = 33
    answers = _asked(host)
    assert isinstance(answers, Unknown)
    assert answers.why.startswith("/srv belongs to user 33")


def test_an_included_directory_that_is_empty_counts() -> None:
    host = a_debian(conf="IncludeOptional /srv/sites/*.conf\nIncludeOptional /*.conf\n")
    host.files["/srv/other"] = ""
    host.owners["/srv"] = 33
    answers = _asked(host)
    assert isinstance(answers, Unknown)
    assert answers.why.startswith("/srv belongs to user 33")


def test_a_configuration_that_cannot_be_read_is_not_put_to_httpd() -> None:
    host = a_debian()
    del host.files["/etc/apache2/apache2.conf"]
    assert _asked(host) == Unknown("httpd.messages", "/etc/apache2/apache2.conf: no such file")


def test_without_a_build_nothing_is_asked() -> None:
    host = a_debian()
    host.answers.clear()
    assert _asked(host) == Unknown("httpd.messages", "no such program")
