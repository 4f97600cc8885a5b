"""The sections that httpd decides while reading: IfModule, IfDefine, IfFile and their like.

``<If>``, ``<ElseIf>`` and ``<Else>`` are none of them: they are decided for each request, and
never folded here. A test gives what httpd's function gives; the section machinery is the same
for all but ``<IfVersion>`` (core.c: start_cond_section, mod_version.c: start_ifversion).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.confparse.paths import as_path, followed, merge
from mpmtune.confparse.refusal import Refusal
from mpmtune.host.doorway import Entry
from mpmtune.httpd import arity, words
from mpmtune.httpd.directives import find_all
from mpmtune.httpd.numbers import atoi
from mpmtune.model.config import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from mpmtune.confparse.reading import Reading

_LONGEST_PATTERN = 1000

_BAD_VERSION = (
    "Version appears to be invalid. It must have the format major[.minor[.patch]] where major,"
    " minor and patch are numbers."
)
_VERSION = re.compile(r"[0-9]+(?:\.[0-9]*){0,2}")
_ORDERS = {"=", "<", ">"}


def is_met(reading: Reading, name: str, args: str) -> bool:
    """Decide a section.

    Args:
        reading: What is known so far.
        name: Folded, ``<ifmodule``.
        args: Raw, with the closing bracket.

    Raises:
        Refusal: where httpd refuses the section.
    """
    if name == "<ifversion":
        return _version(reading.target.version, words.split(args))
    argument = words.section_argument(args)
    if argument is None:
        raise missing_bracket(name)
    negated = argument.startswith("!")
    word, _ = words.next_word(argument[1:] if negated else argument)
    if not word:
        text = f"{spelled(name)}> directive requires additional arguments"
        raise Refusal(Fault.EMPTY_SECTION_ARGUMENT, text)
    return TESTS[name](reading, word) is not negated


def missing_bracket(name: str) -> Refusal:
    """Make httpd's complaint about a section without its closing bracket."""
    text = f"{spelled(name)}> directive missing closing '>'"
    return Refusal(Fault.MISSING_BRACKET, text)


def spelled(name: str) -> str:
    """Spell a folded name as the command table does."""
    rows = find_all(name)
    return rows[0].name if rows else name


def _module(reading: Reading, word: str) -> bool:
    return reading.modules.found(word)


def _define(reading: Reading, word: str) -> bool:
    return reading.variables.is_defined(word)


def _file(reading: Reading, word: str) -> bool:
    path = merge(reading.server_root, as_path(word))
    return isinstance(followed(reading.files, path), Entry)


def _directive(reading: Reading, word: str) -> bool:
    return any(not reading.modules.ids.isdisjoint(row.module_ids) for row in find_all(word.lower()))


def _section(reading: Reading, word: str) -> bool:
    return _directive(reading, f"<{word}")


TESTS: dict[str, Callable[[Reading, str], bool]] = {
    "<ifmodule": _module,
    "<ifdefine": _define,
    "<iffile": _file,
    "<ifdirective": _directive,
    "<ifsection": _section,
}


def _version(ours: tuple[int, int, int], given: tuple[str, ...]) -> bool:
    """Decide ``<IfVersion >= 2.4>``: its words are taken before the bracket is looked for."""
    text = arity.refusal(find_all("<ifversion")[0], given)
    if text is not None:
        raise Refusal(Fault.ARGUMENT_COUNT, text)
    operator, version, bracket = (*given, *[""] * 3)[:3]
    if not version:
        operator, version = "=", operator
    if not bracket and version == ">":
        operator, version, bracket = "=", operator, ">"
    if bracket != ">":
        if not version.endswith(">"):
            raise missing_bracket("<ifversion")
        version = version[:-1]
    bare = operator[1:] if operator.startswith("!") and operator != "!" else operator
    met = _compared(ours, operator, bare, version)
    return met is not operator.startswith("!")


def _compared(ours: tuple[int, int, int], operator: str, bare: str, version: str) -> bool:
    order, equal = bare[:1], bare[1:]
    if order == "~" and not equal:
        return _matches(ours, version)
    if order not in _ORDERS or equal not in {"", "="}:
        raise Refusal(Fault.BAD_ARGUMENT, f"unrecognized operator '{operator}'")
    if order == "=" and version.startswith("/"):
        pattern = version[1:]
        if not pattern.endswith("/"):
            text = "Missing delimiting / of regular expression."
            raise Refusal(Fault.BAD_ARGUMENT, text)
        return _matches(ours, pattern[:-1])
    theirs = _parsed(version)
    if order == "=":
        return ours == theirs
    return (ours > theirs if order == ">" else ours < theirs) or (bool(equal) and ours == theirs)


def _parsed(version: str) -> tuple[int, int, int]:
    if not _VERSION.fullmatch(version):
        raise Refusal(Fault.BAD_ARGUMENT, _BAD_VERSION)
    major, minor, patch = (*[atoi(part) for part in version.split(".")], 0, 0)[:3]
    return major, minor, patch


def _matches(ours: tuple[int, int, int], pattern: str) -> bool:
    refused = Refusal(Fault.BAD_ARGUMENT, "Unable to compile regular expression")
    if len(pattern) > _LONGEST_PATTERN:
        raise refused
    try:
        return re.search(pattern, ".".join(map(str, ours))) is not None
    except (re.error, RecursionError, OverflowError):
        raise refused from None
