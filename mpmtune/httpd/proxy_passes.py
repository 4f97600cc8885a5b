"""ProxyPass and ProxyPassMatch as mod_proxy reads them: mod_proxy.c, add_pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.httpd.words import arguments, split

if TYPE_CHECKING:
    from mpmtune.model.config import Occurrence

_LOCATIONS = frozenset({"<location", "<locationmatch"})
_OF_THE_PASS = frozenset({"nocanon", "interpolate", "noquery"})
NOT_PROXIED = "!"


@dataclass(frozen=True, slots=True)
class ProxyPass:
    """For which paths, and where to.

    Attributes:
        path: Path or regular expression; that of the section where it stands in a ``<Location>``.
        target: As written: ``!``, a URL, or ``unix:PATH|URL``.
        parameters: Words of the form ``key=value`` behind it, the keys in small letters.
        regex: Whether the path is a regular expression.
        located: Whether it stands in a ``<Location>``.
    """

    path: str
    target: str
    parameters: tuple[tuple[str, str], ...]
    regex: bool
    located: bool

    @property
    def url(self) -> str:
        """The URL, without the socket before it; empty where nothing is proxied."""
        if self.target == NOT_PROXIED:
            return ""
        return self.target.rpartition("|")[2] if self.target.startswith("unix:") else self.target

    @property
    def socket(self) -> str:
        """The socket, as ``unix:PATH``; empty where there is none."""
        return self.target.rpartition("|")[0] if self.target.startswith("unix:") else ""


def pass_of(line: Occurrence) -> ProxyPass:
    """Read a ProxyPass or ProxyPassMatch."""
    words = list(split(line.args))
    around = line.enclosing
    regex = line.name == "proxypassmatch"
    located = around is not None and around.name in _LOCATIONS
    if around is not None and located:
        place = list(arguments(around.item.name, around.item.args))
        regex = around.name == "<locationmatch" or place[:1] == ["~"]
        words = place[-1:] + words
    elif words[:1] == ["~"]:
        regex, words = True, words[1:]
    path, target = [*words, "", ""][:2]
    rest = (word.partition("=") for word in words[2:] if word.lower() not in _OF_THE_PASS)
    parameters = tuple((key.lower(), value) for key, _, value in rest)
    return ProxyPass(path, target, parameters, regex, located)
