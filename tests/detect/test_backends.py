from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.detect.backends import detect_backends
from mpmtune.model.server import ProxyBackend
from tests.httpd.trees import CONF, a_tree

PROXY = ("proxy", "proxy_http", "proxy_fcgi", "proxy_balancer", "rewrite")


def _backends(text: str) -> tuple[ProxyBackend, ...]:
    return detect_backends(a_tree(text, modules=PROXY))


def test_a_pass_is_read_with_its_pool_bound_and_its_place() -> None:
    assert _backends("# one\nProxyPass /app http://10.0.0.1:8080/app max=20 retry=1\n") == (
        ProxyBackend("http://10.0.0.1:8080/app", 20, CONF, 2),
    )


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("<Location /a>\nProxyPass http://h/\n</Location>\n", ["http://h/"]),
        ("ProxyPass /a !\nProxyPassMatch ^/b http://h/\n", ["http://h/"]),
        ('SetHandler "proxy:unix:/run/p.sock|fcgi://localhost"\n', ["unix:/run/p.sock|fcgi://localhost"]),
        ("AddHandler proxy:fcgi://127.0.0.1:9000 .php\n", ["fcgi://127.0.0.1:9000"]),
        ("SetHandler server-status\n", []),
        ("RewriteRule ^/w ws://h/ [NC,P,L]\n", ["ws://h/"]),
        ("RewriteRule ^/w http://h/ [proxy]\n", ["http://h/"]),
        ("RewriteRule ^/w http://h/ [R=301]\n", []),
        ("RewriteRule ^/w http://h/\n", []),
        ("BalancerMember balancer://b http://h1/\n", ["http://h1/"]),
        ("<Proxy balancer://b>\nBalancerMember http://h1/\nBalancerMember http://h2/\n</Proxy>\nProxyPass / balancer://b/\n", ["http://h1/", "http://h2/"]),
        ("ProxyPass /a http://h/\nProxyPass /b http://h/\n", ["http://h/"]),
        ("ProxyPass\n", []),
    ],
)  # fmt: skip
def test_every_kind_of_target_is_found_once(text: str, urls: list[str]) -> None:
    assert [backend.url for backend in _backends(text)] == urls


def test_user_information_and_query_are_cut_off() -> None:
    (backend,) = _backends("ProxyPass / http://user:p@ss@h:80/x?token=1\n")
    assert backend.url == "http://h:80/x"


@pytest.mark.parametrize(
    ("settings_", "most"),
    [("max=5", 5), ("MAX=5", 5), ("max=x", None), ("max=", None), ("max=9999999999", None), ("", None)],
)  # fmt: skip
def test_the_bound_is_a_sound_number_or_none(settings_: str, most: int | None) -> None:
    assert _backends(f"ProxyPass / http://h/ {settings_}\n")[0].max == most


def test_a_proxy_section_bounds_its_pool() -> None:
    text = "SetHandler proxy:fcgi://h:9000\n<Proxy fcgi://h:9000>\nProxySet max=7\n</Proxy>\n"
    assert _backends(text)[0].max == 7
    assert _backends("ProxySet http://h/ max=8\nProxyPass / http://h/\n")[0].max == 8
    assert _backends("ProxySet max=8\nProxyPass / http://h/\n")[0].max is None


@pytest.mark.parametrize(
    ("text", "tunnel"),
    [
        ("ProxyPass / ws://h/\n", True),
        ("ProxyPass / WSS://h/\n", True),
        ("ProxyPass / http://h/ upgrade=websocket\n", True),
        ("ProxyPass / http://h/ upgrade=ANY\n", True),
        ("ProxyPass / http://h/ upgrade=NONE\n", False),
        ("ProxyPass / http://h/\n", False),
    ],
)
def test_what_may_become_a_tunnel_is_marked(text: str, tunnel: bool) -> None:
    assert _backends(text)[0].tunnel is tunnel


@settings(max_examples=150)
@given(st.lists(st.sampled_from(["/", "http://h/", "balancer://b", '"', "max=3", "unix:/s|fcgi://l", "!", "ws://x"])))  # fmt: skip
def test_no_arguments_make_it_fail(words: list[str]) -> None:
    args = " ".join(words)
    text = f"ProxyPass {args}\nBalancerMember {args}\nProxySet {args}\nRewriteRule {args}\n"
    detect_backends(a_tree(text, modules=PROXY))
