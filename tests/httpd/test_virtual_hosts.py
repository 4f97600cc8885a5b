"""Virtual hosts by address and name, as server/vhost.c sorts them."""

from __future__ import annotations

import time

import pytest

from mpmtune.httpd.addresses import addresses_of, ip_address
from mpmtune.httpd.virtual_hosts import VirtualHosts, Why
from tests.httpd.trees import a_tree

TEXT = """\
ServerName main.test
Listen 80
Listen 127.0.0.1:443 HTTPS
Listen [::1]:8443
Listen nonsense
Listen
<VirtualHost *:80>
ServerName http://First.test:80
</VirtualHost>
<VirtualHost *:80 _default_:80>
ServerName second.test
ServerAlias *.second.test Third.test x[y.test
</VirtualHost>
<VirtualHost *:80>
</VirtualHost>
<VirtualHost 10.0.0.1:80>
ServerName third.test
</VirtualHost>
<VirtualHost 10.0.0.2:*>
</VirtualHost>
<VirtualHost named.test:80>
ServerName elsewhere.test
</VirtualHost>
<VirtualHost *>
ServerName every.test
</VirtualHost>
"""


@pytest.fixture
def hosts() -> VirtualHosts:
    return VirtualHosts(a_tree(TEXT))


@pytest.mark.parametrize(
    ("word", "addresses"),
    [
        ("*", ["*:*"]),
        ("*:*", ["*:*"]),
        ("*:80", ["*:80"]),
        ("_DEFAULT_:443", ["*:443"]),
        ("0.0.0.0:80", ["*:80"]),
        ("[::]:80", ["*:80"]),
        ("10.0.0.1", ["10.0.0.1:*"]),
        ("[::ffff:10.0.0.1]:80", ["10.0.0.1:80"]),
        ("[0:0::1]", ["[::1]:*"]),
        ("[::1]:*", ["[::1]:*"]),
        ("localhost:80", ["127.0.0.1:80", "[::1]:80"]),
        ("Name.test:80", ["name.test:80"]),
        ("80", []),
        ("*:0", []),
        ("*:99999", []),
        (":80", []),
        (":*", []),
        ("[::1", []),
        ("[::1]80", []),
        ("[::1]:x", []),
    ],
)
def test_addresses_are_read_as_httpd_reads_them(word: str, addresses: list[str]) -> None:
    assert [str(address) for address in addresses_of(word)] == addresses


def test_an_address_is_one_ip_or_not() -> None:
    assert addresses_of("10.0.0.1:80")[0].is_ip
    assert not addresses_of("*:80")[0].is_ip
    assert not addresses_of("name.test:80")[0].is_ip
    assert ip_address("") is None
    assert ip_address("face") is None


def test_listeners_have_address_port_and_protocol(hosts: VirtualHosts) -> None:
    found = [(str(one.address), one.protocol) for one in hosts.listeners]
    assert found == [("*:80", ""), ("127.0.0.1:443", "https"), ("[::1]:8443", "")]


def test_a_host_without_a_name_has_that_of_the_main_server_at_every_address(
    hosts: VirtualHosts,
) -> None:
    names = [host.server_name for host in hosts.all]
    assert names == [
        "first.test",
        "second.test",
        "main.test",
        "third.test",
        "",
        "elsewhere.test",
        "every.test",
    ]
    assert hosts.all[1].aliases == ("*.second.test", "third.test", "x[y.test")


def test_each_address_and_port_has_a_list_in_the_order_of_the_file(hosts: VirtualHosts) -> None:
    found = {
        str(one.address): [host.occurrence.line for host, _ in one.members] for one in hosts.lists
    }
    assert found == {
        "10.0.0.1:80": [16],
        "10.0.0.2:*": [19],
        "named.test:80": [21],
        "*:80": [7, 10, 14],
        "*:*": [24],
    }


@pytest.mark.parametrize(
    ("name", "port", "address", "line", "why"),
    [
        ("FIRST.test.", 80, "10.9.9.9", 7, Why.NAME),
        ("a.second.test", 80, "10.9.9.9", 10, Why.NAME),
        ("x[y.test", 80, "10.9.9.9", 10, Why.NAME),
        ("third.test", 80, "10.9.9.9", 10, Why.NAME),
        ("third.test", 80, "10.0.0.1", 16, Why.NAME),
        ("nobody.test", 80, "10.0.0.1", 16, Why.FIRST),
        ("10.0.0.1", 80, None, 16, Why.WRITTEN),
        ("main.test", 80, "10.9.9.9", 14, Why.NAME),
        ("nobody.test", 80, "10.9.9.9", 7, Why.FIRST),
        ("nobody.test", 8080, "10.9.9.9", 24, Why.FIRST),
        ("nobody.test", 8080, "10.0.0.2", 19, Why.FIRST),
        ("nobody.test", 80, None, 7, Why.FIRST),
        ("named.test", 80, None, 21, Why.WRITTEN),
        ("third.test", 80, None, 16, Why.NAME),
    ],
)
def test_the_address_picks_a_list_and_the_name_a_host(
    hosts: VirtualHosts, name: str, port: int, address: str | None, line: int, why: Why
) -> None:
    selection = hosts.select(name, port, address)
    assert selection.host is not None
    assert (selection.host.occurrence.line, selection.why) == (line, why)


def test_lists_that_the_request_might_meet_are_named_where_the_address_is_unknown(
    hosts: VirtualHosts,
) -> None:
    elsewhere = hosts.select("first.test", 80).elsewhere
    assert [str(one.address) for one in elsewhere] == ["10.0.0.1:80", "10.0.0.2:*", "named.test:80"]
    assert hosts.select("first.test", 80, "10.9.9.9").elsewhere == ()


def test_the_main_server_gets_what_no_list_is_for() -> None:
    selection = VirtualHosts(a_tree("<VirtualHost 10.0.0.1:80>\n</VirtualHost>")).select("x", 81)
    assert (selection.host, selection.why, selection.hosts) == (None, Why.MAIN, None)


def test_a_directive_knows_its_virtual_host() -> None:
    tree = a_tree(
        "User a\n<VirtualHost *:80>\n<Directory />\nOptions None\n</Directory>\n</VirtualHost>"
    )
    hosts = VirtualHosts(tree)
    (options,) = tree.by_name["options"]
    assert hosts.around(options) is hosts.all[0]
    assert hosts.around(tree.by_name["user"][0]) is None


def test_a_server_name_without_words_is_no_name() -> None:
    hosts = VirtualHosts(a_tree("<VirtualHost *:80>\nServerName\n</VirtualHost>"))
    assert hosts.all[0].server_name == ""


def test_ten_thousand_virtual_hosts_are_found_in_linear_time() -> None:
    def seconds(number: int) -> float:
        text = "\n".join(
            f"<VirtualHost *:80>\nServerName h{at}.test\nServerAlias w{at}.test\n</VirtualHost>"
            for at in range(number)
        )
        tree = a_tree(text)
        before = time.process_time()
        hosts = VirtualHosts(tree)
        for at in range(number):
            selection = hosts.select(f"w{at}.test", 80)
            assert selection.host is hosts.all[at]
        return time.process_time() - before

    seconds(100)
    assert seconds(10_000) < 40 * max(seconds(1_000), 0.005)
