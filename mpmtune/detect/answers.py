"""What httpd itself says when it is asked: version, modules, and complaints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.detect.build import VersionAnswer, parse_static, parse_version
from mpmtune.detect.modules import parse_modules
from mpmtune.host.doorway import Absent
from mpmtune.httpd.directives import is_shipped
from mpmtune.httpd.secrets import cut_urls
from mpmtune.model.unknown import Unknown
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.host.doorway import Answer, Command, Host
    from mpmtune.host.httpd_binary import Invocation
    from mpmtune.model.server import Module

# [Tue Nov 24 06:41:55.956346 2026] [php:crit] [pid 1:tid 1] text
_LOG_PREFIX = re.compile(r"\[[^\]]{10,40}\] \[[\w:]{1,40}\] \[pid [^\]]{1,40}\] ")
# The program's own name stands before a message, or between its number and its text.
_PROGRAM = re.compile(r"^(AH\d{5}: )?(?:apache2|httpd)[\w.-]{0,20}: ")
_SYNTAX_ERROR = re.compile(r"Syntax error on line \d+ of .*:$")
# An apostrophe within a word (``Couldn't``) opens no quotation.
_QUOTED = re.compile(r"(?<!\w)'([^']*)'")
# A path, a section, a word of letters; a secret among the text of a file seldom looks like one.
_NAME_LIKE = re.compile(r"/[\w./+-]{0,200}|</?[A-Za-z]{1,40}>?|[A-Za-z_.]{0,64}")
_NO_MESSAGE = frozenset({"", "Syntax OK"})
_MOST_MESSAGES = 50
_MOST_LENGTH = 2048


@dataclass(frozen=True, slots=True)
class Answers:
    """What a configuration is to httpd.

    Attributes:
        version: The answer to ``-V``, which is asked only where ``-M`` is refused.
        modules: The answer to ``-M``; empty when httpd refused.
        messages: What httpd prints about the configuration, one each.
        accepted: Whether ``-M`` found the configuration good.
    """

    version: VersionAnswer | None
    modules: tuple[Module, ...]
    messages: tuple[str, ...]
    accepted: bool


def parse_messages(text: str) -> tuple[str, ...]:
    """Read what httpd prints on stderr: a sentence each, without time, level and program name.

    A syntax error is one message with the sentence that follows it. What httpd quotes from a file
    is shown only where it looks like a name or a path: any file can have been included.
    """
    return tuple(_redacted(message) for message in _joined(text.splitlines()))[:_MOST_MESSAGES]


def _joined(lines: list[str]) -> Iterator[str]:
    pending = ""
    for line in lines:
        message = _PROGRAM.sub(r"\1", _LOG_PREFIX.sub("", line.strip()))
        if _SYNTAX_ERROR.search(message):
            pending = message
        elif message not in _NO_MESSAGE:
            yield f"{pending} {message}".strip()
            pending = ""
    if pending:
        yield pending


def _redacted(message: str) -> str:
    shown = _QUOTED.sub(_quote, cut_urls(message[:_MOST_LENGTH]))
    return printable(shown)


def _quote(match: re.Match[str]) -> str:
    known = _NAME_LIKE.fullmatch(match[1]) or is_shipped(match[1].lower())
    return match[0] if known else "'***'"


def _asked(host: Host, command: Command) -> Answer | str:
    """Run a question; give the answer, or why there is none."""
    answer = host.run(command)
    if isinstance(answer, Absent):
        return answer.why
    if answer.timed_out:
        return f"it did not answer within {command.timeout_seconds} s"
    return answer


def ask_identity(host: Host, invocation: Invocation) -> VersionAnswer | Unknown:
    """Ask a binary who it is, with no configuration that could run anything."""
    answer = _asked(host, invocation.identity())
    if isinstance(answer, str):
        return Unknown("httpd.version", answer)
    found = parse_version(_text(answer.stdout))
    if found is not None:
        return found
    said = next(iter(parse_messages(_text(answer.stderr))), "")
    why = f"it does not answer -V as an httpd does (exit {answer.status})"
    return Unknown("httpd.version", f"{why}: {said}" if said else why)


def ask_static(host: Host, invocation: Invocation) -> tuple[str, ...]:
    """Ask a binary for the source files of what is compiled in; empty when it does not say."""
    answer = _asked(host, invocation.static_modules())
    return () if isinstance(answer, str) else parse_static(_text(answer.stdout))


def ask_configuration(host: Host, invocation: Invocation) -> Answers | Unknown:
    """Ask httpd about its configuration. It runs what that loads: look at trust first."""
    modules = _asked(host, invocation.modules())
    if isinstance(modules, str):
        return Unknown("httpd.modules", modules)
    messages = parse_messages(_text(modules.stderr))
    if modules.status == 0:
        return Answers(None, parse_modules(_text(modules.stdout)), messages, accepted=True)
    version = _asked(host, invocation.version())
    named = None if isinstance(version, str) else parse_version(_text(version.stdout))
    return Answers(named, (), messages, accepted=False)


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace")
