"""Names and addresses replaced by others, the same one each time, and back again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LABEL = r"[A-Za-z0-9][A-Za-z0-9-]{0,62}"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,10}}")
_URL_HOST = re.compile(rf"://(?:[^/?#\s@]{{0,200}}@)?({_LABEL}(?:\.{_LABEL}){{0,10}})")
_MAIL = re.compile(rf"(?<![\w.+-])([\w.+-]{{1,64}})@({_LABEL}(?:\.{_LABEL}){{1,10}})")
_IPV4 = re.compile(r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![\w.])")
_IPV6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:]{2,39}(?![\w:.])")

# Addresses that say how a server listens, not where it stands.
_KEPT_NETS = ("0.", "127.", "255.")
# Names that every machine has, or that are words of a configuration.
_KEPT_NAMES = frozenset(
    {"localhost", "localdomain", "localhost.localdomain", "debian", "ubuntu", "apache", "httpd"}
)
_LEAST_LENGTH = 4
# Names and addresses that belong to nobody: RFC 2606, 2544 and 3849.
_HOST, _MAILBOX = "host{number}.example", "mail{number}@host.example"
_IPV4_FORM, _IPV6_FORM = "198.18.{high}.{low}", "2001:db8::{number:x}"
_PER_BYTE = 256


class Pseudonyms:
    """Replaces what names a site: host names, mail addresses, IP addresses.

    A name is replaced wherever it stands as soon as it was learnt; addresses are known by their
    form. Each has one pseudonym, so that what agreed before agrees after, and ``restore`` finds
    the way back.
    """

    def __init__(self) -> None:
        self._hidden: dict[str, str] = {}
        self._restored: dict[str, str] = {}
        self._names: set[str] = set()
        self._name_pattern: re.Pattern[str] | None = None
        self._way_back: re.Pattern[str] | None = None

    def learn_name(self, name: str) -> None:
        """Learn a host name; words that every machine knows are none."""
        if len(name) < _LEAST_LENGTH or name.lower() in _KEPT_NAMES or name.isdigit():
            return
        if not _NAME.fullmatch(name) or _IPV4.fullmatch(name) or name in self._restored:
            return
        self._names.add(name)
        self._name_pattern = _whole(self._names, re.IGNORECASE)

    def learn_from(self, text: str) -> None:
        """Learn the names of hosts, those with a dot, in URLs and mail addresses."""
        for name in _hosts_in(text):
            if "." in name:
                self.learn_name(name)

    def hide(self, text: str) -> str:
        """Replace everything that was learnt or shows itself by its form."""
        if "@" in text:
            text = _MAIL.sub(lambda match: self._pseudonym(match[0], _MAILBOX), text)
        if self._name_pattern is not None:
            text = self._name_pattern.sub(lambda match: self._pseudonym(match[0], _HOST), text)
        if ":" in text:
            text = _IPV6.sub(lambda match: self._sixth(match[0]), text)
        return _IPV4.sub(lambda match: self._fourth(match[0]), text)

    def restore(self, text: str) -> str:
        """Undo ``hide``."""
        if not self._restored:
            return text
        if self._way_back is None:
            self._way_back = _whole(self._restored)
        return self._way_back.sub(lambda match: self._restored[match[0]], text)

    def _pseudonym(self, original: str, form: str) -> str:
        if original in self._restored:
            return original
        if original not in self._hidden:
            number = len(self._hidden) + 1
            high, low = divmod(number, _PER_BYTE)
            made = form.format(number=number, high=high, low=low)
            self._hidden[original] = made
            self._restored[made] = original
            self._way_back = None
        return self._hidden[original]

    def _fourth(self, address: str) -> str:
        kept = address.startswith(_KEPT_NETS)
        return address if kept else self._pseudonym(address, _IPV4_FORM)

    def _sixth(self, text: str) -> str:
        from ipaddress import AddressValueError, IPv6Address

        try:
            address = IPv6Address(text)
        except AddressValueError:
            return text  # a time of day, a list of numbers
        kept = address.is_loopback or address.is_unspecified
        return text if kept else self._pseudonym(text, _IPV6_FORM)


def _whole(words: Iterable[str], flags: int = 0) -> re.Pattern[str]:
    """Compile a pattern that finds any of the words, whole, the longest first."""
    joined = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?<![A-Za-z0-9-])(?:{joined})(?![A-Za-z0-9-])", flags)


def _hosts_in(text: str) -> Iterator[str]:
    yield from (match[1] for match in _URL_HOST.finditer(text))
    yield from (match[2] for match in _MAIL.finditer(text))
