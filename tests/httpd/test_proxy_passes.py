"""ProxyPass as mod_proxy reads it."""

from __future__ import annotations

import pytest

from mpmtune.httpd.proxy_passes import ProxyPass, pass_of
from tests.httpd.trees import a_tree


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "ProxyPass /a http://b/ Timeout=5 nocanon KeepAlive=On",
            ProxyPass("/a", "http://b/", (("timeout", "5"), ("keepalive", "On")), False, False),
        ),
        ("ProxyPass /a !", ProxyPass("/a", "!", (), False, False)),
        ("ProxyPass ~ ^/a http://b/", ProxyPass("^/a", "http://b/", (), True, False)),
        ("ProxyPassMatch ^/a http://b/", ProxyPass("^/a", "http://b/", (), True, False)),
        (
            "<Location /a>\nProxyPass http://b/ timeout=5\n</Location>",
            ProxyPass("/a", "http://b/", (("timeout", "5"),), False, True),
        ),
        (
            "<LocationMatch ^/a>\nProxyPass http://b/\n</LocationMatch>",
            ProxyPass("^/a", "http://b/", (), True, True),
        ),
        (
            "<Location ~ ^/a>\nProxyPass http://b/\n</Location>",
            ProxyPass("^/a", "http://b/", (), True, True),
        ),
    ],
)
def test_a_pass_is_read(text: str, read: ProxyPass) -> None:
    tree = a_tree(text, modules=("proxy", "proxy_http"))
    (line,) = (*tree.by_name.get("proxypass", ()), *tree.by_name.get("proxypassmatch", ()))
    assert pass_of(line) == read


@pytest.mark.parametrize(
    ("target", "url", "socket"),
    [
        ("unix:/run/x.sock|http://h/", "http://h/", "unix:/run/x.sock"),
        ("http://h/", "http://h/", ""),
        ("!", "", ""),
    ],
)
def test_the_url_is_behind_the_socket(target: str, url: str, socket: str) -> None:
    said = ProxyPass("/", target, (), regex=False, located=False)
    assert (said.url, said.socket) == (url, socket)
