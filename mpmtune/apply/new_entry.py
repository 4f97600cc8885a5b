"""A new entry of the journal: who asks for it, and when."""

from __future__ import annotations

import os
import pwd
import time
from typing import TYPE_CHECKING

from mpmtune.apply.entry import TIME, Entry
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.apply.entry import Kind
    from mpmtune.model.changes import ChangeSet

_MOST_NAME = 64


def new_entry(kind: Kind, summary: str, server_root: str, changes: ChangeSet) -> Entry:
    """Make the entry of a change that is about to begin; the rest of its fields are empty."""
    return Entry(
        identity=os.urandom(8).hex(),
        kind=kind,
        who=_who(),
        began=time.strftime(TIME, time.gmtime()),
        summary=summary,
        plan_digest="",
        server_root=server_root,
        changes=changes,
    )


def _who() -> str:
    """Name the user, and whoever became that user with sudo: for an audit, believed in nothing."""
    user = os.getuid()
    try:
        name = pwd.getpwuid(user).pw_name
    except KeyError:
        name = f"user {user}"
    before = printable(os.environ.get("SUDO_USER", "")[:_MOST_NAME])
    return f"{name} (sudo by {before})" if before else name
