"""Directives whose arguments are each one of a few words, and what httpd says of any other word.

Each row was put to a 2.4.71: all its words in both cases, and words that are none of them.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Keywords(NamedTuple):
    """The words of one directive.

    Attributes:
        words: In small letters; case does not matter to httpd.
        sentence: What httpd says, ``{}`` standing for the word that it was given.
    """

    words: frozenset[str]
    sentence: str

    def refusal(self, word: str) -> str | None:
        """Give httpd's sentence; None when it takes the word."""
        return None if word.lower() in self.words else self.sentence.replace("{}", word)

    @property
    def plainly_right(self) -> Callable[[str], object]:
        """Tell of raw arguments that they are one of the words, without splitting them."""
        alternatives = "|".join(map(re.escape, sorted(self.words)))
        return re.compile(f"(?:{alternatives})", re.IGNORECASE).fullmatch


_H2_FLAGS = (
    "h2copyfiles h2direct h2earlyhints h2moderntlsonly h2outputbuffering h2proxyrequests h2push"
    " h2upgrade h2websockets"
)
_TOKENS = "'Prod(uctOnly)', 'Major', 'Minor', 'Min(imal)', 'OS', or 'Full'"
_ROWS = {
    # core
    "acceptpathinfo": ("on off default", "AcceptPathInfo must be set to on, off or default"),
    "allowencodedslashes": (
        "on off nodecode",
        "AllowEncodedSlashes must be On, Off, or NoDecode",
    ),
    "hostnamelookups": ("on off double", "parameter must be 'on', 'off', or 'double'"),
    "protocolshonororder": ("on off", "ProtocolsHonorOrder must be 'on' or 'off'"),
    "serversignature": ("on off email", "ServerSignature: use one of: off | on | email"),
    "servertokens": (
        "prod productonly major minor min minimal os full",
        f"ServerTokens takes 1 argument: {_TOKENS}",
    ),
    "traceenable": (
        "on off extended",
        "TraceEnable must be one of 'on', 'off', or 'extended'",
    ),
    "usecanonicalname": ("on off dns", "parameter must be 'on', 'off', or 'dns'"),
    "usecanonicalphysicalport": ("on off", "parameter must be 'on' or 'off'"),
    # access
    "authmerging": ("off and or", "AuthMerging must be one of: Off | And | Or"),
    "order": ("allow,deny deny,allow mutual-failure", "unknown order"),
    "satisfy": ("all any", "Satisfy either 'any' or 'all'."),
    # TLS
    "sslengine": ("on off optional", "Argument must be On or Off"),
    "sslproxyverify": (
        "none off on optional require optional_no_ca",
        "SSLProxyVerify: Invalid argument '{}'",
    ),
    "sslverifyclient": (
        "none off on optional require optional_no_ca",
        "SSLVerifyClient: Invalid argument '{}'",
    ),
    # proxy
    "proxybadheader": (
        "iserror ignore startbody",
        "ProxyBadHeader must be one of: IsError | Ignore | StartBody",
    ),
    "proxystatus": ("on off full", "ProxyStatus must be one of: off | on | full"),
    "proxyvia": ("on off full block", "ProxyVia must be one of: off | on | full | block"),
    # others
    "xbithack": ("on off full", "XBitHack must be set to Off, On, or Full"),
    **dict.fromkeys(_H2_FLAGS.split(), ("on off", "value must be On or Off")),
}

KEYWORDS: Mapping[str, Keywords] = MappingProxyType(
    {name: Keywords(frozenset(words.split()), text) for name, (words, text) in _ROWS.items()}
)
"""Folded name → its words."""

_LEVELS = frozenset(
    {"emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"}
    | {f"trace{level}" for level in range(1, 9)}
)
_LEVEL_SENTENCE = (
    "Log level keyword must be one of"
    " emerg/alert/crit/error/warn/notice/info/debug/trace1/.../trace8"
)
_OVERRIDES = frozenset(
    {"all", "authconfig", "fileinfo", "indexes", "limit", "none", "nonfatal", "options"}
)


def log_level_refusal(words: Sequence[str]) -> str | None:
    """Give httpd's sentence about the levels of LogLevel; core.c: set_loglevel.

    Whether a module that is named is loaded is not looked at.
    """
    for word in words:
        module, colon, level = word.rpartition(":")
        if level.lower() not in _LEVELS:
            if colon and not level:
                return f"Module specifier '{module}' must be followed by a log level keyword"
            return f"{word}: {_LEVEL_SENTENCE}" if colon else _LEVEL_SENTENCE
    return None


def override_refusal(words: Sequence[str]) -> str | None:
    """Give httpd's sentence about the classes of AllowOverride; core.c: set_override."""
    for word in words:
        name, equals, _ = word.partition("=")
        if name.lower() == "nonfatal" and not equals:
            return "=Override, =Unknown or =All expected after Nonfatal"
        if name.lower() not in _OVERRIDES:
            return f"Illegal override option {name}"
    return None
