"""What mod_ssl and OpenSSL make of SSLProtocol and SSLCipherSuite.

A configuration can ask for what the library does not have or does not allow any more; what the
library of a distribution refuses whatever is asked for is told by the name of its target.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ALL = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
_NAMES = {name.lower(): (name,) for name in ("SSLv3", *_ALL)} | {"all": _ALL}
LEGACY = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})

# OpenSSL 3 allows what is older than TLS 1.2 at security level 0 alone.
_OPENSSL_3 = frozenset(
    {
        *("debian-12", "debian-13", "ubuntu-22.04", "ubuntu-24.04", "docker-httpd", "bitnami"),
        *("rhel-9", "rhel-10", "fedora", "alpine"),
    }
)
# Built without enable-weak-ssl-ciphers, no-idea: these lists match nothing.
_WITHOUT_WEAK_CIPHERS = frozenset(
    {
        *("debian-12", "debian-13", "ubuntu-22.04", "ubuntu-24.04", "docker-httpd", "bitnami"),
        "alpine",
    }
)

_SEPARATORS = re.compile(r"[:, ;]+")
_LEVEL = re.compile(r"@SECLEVEL=(\d)", re.IGNORECASE)


class Ciphers(NamedTuple):
    """What a cipher list asks for of what is broken.

    Attributes:
        weak: Groups that are on, in OpenSSL's names, sorted.
        words: The words that ask for them, as written.
    """

    weak: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


# Group → what in a cipher's name or word says that it is of the group. mod_ssl itself turns
# anonymous, unencrypted and export ciphers off, whatever the list says.
_WEAK = {
    "3DES": frozenset({"3DES", "CBC3"}),
    "DES": frozenset({"DES", "LOW"}),
    "IDEA": frozenset({"IDEA"}),
    "MD5": frozenset({"MD5"}),
    "RC2": frozenset({"RC2"}),
    "RC4": frozenset({"RC4"}),
    "SEED": frozenset({"SEED"}),
}
_OF_MEDIUM = frozenset({"3DES", "IDEA", "RC2", "RC4", "SEED"})
_OF_ALL = frozenset({"SSLV3", "TLSV1", "ALL"})


def protocols(words: Iterable[str]) -> frozenset[str]:
    """Give the versions that ``SSLProtocol`` turns on; ssl_cmd_protocol_parse.

    Words are taken from left to right; one without a sign replaces all before it.
    """
    on: frozenset[str] = frozenset()
    for word in words:
        named = frozenset(_NAMES.get(word.lstrip("+-").lower(), ()))
        if word.startswith("-"):
            on -= named
        elif word.startswith("+"):
            on |= named
        else:
            on = named
    return on


def refuses_legacy(target: str, security_level: int | None) -> bool:
    """Tell whether the library refuses TLS 1.1 and older, whatever ``SSLProtocol`` says.

    Args:
        target: Name of the distribution.
        security_level: That of the cipher list; None where it names none.
    """
    return target in _OPENSSL_3 and security_level != 0


def lacks_weak_ciphers(target: str) -> bool:
    """Tell whether the library of a distribution was built without the broken ciphers."""
    return target in _WITHOUT_WEAK_CIPHERS


def security_level(ciphers: str) -> int | None:
    """Give the level that a cipher list sets; None where it sets none."""
    found = _LEVEL.findall(ciphers)
    return int(found[-1]) if found else None


def split_ciphers(ciphers: str) -> Sequence[str]:
    """Split a cipher list into its words."""
    return [word for word in _SEPARATORS.split(ciphers) if word]


def weak_ciphers(ciphers: str) -> Ciphers:
    """Tell what of a cipher list is broken, and on in the end.

    ``!`` turns a group off for good, wherever it stands; ``-`` turns it off as far as the list
    went; ``+`` only moves what is on. Words such as ``ALL`` and ``MEDIUM`` are not counted: what
    they hold depends on the library.
    """
    words = split_ciphers(ciphers)
    barred = frozenset(group for word in words if word[0] == "!" for group in _taken_by(word[1:]))
    on: dict[str, str] = {}
    for word in words:
        if word[0] == "-":
            for group in _taken_by(word[1:]):
                on.pop(group, None)
        elif word[0] not in "!+@":
            groups = tuple(_groups(word))
            if not barred.intersection(groups):
                on |= dict.fromkeys(groups, word)
    return Ciphers(tuple(sorted(on)), tuple(dict.fromkeys(on.values())))


def _groups(word: str) -> Iterator[str]:
    """Give the broken groups that a word is of: ``RC4-MD5`` is of two."""
    parts = frozenset(re.split(r"[-+_]", word.upper()))
    for group, marks in _WEAK.items():
        if parts & marks and not (group == "DES" and "CBC3" in parts):
            yield group


def _taken_by(word: str) -> frozenset[str]:
    """Give the broken groups that nothing is left of when a word is taken away."""
    upper = word.upper()
    if upper in _OF_ALL:
        return frozenset(_WEAK)
    if upper == "MEDIUM":
        return _OF_MEDIUM
    groups = frozenset(_groups(word))
    return groups if upper in _WEAK or upper == "LOW" else frozenset()
