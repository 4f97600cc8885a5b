"""Who answers for PHP files and for the status page, by the configuration."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from mpmtune.httpd.php_handlers import is_backend, is_mod_php
from mpmtune.httpd.secrets import cut_urls
from mpmtune.httpd.words import arguments
from mpmtune.report.directive_text import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_FILES = frozenset({"<files", "<filesmatch"})
_A_SCRIPT = "index.php"
_STATUS = "server-status"


def php_handlers(tree: Tree) -> tuple[str, ...]:
    """Give the handler names in force for ``.php``, as written, each once.

    A pass to a FastCGI backend counts as the handler ``proxy:URL``.
    """
    return tuple(dict.fromkeys(cut_urls(decoded(one)) for one in _php_handlers(tree)))


def _php_handlers(tree: Tree) -> Iterator[str]:
    for handler, occurrence in _first_words(tree, "sethandler"):
        if _covers_php(occurrence, handler):
            yield handler
    for handler, occurrence in _first_words(tree, "addhandler", "addtype"):
        extensions = arguments(occurrence.name, occurrence.args)[1:]
        if "php" in {extension.lower().lstrip(".") for extension in extensions}:
            yield handler
    for _, occurrence in _first_words(tree, "proxypass", "proxypassmatch"):
        words = arguments(occurrence.name, occurrence.args)[:2]
        yield from (f"proxy:{word}" for word in words if "fcgi://" in word)


def _first_words(tree: Tree, *names: str) -> Iterator[tuple[str, Occurrence]]:
    for name in names:
        for occurrence in tree.by_name.get(name, ()):
            words = arguments(occurrence.name, occurrence.args)
            if words:
                yield words[0], occurrence


def _covers_php(occurrence: Occurrence, handler: str) -> bool:
    """Tell whether a SetHandler is for scripts.

    Within ``<Files>`` its pattern decides; elsewhere it covers all files, and the handler must be
    one for scripts.
    """
    around = [section for section in occurrence.sections() if section.name in _FILES]
    if around:
        return all(_matches_php(section) for section in around) and handler.lower() != "none"
    return is_mod_php(handler) or (is_backend(handler) and "fcgi" in handler.lower())


def _matches_php(section: Occurrence) -> bool:
    words = arguments(section.name, section.args)
    if section.name == "<files" and words[:1] != ("~",):
        return fnmatch(_A_SCRIPT, words[0] if words else "")
    pattern = words[-1] if words else ""
    try:
        return re.search(pattern, _A_SCRIPT) is not None
    except (re.error, RecursionError, OverflowError):  # PCRE knows more than re
        return "php" in pattern


def status_place(tree: Tree) -> tuple[str, str] | None:
    """Find where mod_status answers: the path, and the name of the virtual host.

    One at server level (``<Location /server-status>``) goes before one inside a virtual host, for
    every port serves it under any name.
    """
    inside = None
    for _, occurrence in _first_words(tree, "sethandler"):
        section = occurrence.enclosing
        if _STATUS not in arguments(occurrence.name, occurrence.args) or section is None:
            continue
        words = arguments(section.name, section.args)
        if section.name == "<location" and len(words) == 1 and words[0].startswith("/"):
            if section.enclosing is None:
                return words[0], "localhost"
            inside = inside or (words[0], _server_name(tree, section.enclosing))
    return inside


def _server_name(tree: Tree, section: Occurrence) -> str:
    """Give the ServerName of a virtual host, without scheme and port."""
    for name, occurrence in _first_words(tree, "servername"):
        if occurrence.enclosing is section:
            return name.rpartition("://")[2].partition(":")[0]
    return "localhost"


def plain_ports(tree: Tree) -> tuple[int, ...]:
    """Give the ports on which the configuration listens for plain HTTP on 127.0.0.1, in order."""
    found: dict[int, None] = {}
    for occurrence in tree.by_name.get("listen", ()):
        words = arguments(occurrence.name, occurrence.args)
        if words:
            address, _, port = words[0].rpartition(":")
            protocol = words[1].lower() if len(words) > 1 else "http"
            if _on_loopback(address) and _is_port(port) and protocol == "http" and port != "443":
                found[int(port)] = None
    return tuple(found)


def _on_loopback(address: str) -> bool:
    return address in {"", "*", "0.0.0.0", "[::]"} or address.startswith("127.")  # noqa: S104 - read, not bound


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:6]) < 1 << 16
