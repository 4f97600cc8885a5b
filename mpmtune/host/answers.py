"""Questions to a host with their answers, in memory and as answers.json."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from mpmtune.host.doorway import Absent, Answer, Entry, EntryKind, Process

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mpmtune.host.doorway import Command

SCHEMA = "mpmtune/answers/v1"

_Value = TypeVar("_Value")


@dataclass(slots=True)
class Answers:
    """What was asked of a host, and what it said.

    Attributes:
        files: Content of each file that was read.
        globs: Matches of each pattern.
        entries: What lies at each path.
        commands: By ``command_key``.
        requests: By ``request_key``.
        processes: The list, once it was asked for.
        user: Who asked.
    """

    files: dict[str, bytes | Absent] = field(default_factory=dict)
    globs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    entries: dict[str, Entry | Absent] = field(default_factory=dict)
    commands: dict[str, Answer | Absent] = field(default_factory=dict)
    requests: dict[str, Answer | Absent] = field(default_factory=dict)
    processes: tuple[Process, ...] | Absent | None = None
    user: int = 0


def command_key(command: Command) -> str:
    """Name a command: its words, and the names of its variables, never their values."""
    names = [name for name, _ in command.environment]
    return json.dumps([list(command.argv), sorted(names)])


def request_key(port: int, target: str, name: str) -> str:
    """Name a request."""
    return f"{port}{target}" if name == "localhost" else f"{name}:{port}{target}"


def to_json(answers: Answers, stored: Mapping[str, str]) -> str:
    """Write answers.json.

    Args:
        answers: What to write; the content of files lies beside it.
        stored: For each file that was read, where its content lies in the snapshot.
    """
    absent = {path: said for path, said in answers.files.items() if isinstance(said, Absent)}
    processes = answers.processes
    document = {
        "schema": SCHEMA,
        "user": answers.user,
        "files": dict(stored),
        "absent": {path: _plain(said) for path, said in absent.items()},
        "globs": answers.globs,
        "entries": {path: _plain(said) for path, said in answers.entries.items()},
        "commands": {key: _plain(said) for key, said in answers.commands.items()},
        "requests": {key: _plain(said) for key, said in answers.requests.items()},
        "processes": list(map(asdict, processes))
        if isinstance(processes, tuple)
        else _plain(processes),
    }
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def _plain(said: Absent | Answer | Entry | None) -> dict[str, Any] | None:
    if said is None:
        return None
    if isinstance(said, Absent):
        return {"why": said.why, "missing": said.missing, "absent": said.path}
    if isinstance(said, Entry):
        return {**asdict(said), "kind": said.kind.value}
    return {
        **asdict(said),
        "stdout": os.fsdecode(said.stdout),
        "stderr": os.fsdecode(said.stderr),
    }


def from_json(text: str) -> tuple[Answers, dict[str, str]]:
    """Read answers.json.

    Returns:
        The answers, without content of files, and where the content of each lies.

    Raises:
        ValueError: when the text is no such document.
    """
    try:
        document = json.loads(text)
        if document["schema"] != SCHEMA:
            raise ValueError(f"its schema is not {SCHEMA}")
        files = {_text(path): _text(place) for path, place in document["files"].items()}
        return _answers(document), files
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("a part of it is missing or of another form") from error


def _answers(document: Mapping[str, Any]) -> Answers:
    processes = document["processes"]
    return Answers(
        files={path: _absent(said) for path, said in document["absent"].items()},
        globs={key: tuple(map(_text, paths)) for key, paths in document["globs"].items()},
        entries=_each(document["entries"], _entry),
        commands=_each(document["commands"], _answer),
        requests=_each(document["requests"], _answer),
        processes=tuple(map(_process, processes))
        if isinstance(processes, list)
        else None
        if processes is None
        else _absent(processes),
        user=_number(document["user"]),
    )


def _each(
    table: Mapping[str, Any], read: Callable[[Mapping[str, Any]], _Value]
) -> dict[str, _Value | Absent]:
    return {
        _text(key): _absent(said) if "absent" in said else read(said) for key, said in table.items()
    }


def _absent(said: Mapping[str, Any]) -> Absent:
    return Absent(_text(said["absent"]), _text(said["why"]), said["missing"] is True)


def _entry(said: Mapping[str, Any]) -> Entry:
    numbers = ("owner", "group", "mode", "size", "device", "inode")
    target = said["target"]
    return Entry(
        path=_text(said["path"]),
        kind=EntryKind(said["kind"]),
        target=None if target is None else _text(target),
        **{name: _number(said[name]) for name in numbers},
    )


def _answer(said: Mapping[str, Any]) -> Answer:
    return Answer(
        status=_number(said["status"]),
        stdout=os.fsencode(_text(said["stdout"])),
        stderr=os.fsencode(_text(said["stderr"])),
        timed_out=said["timed_out"] is True,
    )


def _process(said: Mapping[str, Any]) -> Process:
    return Process(
        pid=_number(said["pid"]),
        parent=_number(said["parent"]),
        name=_text(said["name"]),
        executable=_text(said["executable"]),
        arguments=tuple(map(_text, said["arguments"])),
        started_seconds=_number(said["started_seconds"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("not a number")
    return value
