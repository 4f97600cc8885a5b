"""What comes of SSLProtocol and SSLCipherSuite; the versions were asked of httpd 2.4.71."""

from __future__ import annotations

import pytest

from mpmtune.httpd.openssl import (
    lacks_weak_ciphers,
    protocols,
    refuses_legacy,
    security_level,
    split_ciphers,
    weak_ciphers,
)


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("all", "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"),
        ("all -SSLv3", "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"),
        ("ALL -tlsv1", "TLSv1.1 TLSv1.2 TLSv1.3"),
        ("-all +TLSv1.2 +TLSv1.3", "TLSv1.2 TLSv1.3"),
        ("TLSv1.2 TLSv1.1", "TLSv1.1"),
        ("+SSLv3 nonsense", ""),
        ("-TLSv1.2", ""),
    ],
)
def test_protocols_are_taken_from_left_to_right(words: str, on: str) -> None:
    assert protocols(words.split()) == frozenset(on.split())


@pytest.mark.parametrize(
    ("ciphers", "weak", "words"),
    [
        ("ALL:RC4-SHA:3DES", ("3DES", "RC4"), ("RC4-SHA", "3DES")),
        ("RC4-MD5", ("MD5", "RC4"), ("RC4-MD5",)),
        ("EDH-RSA-DES-CBC3-SHA", ("3DES",), ("EDH-RSA-DES-CBC3-SHA",)),
        ("HIGH DES", ("DES",), ("DES",)),
        ("ALL:!ADH:RC4+RSA:+HIGH:+MEDIUM:+LOW", ("RC4",), ("RC4+RSA",)),
        ("3DES:-3DES:RC4:-ALL", (), ()),
        ("-RC4:RC4-SHA", ("RC4",), ("RC4-SHA",)),
        ("RC4:SEED:!MEDIUM", (), ()),
        ("LOW:!LOW", (), ()),
        ("RC4-MD5:!MD5", (), ()),
        ("3DES:!DES-CBC3-SHA", ("3DES",), ("3DES",)),
        ("HIGH:MEDIUM:!aNULL:+RC4:@SECLEVEL=0", (), ()),
        ("", (), ()),
    ],
)
def test_weak_ciphers_are_those_named_and_not_barred(
    ciphers: str, weak: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert weak_ciphers(ciphers) == (weak, words)


def test_a_list_is_split_at_colons_commas_and_blanks() -> None:
    assert split_ciphers("HIGH:!aNULL, MEDIUM AES") == ["HIGH", "!aNULL", "MEDIUM", "AES"]


def test_the_last_security_level_counts() -> None:
    assert security_level("DEFAULT:@SECLEVEL=2:@seclevel=0") == 0
    assert security_level("HIGH") is None


def test_openssl_3_refuses_old_versions_above_level_0() -> None:
    assert refuses_legacy("debian-12", None)
    assert refuses_legacy("rhel-9", 1)
    assert not refuses_legacy("debian-12", 0)
    assert not refuses_legacy("rhel-8", None)


def test_red_hat_builds_the_weak_ciphers() -> None:
    assert lacks_weak_ciphers("debian-12")
    assert not lacks_weak_ciphers("rhel-9")
