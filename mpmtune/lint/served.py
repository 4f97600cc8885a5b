"""Which directories have a URL, and what is in force for the URL of a file in one of them."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.rewriting import rule_of
from mpmtune.httpd.sections import canonical_directory
from mpmtune.httpd.url_mapping import How
from mpmtune.httpd.words import split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.httpd.in_force import Configuration
    from mpmtune.httpd.merged_view import MergedView
    from mpmtune.model.config import Occurrence

_ALIAS_WORDS = 2
_LONGEST = 4096  # PATH_MAX
# What a rewrite may do to a URL besides leading to another file of the site.
_TAKEN_AWAY = frozenset({"f", "forbidden", "g", "gone", "p", "proxy", "h", "handler"})


class Served(NamedTuple):
    """A directory that has a URL.

    Attributes:
        by: The DocumentRoot or Alias.
        url: Its URL path, with a slash at its end.
    """

    by: Occurrence
    url: str


class ServedDirectories:
    """The directories that DocumentRoot and Alias lead to; of several URLs the first counts."""

    def __init__(self, roots: Iterable[Occurrence], aliases: Iterable[Occurrence] = ()) -> None:
        self._found: dict[str, Served] = {}
        for root in roots:
            self._add(root, "/", split(root.args)[:1])
        for alias in aliases:
            words = split(alias.args)
            if len(words) == _ALIAS_WORDS:
                self._add(alias, f"{words[0].rstrip('/')}/", words[1:])
        self._sorted = sorted(self._found)

    def _add(self, by: Occurrence, url: str, target: tuple[str, ...]) -> None:
        if target and target[0].startswith("/") and "%{" not in target[0]:
            self._found.setdefault(canonical_directory(target[0]), Served(by, url))

    def url_of(self, path: str) -> Served | None:
        """Give the URL of a file or directory; None for one that has none, or only by ``/``.

        Args:
            path: Absolute; a directory with a slash at its end.
        """
        at = path.rfind("/") if len(path) <= _LONGEST else 0
        while at > 0:
            found = self._found.get(path[: at + 1])
            if found is not None:
                return Served(found.by, f"{found.url}{path[at + 1 :]}")
            at = path.rfind("/", 0, at)
        return None

    def below(self, directory: str) -> Served | None:
        """Give the first served directory that is, or lies in, a directory."""
        at = bisect_left(self._sorted, directory)
        if at < len(self._sorted) and self._sorted[at].startswith(directory):
            return self._found[self._sorted[at]]
        return None


def sent_file(view: MergedView, served: Served) -> Configuration | None:
    """Tell what is in force for a URL; None where it may lead to something other than its file."""
    here = view.url(view.hosts.around(served.by), served.url)
    mapping = here.mapping
    if mapping is None or mapping.how is not How.FILE or mapping.by is not served.by:
        return None
    rules = [rule_of(line) for line in mapping.unless if line.name == "rewriterule"]
    unclear = len(rules) < len(mapping.unless)
    return None if unclear or any(_TAKEN_AWAY & rule.flags for rule in rules) else here


def absolute(server_root: str, path: str) -> str:
    """Resolve a path against ServerRoot: ap_server_root_relative."""
    return posixpath.normpath(posixpath.join(server_root, path))
