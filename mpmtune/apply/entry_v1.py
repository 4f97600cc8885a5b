"""The form ``mpmtune/journal/v1`` in which an entry lies on the disk."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from mpmtune.apply.entry import Entry, Kind, Phase
from mpmtune.errors import InputError
from mpmtune.model.changes import ChangeSet, FileChange, Link, Regular, Rename
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.model.changes import Change, State

SCHEMA = "mpmtune/journal/v1"
_IDENTITY = re.compile(r"[0-9a-f]{16}")
_MOST_MODE = 0o7777


def write_entry(entry: Entry) -> bytes:
    """Write an entry as JSON in plain ASCII."""
    document = {
        "schema": SCHEMA,
        "identity": entry.identity,
        "kind": entry.kind.value,
        "who": entry.who,
        "began": entry.began,
        "summary": entry.summary,
        "plan_digest": entry.plan_digest,
        "server_root": entry.server_root,
        "phase": entry.phase.value,
        "why": entry.why,
        "undoes": list(entry.undoes),
        "action": entry.action,
        "confirm_by": entry.confirm_by,
        "httpd": entry.httpd,
        "conf": entry.conf,
        "changes": [_change(change) for change in entry.changes.changes],
    }
    return (json.dumps(document, indent=1) + "\n").encode("ascii")


def _change(change: Change) -> dict[str, object]:
    if isinstance(change, Rename):
        moved = _state(change.moved)
        return {"source": change.source, "target": change.target, "moved": moved}
    before, after = _state(change.before), _state(change.after)
    return {"path": change.path, "before": before, "after": after}


def _state(state: State) -> dict[str, object] | None:
    if state is None:
        return None
    if isinstance(state, Link):
        return {"link": state.target}
    content = b64encode(state.content).decode("ascii")
    return {"content": content, "mode": state.mode, "owner": state.owner, "group": state.group}


def read_entry(content: bytes, name: str, number: int = 0) -> Entry:
    """Read an entry.

    Args:
        content: The file.
        name: Its path, for the message.
        number: Its place in the history.

    Raises:
        InputError: if it is not what ``write_entry`` writes.
    """
    try:
        return _entry(_Fields(json.loads(content)), number)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError(
            f"{printable(name)} is damaged: it is no journal of mpmtune.",
            "Compare httpd's configuration with what it should be, then move that file away.",
        ) from None


class _Fields:
    """A JSON object whose values must be of the type that is asked for."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, dict):
            raise TypeError
        self._values: dict[str, object] = value

    def text(self, key: str) -> str:
        return _text(self._values[key])

    def path(self, key: str) -> str:
        path = self.text(key)
        if not path.startswith("/") or ".." in path.split("/") or "\0" in path:
            raise ValueError
        return path

    def number(self, key: str, most: int = 2**32) -> int:
        return _number(self._values[key], most)

    def each(self, key: str) -> list[object]:
        values = self._values[key]
        if not isinstance(values, list):
            raise TypeError
        return values

    def state(self, key: str) -> State:
        value = self._values[key]
        return None if value is None else _read_state(_Fields(value))

    def __contains__(self, key: str) -> bool:
        return key in self._values


def _entry(fields: _Fields, number: int) -> Entry:
    if fields.text("schema") != SCHEMA or not _IDENTITY.fullmatch(fields.text("identity")):
        raise ValueError
    return Entry(
        identity=fields.text("identity"),
        kind=Kind(fields.text("kind")),
        who=fields.text("who"),
        began=fields.text("began"),
        summary=fields.text("summary"),
        plan_digest=fields.text("plan_digest"),
        server_root=fields.path("server_root"),
        changes=ChangeSet(tuple(_read_change(_Fields(one)) for one in fields.each("changes"))),
        phase=Phase(fields.text("phase")),
        why=fields.text("why"),
        undoes=tuple(_number(one, 2**32) for one in fields.each("undoes")),
        action=fields.text("action"),
        confirm_by=fields.text("confirm_by"),
        number=number,
        httpd=fields.text("httpd"),
        conf=fields.text("conf"),
    )


def _read_change(fields: _Fields) -> Change:
    if "path" in fields:
        return FileChange(fields.path("path"), fields.state("before"), fields.state("after"))
    moved = fields.state("moved")
    if moved is None:
        raise ValueError
    return Rename(fields.path("source"), fields.path("target"), moved)


def _read_state(fields: _Fields) -> Regular | Link:
    if "link" in fields:
        return Link(fields.text("link"))
    return Regular(
        b64decode(fields.text("content"), validate=True),
        fields.number("mode", _MOST_MODE),
        fields.number("owner"),
        fields.number("group"),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: object, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise TypeError
    return value
