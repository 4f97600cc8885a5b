"""A host that remembers each question and its answer, scrubbed before anyone sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from mpmtune.errors import NotRecordedError
from mpmtune.host.answers import Answers, command_key, request_key
from mpmtune.host.doorway import Absent, Answer, Command, Entry, Process
from mpmtune.host.scrub import Scrubber

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mpmtune.host.doorway import Host
    from mpmtune.host.pseudonyms import Pseudonyms

_OWN_NAME = ("/etc/hostname", "/proc/sys/kernel/hostname")

_Said = TypeVar("_Said")


class RecordingHost:
    """Passes questions on, scrubs the answers, and keeps them.

    Who asks sees the scrubbed answers, so that a replay gives the same results to the last byte.
    The same question is passed on once.

    Args:
        host: The host to ask.
        pseudonyms: Those of an earlier recording: a name that stands in an answer before the
            file that tells it to be one is replaced there too.
    """

    def __init__(self, host: Host, pseudonyms: Pseudonyms | None = None) -> None:
        self._host = host
        self._scrubber = Scrubber(pseudonyms)
        self.pseudonyms = self._scrubber.pseudonyms
        self.answers = Answers(user=host.user())
        for path in _OWN_NAME:
            self.pseudonyms.learn_name(_first_word(host, path))

    def read(self, path: str) -> bytes | Absent:
        """Read a regular file whole."""
        return _once(self.answers.files, path, self._read)

    def stream(self, path: str) -> Iterator[bytes]:
        """Read a regular file in pieces; here in one, and of the size that ``read`` gives."""
        content = self.read(path)
        if not isinstance(content, Absent):
            yield content

    def glob(self, pattern: str) -> tuple[str, ...]:
        """Expand a pattern."""
        return _once(self.answers.globs, pattern, self._glob)

    def entry(self, path: str) -> Entry | Absent:
        """Look at a path."""
        return _once(self.answers.entries, path, self._entry)

    def run(self, command: Command) -> Answer | Absent:
        """Start a process."""
        return _once(self.answers.commands, command_key(command), lambda _: self._run(command))

    def processes(self) -> tuple[Process, ...] | Absent:
        """List the processes."""
        if self.answers.processes is None:
            found = self._host.processes()
            if not isinstance(found, Absent):
                found = tuple(map(self._scrubber.process, found))
            self.answers.processes = found
        return self.answers.processes

    def loopback_get(self, port: int, target: str, name: str = "localhost") -> Answer | Absent:
        """GET ``target`` from 127.0.0.1:``port``."""
        return _once(
            self.answers.requests,
            request_key(port, target, name),
            lambda _: self._get(port, target, name),
        )

    def user(self) -> int:
        """Effective user id of the one who asks."""
        return self.answers.user

    def _read(self, path: str) -> bytes | Absent:
        content = self._host.read(self._scrubber.restore(path))
        if isinstance(content, Absent):
            return Absent(path, content.why, content.missing)
        return self._scrubber.file(path, content)

    def _glob(self, pattern: str) -> tuple[str, ...]:
        found = self._host.glob(self._scrubber.restore(pattern))
        return tuple(map(self._scrubber.text, found))

    def _entry(self, path: str) -> Entry | Absent:
        return self._scrubber.entry(path, self._host.entry(self._scrubber.restore(path)))

    def _get(self, port: int, target: str, name: str) -> Answer | Absent:
        real = self._scrubber.restore(name)
        return self._scrubber.answer(self._host.loopback_get(port, target, real))

    def _run(self, command: Command) -> Answer | Absent:
        if not command.for_record:
            return Absent(command.argv[0], "its answer is not for the record")
        restore = self._scrubber.restore
        real = Command(
            argv=tuple(map(restore, command.argv)),
            environment=tuple((name, restore(value)) for name, value in command.environment),
            timeout_seconds=command.timeout_seconds,
        )
        return self._scrubber.answer(self._host.run(real))


def _first_word(host: Host, path: str) -> str:
    """Read a name; empty where there is none, or where a snapshot is recorded again."""
    try:
        content = host.read(path)
    except NotRecordedError:
        return ""
    return "" if isinstance(content, Absent) else content.decode("ascii", "replace").strip()


def _once(known: dict[str, _Said], question: str, ask: Callable[[str], _Said]) -> _Said:
    if question not in known:
        known[question] = ask(question)
    return known[question]
