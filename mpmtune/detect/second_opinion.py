"""httpd's own reading of its configuration, beside ours."""

from __future__ import annotations

import re
from itertools import zip_longest
from posixpath import dirname, join
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.detect.choice import beneath
from mpmtune.host.doorway import Absent
from mpmtune.host.trust import distrust
from mpmtune.httpd.words import arguments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.host.doorway import Host
    from mpmtune.host.httpd_binary import Invocation
    from mpmtune.model.config import Tree

_MODULE = "info_module"
_NAMES = (_MODULE, "mod_info.c")
_FILE = re.compile(r" *# In file: (.*)")
_LINE = re.compile(r" *# *(\d{1,9}):")
_PLAIN_PATH = re.compile(r"/[\w./+-]+")


class Read(NamedTuple):
    """A directive as one of the two has read it."""

    file: str
    line: int
    name: str
    args: str


def parse_dump(text: str) -> Iterator[Read]:
    """Read the output of ``httpd -t -D DUMP_CONFIG`` (mod_info.c: mod_info_show_config).

    A directive stands beneath its line number; what other modules print is passed over.
    """
    file, line = "", 0
    for row in text.splitlines():
        if found := _FILE.fullmatch(row):
            file = found[1]
        elif found := _LINE.fullmatch(row):
            line = int(found[1])
        elif line:
            name, _, args = row.strip().partition(" ")
            yield Read(file, line, name.lower(), args.strip())
            line = 0


def _ours(tree: Tree) -> Iterator[Read]:
    for occurrence in tree.occurrences:
        yield Read(*occurrence.httpd_place, occurrence.name, occurrence.args)


def differences(tree: Tree, text: str) -> tuple[str, ...]:
    """Compare; give the first difference as a clause without any argument, or nothing."""
    for theirs, ours in zip_longest(parse_dump(text), _ours(tree)):
        if theirs != ours:
            place = theirs or ours
            return (f"{place.file}:{place.line}: {_said(theirs)} there, {_said(ours)} here",)
    return ()


def _said(read: Read | None) -> str:
    return f"{read.name} (line {read.line})" if read is not None else "nothing more"


def ask_second_opinion(host: Host, invocation: Invocation, tree: Tree) -> tuple[str, ...]:
    """Let httpd dump the configuration and compare, where mod_info lies beside its modules.

    The configuration must have been found trustworthy and good before. mod_info is loaded for
    this one question; a configuration that asks whether it is loaded is left alone.
    """
    module = None
    if _MODULE not in tree.modules:
        module = _beside_others(host, tree)
        if module is None or _minds(tree):
            return ()
    answer = host.run(invocation.dump(module))
    if isinstance(answer, Absent) or answer.timed_out or answer.status != 0:
        return ()
    return differences(tree, answer.stdout.decode("latin-1"))


def _beside_others(host: Host, tree: Tree) -> str | None:
    """Find mod_info.so in the directory of a module that the configuration loads."""
    for occurrence in tree.by_name.get("loadmodule", ()):
        words = arguments(occurrence.name, occurrence.args)
        path = join(dirname(beneath(tree.server_root, words[-1])), "mod_info.so") if words else ""
        if _PLAIN_PATH.fullmatch(path) and not isinstance(host.entry(path), Absent):
            return None if distrust(host, host.user(), (path,)) else path
    return None


def _minds(tree: Tree) -> bool:
    sections = tree.by_name.get("<ifmodule", ())
    return any(name in section.args for section in sections for name in _NAMES)
