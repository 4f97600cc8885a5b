"""Backends as directives name them: whichever word of a line is the URL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.words import split

if TYPE_CHECKING:
    from mpmtune.model.config import Occurrence

_PROXY = "proxy:"
_BY_TLS = re.compile(r"(?:https|wss|h2)://", re.IGNORECASE)


def backend_of(line: Occurrence) -> str:
    """Find the word that is a backend's URL; empty where the line names none.

    Args:
        line: ProxyPass, ProxyPassMatch, BalancerMember, RewriteRule or SetHandler.
    """
    words = split(line.args)
    if line.name == "rewriterule":
        flags = "".join(words[2:3]).strip("[]").upper().split(",")
        return words[1] if {"P", "PROXY"}.intersection(flags) else ""
    if line.name == "sethandler":
        handler = "".join(words[:1])
        return handler[len(_PROXY) :] if handler.lower().startswith(_PROXY) else ""
    return next((word for word in words[:2] if "://" in word), "")


def tls_backend_of(line: Occurrence) -> str:
    """Find the URL of a backend that is asked by TLS; empty where there is none."""
    if (
        "://" not in line.args or _BY_TLS.search(line.args) is None
    ):  # most lines: no need to split them
        return ""
    url = backend_of(line)
    return url if _BY_TLS.match(url.rpartition("|")[2]) else ""


def is_loopback(url: str) -> bool:
    """Tell whether a backend is on the same machine, by its address or a socket."""
    if url.lower().startswith("unix:"):
        return True
    host = url.partition("://")[2].partition("/")[0].rpartition("@")[2].lower()
    return host.startswith(("127.", "[::1]")) or host.partition(":")[0] == "localhost"
