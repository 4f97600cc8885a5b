from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.host.pseudonyms import Pseudonyms


def a_pseudonym_book(*names: str) -> Pseudonyms:
    book = Pseudonyms()
    for name in names:
        book.learn_name(name)
    return book


def test_a_name_has_one_pseudonym_wherever_it_stands() -> None:
    book = a_pseudonym_book("shop.example.org")
    assert (
        book.hide("/srv/shop.example.org/x https://shop.example.org:8443/ a-shop.example.org")
        == "/srv/host1.example/x https://host1.example:8443/ a-shop.example.org"
    )


def test_the_longest_name_is_taken() -> None:
    book = a_pseudonym_book("example.org", "shop.example.org")
    assert book.hide("shop.example.org example.org") == "host1.example host2.example"


def test_spellings_of_a_name_keep_apart() -> None:
    book = a_pseudonym_book("shop.example.org")
    hidden = book.hide("Shop.Example.org shop.example.org")
    assert "xample.org" not in hidden
    assert book.restore(hidden) == "Shop.Example.org shop.example.org"


@pytest.mark.parametrize("name", ["localhost", "debian", "web", "8080", "10.0.0.1", "a b", ""])
def test_common_words_are_no_names(name: str) -> None:
    assert (
        a_pseudonym_book(name).hide("x localhost debian web 8080") == "x localhost debian web 8080"
    )


def test_names_in_urls_and_mail_addresses_are_learnt() -> None:
    book = Pseudonyms()
    book.learn_from(
        "ProxyPass / http://u:p@app.corp.net:8080/x mailto:root@mail.corp.net fcgi://localhost"
    )
    assert (
        book.hide("app.corp.net mail.corp.net localhost") == "host1.example host2.example localhost"
    )


def test_mail_addresses_are_replaced() -> None:
    assert Pseudonyms().hide("ServerAdmin jane.doe@corp.net") == "ServerAdmin mail1@host.example"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Listen 10.1.2.3:80", "Listen 198.18.0.1:80"),
        (
            "Require ip 10.1.2.3 10.1.2.4 10.1.2.3/8",
            "Require ip 198.18.0.1 198.18.0.2 198.18.0.1/8",
        ),
        ("Listen 127.0.0.1:80 0.0.0.0:443", "Listen 127.0.0.1:80 0.0.0.0:443"),
        ("255.255.255.0 1.3.6.1.4.1 v1.2.3.4", "255.255.255.0 1.3.6.1.4.1 v1.2.3.4"),
        ("Listen [2a01:4f8::1]:443 [::]:80 [::1]:80", "Listen [2001:db8::1]:443 [::]:80 [::1]:80"),
        ("at 12:34:56 a:b 00:11:22:33:44:55", "at 12:34:56 a:b 00:11:22:33:44:55"),
    ],
)
def test_addresses_are_known_by_their_form(text: str, hidden: str) -> None:
    assert Pseudonyms().hide(text) == hidden


def test_many_addresses_have_many_pseudonyms() -> None:
    book = Pseudonyms()
    addresses = " ".join(f"10.0.{high}.{low}" for high in range(3) for low in range(200))
    hidden = book.hide(addresses)
    assert len(set(hidden.split())) == 600
    assert book.restore(hidden) == addresses


WORDS = st.sampled_from(
    [
        "shop.example.org",
        "www.shop.example.org",
        "10.0.0.1",
        "192.168.7.9",
        "2a01:4f8::7",
        "jane@corp.net",
        "/srv/corp.net/x",
        "localhost",
        "Timeout",
        "\xff",
        "\x1b[2J",
    ]
)
SEPARATORS = st.sampled_from([" ", "\n", "/", '"', ",", "|"])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(WORDS, SEPARATORS), max_size=12))
def test_hiding_can_be_undone_and_done_twice(parts: list[tuple[str, str]]) -> None:
    book = a_pseudonym_book("shop.example.org", "www.shop.example.org", "corp.net")
    text = "".join(word + separator for word, separator in parts)
    hidden = book.hide(text)
    assert book.restore(hidden) == text
    assert book.hide(hidden) == hidden
    for secret in ("shop.example", "10.0.0.1", "192.168", "4f8", "jane", "corp.net"):
        assert secret not in hidden


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_no_text_is_a_crash(text: str) -> None:
    book = Pseudonyms()
    book.learn_from(text)
    book.learn_name(text)
    assert book.hide(book.hide(text)) == book.hide(text)
