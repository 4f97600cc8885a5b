"""What of a machine's answers is never written down, and what is written in its place."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent, Answer, Entry, Process
from mpmtune.host.opening import is_kernel_path
from mpmtune.host.pseudonyms import Pseudonyms
from mpmtune.httpd.secrets import HIDDEN, mask
from mpmtune.httpd.words import arguments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SCRUBBED = (
    "private keys are left out",
    "arguments of directives that can hold secrets, values of variables, comments",
    "host names with a dot, this machine's own name, mail and IP addresses have pseudonyms",
    "command lines of all but httpd and PHP-FPM, environments of all processes",
    "lines of mountinfo and maps that say nothing about control groups or modules",
)

_STDERR_LIMIT = 8 * 1024
_PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]{0,40}PRIVATE KEY")
_OWN_COMMENT = re.compile(r"#\s*mpmtune:")
_NAMING = frozenset({"servername", "serveralias", "<virtualhost", "listen", "namevirtualhost"})
_PHYSICAL_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_PORT = re.compile(r":[0-9*]{1,5}$")

# Define, Use and envvars hand values on to where httpd is told numbers and paths: those stay.
_HANDING_ON = frozenset({"define", "use"})
_TELLING_NAME = re.compile(r"pass|secret|key|token|pwd|cred|pin", re.IGNORECASE)
_PLAIN_VALUE = re.compile(r"[0-9]{1,7}[KMGkmg]?|/[\w./+-]*|on|off|yes|no", re.ASCII | re.IGNORECASE)

_SHELL_FILES = re.compile(r"/envvars$|^/etc/(?:sysconfig|default|conf\.d)/")
_ASSIGNMENT = re.compile(r"(?P<before>\s*(?:export\s+)?(?P<name>[A-Za-z_]\w*)=)(?P<value>.*)")
_SHOWN_VARIABLES = re.compile(r"APACHE\w*|SUFFIX|LANG|LC_\w+|OPTIONS|HTTPD\w*")

_FPM_FILES = re.compile(r"/fpm/(?:pool\.d/|php-fpm)|/php-fpm\.d/")
_FPM_SETTING = re.compile(r"\s*(?P<key>[\w.]+)\s*=")
_FPM_SHOWN = re.compile(r"pm(?:\.\w+)?|listen(?:\.\w+)?|include|process\.\w+|rlimit_files|prefix")


class Scrubber:
    """Takes out of answers what is nobody's business, and can ask the machine all the same.

    ``restore`` undoes the replacement of names in a question, for a question may be made of
    answers: a file that a scrubbed configuration includes.
    """

    def __init__(self, pseudonyms: Pseudonyms | None = None) -> None:
        self.pseudonyms = pseudonyms or Pseudonyms()
        self.restore = self.pseudonyms.restore
        self.text = self.pseudonyms.hide

    def file(self, path: str, content: bytes) -> bytes | Absent:
        """Scrub a file; its lines stay where they are, but for those of mountinfo and maps."""
        if is_kernel_path(path):
            return _kernel_file(path, content)
        if _PRIVATE_KEY.search(content):
            return Absent(path, "it holds a private key")
        if os.path.basename(path) == "os-release":
            return content
        # One character per byte, as httpd reads: names are ASCII, all else passes through.
        text = content.decode("latin-1")
        return self.text(self._reader_of(path)(text)).encode("latin-1")

    def _reader_of(self, path: str) -> Callable[[str], str]:
        if _SHELL_FILES.search(path):
            return _shell_file
        return _fpm_file if _FPM_FILES.search(path) else self._configuration

    def answer(self, answer: Answer | Absent) -> Answer | Absent:
        """Scrub what a process or a request gave back."""
        if isinstance(answer, Absent):
            return answer
        stderr = answer.stderr[:_STDERR_LIMIT]
        return replace(answer, stdout=self._bytes(answer.stdout), stderr=self._bytes(stderr))

    def entry(self, path: str, entry: Entry | Absent) -> Entry | Absent:
        """Scrub what lies at a path: its name as it was asked for, and the target of a link."""
        if isinstance(entry, Absent) or entry.target is None:
            return replace(entry, path=path)
        return replace(entry, path=path, target=self.text(entry.target))

    def process(self, process: Process) -> Process:
        """Scrub the command line of a process."""
        return replace(
            process,
            executable=self.text(process.executable),
            arguments=tuple(map(self.text, _command_line(process.arguments))),
        )

    def _bytes(self, content: bytes) -> bytes:
        text = content.decode("latin-1")
        self.pseudonyms.learn_from(text)
        return self.text(text).encode("latin-1")

    def _configuration(self, text: str) -> str:
        """Mask an httpd configuration line by line, and learn the names that it gives."""
        pieces = []
        for physical in _logical_lines(text):
            logical = "".join(map(_without_continuation, physical))
            self._learn(logical)
            masked = masked_directive(logical)
            if masked is None:
                pieces += physical
            else:
                pieces += _on_as_many_lines(masked, physical)
        return "".join(pieces)

    def _learn(self, line: str) -> None:
        self.pseudonyms.learn_from(line)
        name, args = _name_and_arguments(line)
        if name.lower() in _NAMING:
            for word in args:
                host = _PORT.sub("", word.partition("://")[2] or word).removeprefix("*.")
                if "." in host:
                    self.pseudonyms.learn_name(host)


def masked_directive(line: str) -> str | None:
    """Mask a directive's arguments, as many as there were; None when all of it may be shown."""
    stripped = line.strip()
    if stripped.startswith("#"):
        return None if _OWN_COMMENT.match(stripped) else "#"
    name, args = _name_and_arguments(line)
    if not args:
        return None
    shown = _handed_on(name, args) if name.lower() in _HANDING_ON else mask(name, args)
    shown = (*shown, *(HIDDEN for _ in args[len(shown) :]))
    if shown == args:
        return None
    indent = line[: len(line) - len(line.lstrip())]
    end = ">" if name.startswith("<") else ""
    return f"{indent}{name} {' '.join(map(_quoted, shown))}{end}"


def _handed_on(name: str, args: tuple[str, ...]) -> tuple[str, ...]:
    first = args[0]
    variable = first if name.lower() == "define" else ""
    return (first, *(arg if _may_stay(variable, arg) else HIDDEN for arg in args[1:]))


def _may_stay(variable: str, value: str) -> bool:
    """Tell whether a value can only be a number, a path or a switch."""
    return not _TELLING_NAME.search(variable) and _PLAIN_VALUE.fullmatch(value) is not None


def _name_and_arguments(line: str) -> tuple[str, tuple[str, ...]]:
    stripped = line.strip()
    name, _, args = stripped.replace("\t", " ").partition(" ")
    return name, arguments(name, args) if not stripped.startswith("#") else ()


def _quoted(arg: str) -> str:
    if arg and not any(char.isspace() or char in "\"'" for char in arg):
        return arg
    return '"' + arg.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _logical_lines(text: str) -> Iterator[list[str]]:
    """Group physical lines, their ends included, as backslashes join them."""
    group: list[str] = []
    for line in _PHYSICAL_LINE.findall(text):
        group.append(line)
        if not line.rstrip("\r\n").endswith("\\"):
            yield group
            group = []
    if group:
        yield group


def _without_continuation(line: str) -> str:
    return line.rstrip("\r\n").removesuffix("\\")


def _on_as_many_lines(masked: str, physical: Sequence[str]) -> Iterator[str]:
    yield masked
    yield from ("\\\n" for _ in physical[1:])
    yield "\n" if physical[-1].endswith("\n") else ""


def _kernel_file(path: str, content: bytes) -> bytes | Absent:
    """Keep of the kernel's tables what tells about control groups and modules."""
    name = os.path.basename(path)
    if name in {"environ", "cmdline"}:
        return Absent(path, f"{name} of a process is not recorded")
    lines = content.split(b"\n")
    if name == "mountinfo":
        return b"\n".join(line for line in lines if b" - cgroup" in line)
    if name in {"maps", "smaps"}:  # smaps has fields, Name: value, beneath each mapping
        return b"\n".join(line for line in lines if b".so" in line or line[:1].isupper())
    return content


def _shell_file(text: str) -> str:
    return "\n".join(map(_shell_line, text.split("\n")))


def _shell_line(line: str) -> str:
    if line.lstrip().startswith("#"):
        return "#"
    match = _ASSIGNMENT.fullmatch(line)
    if match is None or _SHOWN_VARIABLES.fullmatch(match["name"]):
        return line
    plain = _may_stay(match["name"], match["value"].strip("'\""))
    return line if plain else f"{match['before']}{HIDDEN}"


def _fpm_file(text: str) -> str:
    return "\n".join(map(_fpm_line, text.split("\n")))


def _fpm_line(line: str) -> str:
    if line.strip().startswith("[") or not line.strip():
        return line
    match = _FPM_SETTING.match(line)
    return line if match and _FPM_SHOWN.fullmatch(match["key"]) else ";"


def _command_line(arguments_: Sequence[str]) -> tuple[str, ...]:
    """Mask the directives that ``-c`` and ``-C`` give."""
    shown = list(arguments_)
    for at, word in enumerate(shown[:-1]):
        if word in {"-c", "-C"}:
            shown[at + 1] = masked_directive(shown[at + 1]) or shown[at + 1]
    return tuple(shown)
