"""A fragment for lint: a snippet, or a .htaccess, of a configuration that is not there to see.

Every module that the distribution has counts as loaded, but for the MPMs. When the text is about
MPMs and none is named, it is read once for each.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.lines import CONFIG_LINE_LIMIT, HTACCESS_LINE_LIMIT
from mpmtune.confparse.start import Start
from mpmtune.errors import InputError
from mpmtune.host.doorway import Absent
from mpmtune.httpd.targets import TARGETS
from mpmtune.lint.engine import Reading
from mpmtune.lint.rule import Scope
from mpmtune.model.httpd import Mpm
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.confparse.wholes import Assumptions
    from mpmtune.host.doorway import Files
    from mpmtune.model.config import Tree

# Where most configurations that are written by hand come from, and the newest httpd.
_USUAL = "debian-12"
_MPMS = frozenset(mpm.module for mpm in Mpm)
_LOADED = re.compile(rb"^[ \t]*LoadModule[ \t]+(\w+)", re.IGNORECASE | re.MULTILINE)
_ABOUT_MPMS = re.compile(
    rb"mpm_|prefork|worker\.c|event\.c|maxclients|maxrequests?(?:workers|perchild)"
    rb"|maxconnectionsperchild|(?:server|thread)limit|threadsperchild|startservers"
    rb"|spare(?:servers|threads)|asyncrequestworkerfactor|keepalivetimeout",
    re.IGNORECASE,
)


def read_alone(files: Files, path: str, assumptions: Assumptions) -> Reading:
    """Read one file by itself.

    Raises:
        InputError: when it cannot be read.
    """
    content = files.read(path)
    if isinstance(content, Absent):
        raise InputError(
            f"{printable(path)} cannot be read: {printable(content.why)}.",
            "Name a configuration file or a directory, or - for standard input.",
        )
    target = assumptions.versioned(assumptions.target or TARGETS[_USUAL])
    htaccess = posixpath.basename(path).endswith(".htaccess")
    start = Start(
        path,
        target,
        mpm=assumptions.mpm,
        defines=assumptions.defines,
        root=path,  # what it includes belongs to a place that is not known
        here=False,
        keep_written=bool(assumptions.written_names),
        written_names=assumptions.written_names,
        line_limit=HTACCESS_LINE_LIMIT if htaccess else CONFIG_LINE_LIMIT,
    )
    trees = read_with_all_modules(files, start)
    return Reading(trees, Scope.HTACCESS if htaccess else Scope.FRAGMENT, assumptions.shown)


def read_with_all_modules(files: Files, start: Start) -> tuple[Tree, ...]:
    """Read a text as if every module were compiled in that it does not load itself.

    It is read once for each MPM that it could run under.
    """
    content = files.read(start.conf)
    assert isinstance(content, bytes)  # it was read before
    loaded = {name.decode("ascii") for name in _LOADED.findall(content)}
    static = (name for name in start.target.modules if name not in _MPMS and name not in loaded)
    start = replace(start, target=replace(start.target, static=tuple(static)))
    return tuple(evaluate(files, replace(start, mpm=mpm)) for mpm in _mpms(content, start.mpm))


def _mpms(content: bytes, named: Mpm | None) -> tuple[Mpm | None, ...]:
    """Give the MPMs to read for; None leaves it to the text, or open where it does not matter."""
    if named is not None:
        return (named,)
    if any(module.encode() in _LOADED.findall(content) for module in _MPMS):
        return (None,)
    return tuple(Mpm) if _ABOUT_MPMS.search(content) else (None,)
