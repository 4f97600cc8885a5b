"""By which part of its arguments a directive is told from others of its name.

For the directives that ``merging`` calls ``Kind.KEY``: ``SetEnv A 1`` and ``SetEnv B 2`` are both
in force, of ``SetEnv A 1`` and ``SetEnv A 3`` only one is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mpmtune.model.config import Occurrence

EVERYTHING = ""
"""The key of what takes the place of all that was set before: ``LogLevel warn``."""

_PROTOCOL_GROUPS = {
    "strict": "strict",
    "unsafe": "strict",
    "registeredmethods": "methods",
    "lenientmethods": "methods",
    "allow0.9": "version",
    "require1.0": "version",
}


def keys_of(occurrence: Occurrence) -> tuple[str, ...]:
    """Give the keys that a directive sets, or takes away: RemoveType, UnsetEnv."""
    words = split(occurrence.args)
    read = _KEYS.get(occurrence.name, _first)
    return tuple(read(words)) if words else ()


def _first(words: Sequence[str]) -> Sequence[str]:
    return (words[0].lower(),)


def _second(words: Sequence[str]) -> Sequence[str]:
    return (words[1] if len(words) > 1 else "-",)


def _each(words: Sequence[str]) -> Sequence[str]:
    return [word.lower() for word in words]


def _extensions(words: Sequence[str]) -> Sequence[str]:
    return [word.lower().removeprefix(".") for word in words]


def _extensions_after(words: Sequence[str]) -> Sequence[str]:
    return _extensions(words[1:])


def _first_of_two(words: Sequence[str]) -> Sequence[str]:
    return (words[0].lower() if len(words) > 1 else "-",)


def _modules(words: Sequence[str]) -> Sequence[str]:
    """``LogLevel warn ssl:info``: the level of all modules, then that of one."""
    found = (word.lower().partition(":") for word in words)
    return [module if colon else EVERYTHING for module, colon, _ in found]


def _stages(words: Sequence[str]) -> Sequence[str]:
    return [word.lower().partition("=")[0] for word in words]


def _protocol(words: Sequence[str]) -> Sequence[str]:
    return [_PROTOCOL_GROUPS.get(word.lower(), word.lower()) for word in words]


def _users(words: Sequence[str]) -> Sequence[str]:
    word = words[0].lower()
    return (word if word in {"enabled", "disabled"} else "directory",)


_KEYS: dict[str, Callable[[Sequence[str]], Sequence[str]]] = {
    "addtype": _extensions_after,
    "addhandler": _extensions_after,
    "addencoding": _extensions_after,
    "addlanguage": _extensions_after,
    "addcharset": _extensions_after,
    "addinputfilter": _extensions_after,
    "addoutputfilter": _extensions_after,
    "passenv": _each,
    "unsetenv": _each,
    "loglevel": _modules,
    "logformat": _second,
    "dbdpreparesql": _second,
    "errorlogformat": _first_of_two,
    "deflatefilternote": _first_of_two,
    "brotlifilternote": _first_of_two,
    "sslciphersuite": _first_of_two,
    "sslproxyciphersuite": _first_of_two,
    "requestreadtimeout": _stages,
    "httpprotocoloptions": _protocol,
    "userdir": _users,
    "removetype": _extensions,
    "removehandler": _extensions,
    "removeencoding": _extensions,
    "removelanguage": _extensions,
    "removecharset": _extensions,
    "removeinputfilter": _extensions,
    "removeoutputfilter": _extensions,
}
