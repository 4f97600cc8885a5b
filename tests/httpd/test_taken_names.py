"""Names that lead to an earlier virtual host; httpd 2.4.71 was asked about each kind."""

from __future__ import annotations

import pytest

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd.taken_names import taken_names
from mpmtune.httpd.targets import TARGETS
from mpmtune.httpd.virtual_hosts import VirtualHosts


def taken(*names: str, main: str = "") -> list[tuple[str, str]]:
    """Give what is taken of virtual hosts with these lines, and by which pattern."""
    text = main + "".join(f"<VirtualHost *:80>\n{one}\n</VirtualHost>\n" for one in names)
    tree = evaluate(
        MemoryFiles({"/x": text.encode()}), Start("/x", TARGETS["debian-12"], here=False)
    )
    (hosts,) = VirtualHosts(tree).lists
    return [(one.name, one.pattern) for one in taken_names(hosts)]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("ServerName a.test", "ServerName A.test", [("a.test", "a.test")]),
        ("ServerName a.test:80", "ServerName http://a.test", [("a.test", "a.test")]),
        ("ServerAlias *.test", "ServerName b.test", [("b.test", "*.test")]),
        ("ServerAlias *", "ServerName b.test", [("b.test", "*")]),
        ("ServerAlias www.*", "ServerName www.b.test", [("www.b.test", "www.*")]),
        ("ServerAlias *.test", "ServerAlias *.b.test", [("*.b.test", "*.test")]),
        ("ServerAlias *.b.test", "ServerAlias *.test", []),
        ("ServerAlias *.example.test", "ServerName test", []),
        ("ServerAlias www.long.*", "ServerName www", []),
        ("ServerAlias www.*", "ServerName mail.test", []),
        ("ServerAlias *b*.test", "ServerName abc.test", []),
        ("ServerAlias w*w.test", "ServerName www.test", []),
        ("ServerName a.test", "DocumentRoot /b", []),
    ],
)
def test_the_first_that_has_a_name_gets_it(
    first: str, second: str, found: list[tuple[str, str]]
) -> None:
    assert taken(first, second) == found


def test_a_name_twice_in_one_virtual_host_is_its_own() -> None:
    assert taken("ServerName a.test\nServerAlias a.test *.test") == []


def test_a_nameless_one_takes_the_name_of_the_main_server() -> None:
    second = "ServerName www.test"
    assert taken("DocumentRoot /a", second, main="ServerName www.test\n") == [
        ("www.test", "www.test")
    ]
    assert taken("DocumentRoot /a", second) == []
