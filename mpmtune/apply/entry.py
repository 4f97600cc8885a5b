"""One change of httpd's configuration: the journal while it is under way, the history afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mpmtune.model.changes import ChangeSet

# In UTC, as strftime(3) takes it.
TIME = "%Y-%m-%dT%H:%M:%SZ"


class Kind(Enum):
    """What was asked for."""

    APPLY = "apply"
    ROLLBACK = "rollback"


class Phase(Enum):
    """How far it has come; written down before the step that it names is taken."""

    WRITING = "writing"
    WRITTEN = "written"
    ACTING = "acting"
    VERIFYING = "verifying"
    AWAITING_CONFIRM = "awaiting-confirm"
    IN_FORCE = "in-force"
    REVERTING = "reverting"
    REVERTED = "reverted"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is changed, by whom, and how far it has come.

    Attributes:
        identity: 16 hexadecimal digits, for names of its own.
        kind: What was asked for.
        who: The user, as one line for an audit.
        began: When, in UTC: ``2026-11-24T11:00:00Z``.
        summary: What it does, as one line.
        plan_digest: SHA-256 of the snippet; empty for a rollback.
        server_root: ServerRoot of the configuration that is changed.
        changes: What is changed on the disk.
        phase: How far it has come.
        why: Why it was reverted.
        undoes: Numbers of the history entries that it takes back.
        action: What was done to httpd.
        confirm_by: When it is reverted unless it was confirmed, in UTC; empty for never.
        number: Its place in the history; 0 while it is under way.
        httpd: The binary, so that it is found again; empty where it is told by nothing else.
        conf: Its main configuration file; empty for the one compiled in.
    """

    identity: str
    kind: Kind
    who: str
    began: str
    summary: str
    plan_digest: str
    server_root: str
    changes: ChangeSet
    phase: Phase = Phase.WRITING
    why: str = ""
    undoes: tuple[int, ...] = ()
    action: str = ""
    confirm_by: str = ""
    number: int = 0
    httpd: str = ""
    conf: str = ""
