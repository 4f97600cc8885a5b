"""Files on a network are sent in ways that need them to stay as they are.

## What it does
Reports ``<Directory>`` and ``DocumentRoot`` with a path that names a network file system
(``/mnt/nfs/www``, ``/net/…``, ``cifs``, ``smb``, ``efs``, ``glusterfs``…) where ``EnableMMAP`` is not off, or
``EnableSendfile`` is on.

## Why it matters
When a file changes on the server while httpd has it mapped, the child dies of SIGBUS; sendfile
sends old or cut content.

## When to ignore it
Where the path only sounds like a network.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, insert_after, replace_word
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.surroundings import path_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.in_force import Configuration
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_NAMES = frozenset(
    ["nfs", "nfs4", "cifs", "smb", "smbfs", "samba", "efs", "gluster", "glusterfs", "cephfs", "afs"]
)
_FIRST_NAMES = frozenset({"net", "nfs", "afs"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the directories whose files are mapped or sent by the kernel."""
    view = merged_view_of(tree)
    judged: set[tuple[int, str]] = set()
    for place, path in _places(hits):
        if not _is_network(path):
            continue
        host = view.hosts.around(place)
        here = view.directory(host, path)
        said = _harmful(here)
        key = id(host), path.rstrip("/")
        if said and key not in judged:
            judged.add(key)
            yield Violation(
                place,
                f"Files on a network are not safe with {' and '.join(said)}",
                _fix(place, here, said),
            )


def _places(hits: Hits) -> Iterator[tuple[Occurrence, str]]:
    """Give sections first: a fix goes there."""
    for section in hits["<directory"]:
        yield section, path_of(section)
    for root in hits["documentroot"]:
        yield root, (*split(root.args), "")[0]


@lru_cache(maxsize=1 << 16)
def _is_network(path: str) -> bool:
    names = path.strip("/").lower().split("/")
    return names[0] in _FIRST_NAMES or not _NAMES.isdisjoint(names)


def _harmful(here: Configuration) -> tuple[str, ...]:
    sendfile, mapping = here.find("enablesendfile").last, here.find("enablemmap").last
    harmful = []
    if sendfile is not None and _value(sendfile) == "on":
        harmful.append("EnableSendfile On")
    if mapping is None or _value(mapping) != "off":
        harmful.append("EnableMMAP On")
    return tuple(harmful)


def _value(line: Occurrence) -> str:
    return line.args.strip("\"' ").lower()


def _fix(place: Occurrence, here: Configuration, said: tuple[str, ...]) -> Fix | None:
    """Switch off in the section what is written in it, and write there what is not."""
    if place.name != "<directory":
        return None
    names = [setting.partition(" ")[0] for setting in said]
    lines = {name: here.find(name.lower()).last for name in names}
    own = [line for line in lines.values() if line is not None and line.enclosing is place]
    missing = [name for name in names if lines[name] not in own]
    edits = [replace_word(line, 1, "Off") for line in own]
    if missing:
        edits.append(insert_after(place, "\n".join(f"    {name} Off" for name in missing)))
    return fix("Switch it off here", *edits)


def _inside(lines: str, path: str = "/mnt/nfs/www") -> str:
    return f"<Directory {path}>\n{lines}</Directory>\n"


RULE = Rule(
    code="PRF508",
    name="sendfile-or-mmap-on-network-fs",
    severity=Severity.WARNING,
    on=("documentroot", "<directory", "enablesendfile", "enablemmap"),
    whole_tree=True,
    jointly=True,
    references=("mod/core.html#enablesendfile", "mod/core.html#enablemmap"),
    since="0.1.0",
    examples=(
        Example(
            bad=_inside("EnableSendfile On\n"),
            fixed_unsafely=_inside("    EnableMMAP Off\nEnableSendfile Off\n"),
        ),
        Example(
            bad="EnableSendfile On\nEnableMMAP Off\n"
            + _inside("Require all granted\n", "/net/www"),
            fixed_unsafely="EnableSendfile On\nEnableMMAP Off\n"
            + _inside("    EnableSendfile Off\nRequire all granted\n", "/net/www"),
            lines=(3,),
        ),
        Example(
            bad="DocumentRoot /srv/www/htdocs\n" + _inside("", "/srv/efs/www"),
            lines=(2,),
        ),
        Example(
            good=_inside("EnableSendfile Off\nEnableMMAP Off\n")
            + _inside("EnableSendfile On\n", "/srv/www/htdocs")
            + _inside("EnableSendfile On\n", "/mnt/data"),
        ),
    ),
    check=check,
)
