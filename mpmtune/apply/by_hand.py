"""What an administrator types to do a change without us."""

from __future__ import annotations

from base64 import b64encode
from shlex import quote
from typing import TYPE_CHECKING

from mpmtune.model.changes import Link, Rename
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.model.changes import Change


def commands(changes: Iterable[Change]) -> tuple[str, ...]:
    """Give one line of shell for each change, in order."""
    return tuple(_command(change) for change in changes)


def _command(change: Change) -> str:
    if isinstance(change, Rename):
        return f"mv -n {_word(change.source)} {_word(change.target)}"
    path = _word(change.path)
    if change.after is None:
        return f"rm {path}"
    if isinstance(change.after, Link):
        return f"ln -sfn {_word(change.after.target)} {path}"
    after = change.after
    content = b64encode(after.content).decode("ascii")
    owner = f"-o {after.owner} -g {after.group} -m {after.mode:04o}"
    return f"echo {content} | base64 -d | install -D {owner} /dev/stdin {path}"


def _word(path: str) -> str:
    """Quote a path for the shell; a name with control characters is shown escaped, as $'…'."""
    shown = printable(path)
    if shown == path:
        return quote(path)
    return "$'" + shown.replace("'", "\\'") + "'"
