"""Pages by which to see that PHP is run and not shown.

When mod_php goes with prefork and nothing answers for ``.php`` any more, httpd serves the source
with status 200, passwords and all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.detect.choice import beneath
from mpmtune.detect.handlers import plain_ports
from mpmtune.host.doorway import Absent
from mpmtune.httpd.words import split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.host.doorway import Files, Host
    from mpmtune.model.config import Occurrence, Tree

_PAGE = "index.php"
_OPENING = b"<?php"
_COMPARED = 64
_MOST_PAGES = 10


@dataclass(frozen=True, slots=True)
class PhpPage:
    """A page that an interpreter should make.

    Attributes:
        name: ServerName of its virtual host.
        ports: Where to ask, TLS left out.
        source: How its file begins.
    """

    name: str
    ports: tuple[int, ...]
    source: bytes


def php_pages(files: Files, tree: Tree) -> tuple[PhpPage, ...]:
    """Find the ``index.php`` of every DocumentRoot, at most ten."""
    found = []
    for root in tree.by_name.get("documentroot", ()):
        source = files.read(beneath(tree.server_root, f"{_first(root)}/{_PAGE}"))
        if not isinstance(source, Absent) and source.lstrip().startswith(_OPENING):
            ports = tuple(plain_ports(tree))
            found.append(PhpPage(_name(tree, root), ports, source.lstrip()[:_COMPARED]))
    return tuple(found[:_MOST_PAGES])


def shown_source(host: Host, pages: tuple[PhpPage, ...]) -> Iterator[str]:
    """Ask for the pages; give a sentence for each whose source is shown."""
    for page in pages:
        for port in page.ports:
            answer = host.loopback_get(port, f"/{_PAGE}", page.name)
            if not isinstance(answer, Absent) and page.source in answer.stdout:
                yield f"http://{page.name}:{port}/{_PAGE} shows the source of the page."


def _first(occurrence: Occurrence) -> str:
    words = split(occurrence.args)
    return words[0] if words else ""


def _name(tree: Tree, root: Occurrence) -> str:
    names = tree.by_name.get("servername", ())
    own = [_first(one) for one in names if one.enclosing is root.enclosing]
    return own[-1].rpartition("://")[2].partition(":")[0] if own else "localhost"
