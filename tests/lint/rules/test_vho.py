"""Rules of VHO in the cases that their examples are not about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.local import LocalFiles
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd.targets import TARGETS
from mpmtune.lint.engine import Checks, Reading, check
from mpmtune.lint.registry import listings
from mpmtune.lint.rule import Scope
from mpmtune.model.finding import Severity
from tests.lint.rules.cases import findings, fixed, lines

if TYPE_CHECKING:
    from pathlib import Path


def host(*body: str, at: str = "*:8080") -> str:
    inside = "".join(f"{line}\n" for line in body)
    return f"<VirtualHost {at}>\n{inside}</VirtualHost>\n"


A, B = host("ServerName a.example"), host("ServerName b.example")


def test_a_nameless_host_is_told_by_which_name_it_is_asked() -> None:
    (inherited,) = findings("VHO701", "ServerName m.example\n" + A + host())
    assert inherited.message == (
        "No ServerName: this answers only to the name of the main server, m.example"
    )
    (machine,) = findings("VHO701", A + host())
    assert machine.message.endswith("only to the name of the machine")
    at = "127.0.0.1:8080"
    (resolved,) = findings("VHO701", host("ServerName a.example", at=at) + host(at=at))
    assert resolved.message.endswith("only to what reverse DNS says of its address at start")


def test_one_that_is_first_somewhere_or_has_a_name_as_address_is_fine() -> None:
    assert lines("VHO701", A + host(at="*:8080 *:80")) == []
    text = host("ServerName a.example", at="www.example.invalid:80")
    assert lines("VHO701", text + host(at="www.example.invalid:80")) == []


def test_a_name_in_several_lists_is_told_of_once() -> None:
    both = "*:8080 *:80"
    text = host("ServerName a.example", at=both) + host("ServerName a.example", at=both)
    assert lines("VHO703", text) == [5]


def test_a_host_with_a_name_left_is_reached_all_the_same() -> None:
    later = host("ServerName b.example", "ServerAlias a.example")
    (found,) = findings("VHO703", A + later)
    assert (found.severity, found.line) == (Severity.WARNING, 6)
    assert found.message == "At *:8080 a.example goes to an earlier virtual host"
    dead = host("ServerName a.example", "ServerAlias A.example")
    assert [f.severity for f in findings("VHO703", A + dead)] == [Severity.ERROR]


def test_a_host_that_is_the_first_elsewhere_is_reached_there() -> None:
    text = A + host("ServerName a.example", at="*:8080 *:80")
    assert [f.severity for f in findings("VHO703", text)] == [Severity.WARNING]


def test_names_that_are_not_known_are_not_compared() -> None:
    aliases = host("ServerName b.example", "ServerAlias ${MORE} a.example")
    assert lines("VHO703", A + aliases, scope=Scope.FRAGMENT) == []
    wild = host("ServerAlias *.${DOMAIN}") + host("ServerName a.${DOMAIN}")
    assert lines("VHO703", wild, scope=Scope.FRAGMENT) == []


def test_a_file_that_is_read_twice_is_no_error() -> None:
    files = MemoryFiles({"/x": b"Listen 8080\nInclude /a\nInclude /a\n", "/a": A.encode()})
    tree = evaluate(files, Start("/x", TARGETS["debian-12"], here=False))
    only = tuple(one for one in listings() if one.code == "VHO703")
    (found,) = check([Reading((tree,))], Checks(only, listings())).findings
    assert (found.severity, found.file) == (Severity.INFO, "/a")
    assert found.message == "This virtual host is read twice, first from /a"


@pytest.mark.parametrize(
    ("listens", "at", "severity"),
    [
        ("", "*:8477", Severity.ERROR),
        ("Listen 127.0.0.1:8477", "127.0.0.2:8477", Severity.ERROR),
        ("Listen 127.0.0.1:8477", "*:8477", None),
        ("Listen 127.0.0.1:8477", "www.example.invalid:8477", None),
        ("", "www.example.invalid:8477", Severity.ERROR),
        ("Listen [::1]:8477", "localhost:8477", None),
        ("Listen 8477", "192.0.2.1:8477 [2001:db8::1]:8477", None),
        ("Listen 192.0.2.1:8477", "192.0.2.1:8477 [2001:db8::1]:8477", Severity.WARNING),
        ("", "192.0.2.1", None),
        ("Listen ${PORT}", "*:8477", None),
    ],
)
def test_a_host_needs_a_listen_of_its_port_and_address(
    listens: str, at: str, severity: Severity | None
) -> None:
    said = [f.severity for f in findings("VHO704", f"{listens}\n{host(at=at)}")]
    assert said == ([] if severity is None else [severity])


def test_without_any_listen_it_is_another_fault() -> None:
    files = MemoryFiles({"/x": A.encode()})
    tree = evaluate(files, Start("/x", TARGETS["debian-12"], here=False))
    only = tuple(one for one in listings() if one.code in {"VHO704", "TLS406"})
    assert check([Reading((tree,))], Checks(only, listings())).findings == ()


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("8081", "127.0.0.1:8081", True),
        ("8081", "[::1]:8081", True),
        ("0.0.0.0:8081", "127.0.0.1:8081", True),
        ("0.0.0.0:8081", "[::1]:8081", False),
        ("0.0.0.0:8081", "[::]:8081", False),
        ("8081", "0.0.0.0:8081", False),
        ("8081", "[::]:8081", True),
        ("[::]:8081", "127.0.0.1:8081", True),
        ("localhost:8081", "localhost:8081", True),
        ("8081", "www.example.invalid:8081", False),
        ("127.0.0.1:8081", "127.0.0.2:8081", False),
    ],
)
def test_two_listens_clash_as_sockets_do(first: str, second: str, *, clash: bool) -> None:
    assert bool(lines("VHO705", f"Listen {first}\nListen {second}\n")) is clash
    assert bool(lines("VHO705", f"Listen {second}\nListen {first}\n")) is clash


def test_a_near_address_hides_each_wider_one() -> None:
    wide = host("ServerName a.example", at="*")
    assert lines("VHO706", wide + host("ServerName b.example", at="192.0.2.1:80")) == [4]
    bare = host("ServerName b.example", at="192.0.2.1")
    assert lines("VHO706", wide + bare) == [4]
    same = host("ServerName a.example", at="192.0.2.1:80 192.0.2.2:80")
    assert lines("VHO706", wide + same) == []
    two = host("ServerName b.example", at="192.0.2.1:80 192.0.2.2:80")
    assert lines("VHO706", wide + two) == [4]


@pytest.mark.parametrize("name", ["a.example:0", "a.example:", "a.example:x", "a?.example"])
def test_httpd_refuses_a_port_that_is_none_and_a_wildcard(name: str) -> None:
    assert lines("VHO708", f"ServerName {name}\n") == [1]


def test_only_commas_are_no_name_to_keep() -> None:
    assert fixed("VHO709", host("ServerAlias ,")) == host("ServerAlias ,")
    assert fixed("VHO709", "ServerName a.example,\n") == "ServerName a.example\n"


@pytest.mark.parametrize("name", ["${HOST}", "any.invalid", "_default_"])
def test_a_default_that_says_so_is_a_catch_all(name: str) -> None:
    text = host(f"ServerName {name}", "DocumentRoot /srv/www/htdocs")
    assert lines("VHO710", text) == []


def test_a_host_that_is_first_at_several_addresses_is_told_of_once() -> None:
    text = host("ServerName a.example", "DocumentRoot /srv/www/htdocs", at="*:80 *:8080")
    assert lines("VHO710", text) == [1]
    star = host("ServerName a.example", "ServerAlias *", "DocumentRoot /srv/www/htdocs")
    assert lines("VHO710", star) == []


CLOSED = "<Directory />\nRequire all denied\n</Directory>\n"


@pytest.mark.parametrize(
    "text",
    [
        "Alias /a relative\n<Directory /etc/apache2/relative>\nRequire all granted\n</Directory>\n",
        "Alias /a /srv/%{x}\n",
        "Alias /a ${PLACE}\n",
        "DocumentRoot ${PLACE}\n",
        "<Location /a>\nAlias /srv/www/logs\n</Location>\n",
        "Alias /a /srv/www/logs\n<Directory /srv>\nRequire all granted\n</Directory>\n",
        "Alias /a /srv/www/logs\n<Location /a>\nRequire valid-user\n</Location>\n",
        "AliasMatch ^/a /srv/www/logs\n",
        "Redirect /a /b\nAlias /a /srv/www/logs\n",
    ],
)
def test_a_place_that_is_open_or_shut_on_purpose_is_left_alone(text: str) -> None:
    assert lines("VHO711", CLOSED + text) == []


def test_a_directory_that_is_denied_elsewhere_shuts_nothing_here() -> None:
    text = "DocumentRoot /srv/www/htdocs\n<Directory /home>\nRequire all denied\n</Directory>\n"
    assert lines("VHO711", text) == []


def test_the_main_server_matters_only_where_requests_come_to_it() -> None:
    root = "DocumentRoot /srv/www/htdocs\n"
    granted = '<Directory "/srv/www/logs">\nRequire all granted\n</Directory>\n'
    hosts = "".join(host("ServerName a.example", at=f"*:{port}") for port in (80, 443, 8080))
    assert lines("VHO711", CLOSED + root + granted) == [4]
    assert lines("VHO711", CLOSED + root + granted + hosts) == []


def test_a_root_is_looked_for_only_on_the_machine_itself(tmp_path: Path) -> None:
    conf = tmp_path / "x.conf"
    conf.write_text(f"DocumentRoot {tmp_path}\nDocumentRoot {tmp_path}/none\n")
    only = tuple(one for one in listings() if one.code == "VHO712")
    for here, expected in ((True, [2]), (False, [])):
        tree = evaluate(LocalFiles(), Start(str(conf), TARGETS["debian-12"], here=here))
        report = check([Reading((tree,))], Checks(only, listings()))
        assert [f.line for f in report.findings] == expected


def test_a_place_that_nobody_knows_is_not_missed() -> None:
    assert lines("VHO712", "DocumentRoot ${ROOT}\n") == []
    assert lines("VHO712", "DocumentRoot /opt/elsewhere\n") == []
