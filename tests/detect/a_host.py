"""A machine for tests: files, links, processes and answers, as far as a test is about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent, Answer, Entry, EntryKind, Process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.host.doorway import Command


@dataclass
class AHost:
    """Answers from what it was given; everything else is absent, and what was run is kept."""

    files: dict[str, str | bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)
    processes_: tuple[Process, ...] | Absent = ()
    answers: dict[str, Answer] = field(default_factory=dict)
    pages: dict[tuple[int, str], Answer] = field(default_factory=dict)
    uid: int = 0
    ran: list[Command] = field(default_factory=list)
    asked: list[tuple[int, str, str]] = field(default_factory=list)

    def read(self, path: str) -> bytes | Absent:
        content = self.files.get(path)
        if content is None:
            return Absent(path, "no such file")
        return content if isinstance(content, bytes) else content.encode()

    def stream(self, path: str) -> Iterator[bytes]:
        content = self.read(path)
        if not isinstance(content, Absent):
            yield content

    def glob(self, pattern: str) -> tuple[str, ...]:
        parts = pattern.count("/")
        return tuple(
            sorted(
                path
                for path in {*self.files, *self.links}
                if path.count("/") == parts and fnmatch(path, pattern)
            )
        )

    def entry(self, path: str) -> Entry | Absent:
        owner = self.owners.get(path, 0)
        if path in self.links:
            return Entry(path, EntryKind.LINK, owner, 0, 0o777, 0, target=self.links[path])
        if path in self.files:
            return Entry(path, EntryKind.FILE, owner, 0, 0o644, len(self.files[path]))
        above = path.rstrip("/") + "/"
        if any(known.startswith(above) for known in (*self.files, *self.links)):
            return Entry(path, EntryKind.DIRECTORY, owner, 0, 0o755, 0)
        return Absent(path, "no such file")

    def run(self, command: Command) -> Answer | Absent:
        self.ran.append(command)
        answer = self.answers.get(" ".join(command.argv))
        return Absent(command.argv[0], "no such program") if answer is None else answer

    def processes(self) -> tuple[Process, ...] | Absent:
        return self.processes_

    def loopback_get(self, port: int, target: str, name: str = "localhost") -> Answer | Absent:
        self.asked.append((port, target, name))
        answer = self.pages.get((port, target))
        return Absent(f"http://127.0.0.1:{port}{target}", "refused") if answer is None else answer

    def user(self) -> int:
        return self.uid


def a_process(pid: int, parent: int = 1, arguments: str = "/usr/sbin/apache2 -k start") -> Process:
    """A process of Debian's httpd."""
    words = tuple(arguments.split())
    return Process(pid, parent, words[0].rpartition("/")[2][:15], words[0], words, 100)


# Signal masks of real processes of httpd 2.4.71.
SERVING = "Threads:\t27\nVmHWM:\t 6000 kB\nVmRSS:\t 5000 kB\nSigIgn:\t0000000001001000\nSigCgt:\t00000001080046eb\n"
PREFORK = "Threads:\t1\nVmHWM:\t 6000 kB\nVmRSS:\t 5000 kB\nSigIgn:\t0000000001001002\nSigCgt:\t00000000080046e9\n"
CGID = "Threads:\t1\nVmHWM:\t 4000 kB\nVmRSS:\t 4000 kB\nSigIgn:\t0000000000010000\nSigCgt:\t00000000000004e9\n"
CGID_AFTER_RESTART = CGID.replace("0000000000010000", "0000000001011000").replace(
    "00000000000004e9", "0000000008004203"
)
FCGID = CGID.replace("0000000000010000", "0000000000001000").replace(
    "00000000000004e9", "00000000000046e9"
)
FCGID_AFTER_RESTART = FCGID.replace("00000000000046e9", "0000000008004203")
WSGI = CGID.replace("Threads:\t1", "Threads:\t6").replace("00000000000004e9", "00000001008046ea")
WSGI_RESPAWNED = WSGI.replace("00000001008046ea", "00000001088046eb")
ROLLUP = "Rss: 5000 kB\nPss: 2000 kB\nPrivate_Clean: 100 kB\nPrivate_Dirty: 900 kB\nSwapPss: 0 kB\n"
