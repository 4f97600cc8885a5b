"""Where a URL leads: a file, a backend, another URL; as far as that can be told without asking.

The order is that of the translate_name hooks: mod_rewrite, mod_proxy, mod_alias (first its
redirects), mod_userdir, mod_vhost_alias, then core's DocumentRoot. What only a request or a file
system decides is named, not guessed.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from mpmtune.httpd.proxy_passes import NOT_PROXIED, pass_of
from mpmtune.httpd.regex import compile_regex
from mpmtune.httpd.rewriting import rule_of
from mpmtune.httpd.words import split

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mpmtune.model.config import Occurrence

    Lines = Callable[[str], Sequence[Occurrence]]

_ENCODED_SLASH = re.compile("%2[fF]")
_SLASHES = re.compile("/{2,}")
_REDIRECTING = frozenset({"permanent", "temp", "seeother"})


class How(Enum):
    """What a URL leads to."""

    FILE = "a file or directory"
    BACKEND = "a backend"
    REDIRECT = "a redirect"
    UNKNOWN = "what cannot be told"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Where a URL leads.

    Attributes:
        how: To what.
        target: File name, or URL of the backend or of the redirect as written; empty where it
            cannot be told.
        by: The directive that decides; None where none does.
        unless: Directives that may decide otherwise: a RewriteRule whose pattern may match.
    """

    how: How
    target: str = ""
    by: Occurrence | None = None
    unless: tuple[Occurrence, ...] = ()


def request_path(url: str) -> str:
    """Give the path as httpd compares it: decoded, dots resolved, slashes merged.

    Args:
        url: The part after the host: path, query, fragment. An encoded slash stays encoded.
    """
    path = re.split("[?#]", url, maxsplit=1)[0]
    kept = _ENCODED_SLASH.sub("%252F", path)
    text = _SLASHES.sub("/", f"/{unquote_to_bytes(kept).decode('latin-1')}")
    normal = posixpath.normpath(text)
    return f"{normal}/" if text.endswith(("/", "/.", "/..")) and normal != "/" else normal


def map_url(path: str, server: Lines, location: Lines, absolute: Callable[[str], str]) -> Mapping:
    """Tell where a path leads.

    Args:
        path: As ``request_path`` gives it.
        server: Gives what of a family is in force for the server alone.
        location: The same for the sections of locations that hold for the path.
        absolute: Resolves a file name against ServerRoot.
    """
    unless: list[Occurrence] = [*_rewriting(path, server)]
    for decide in (_proxied, _redirected, _aliased):
        found = decide(path, server, location, unless)
        if found is not None:
            target = absolute(found.target) if found.how is How.FILE else found.target
            return replace(found, target=target, unless=tuple(unless))
    return replace(_by_default(path, server, absolute), unless=tuple(unless))


def _rewriting(path: str, server: Lines) -> Sequence[Occurrence]:
    """Give the rules that may take the path."""
    engine = server("rewriteengine")
    if not engine or engine[-1].args.strip(" \t\"'").lower() != "on":
        return ()
    rules = (line for line in server("rewriterule") if line.name == "rewriterule")
    return [line for line in rules if rule_of(line).may_take(path)]


def _proxied(path: str, server: Lines, location: Lines, unless: list[Occurrence]) -> Mapping | None:
    """mod_proxy.c: proxy_trans; that of a location comes first, ``!`` ends the search."""
    for line in (*location("proxypass")[-1:], *server("proxypass")):
        said = pass_of(line)
        rest = None if said.regex else _rest(path, said.path)
        matched = _regex_matches(said.path, path) if said.regex else rest is not None
        if matched is None:
            unless.append(line)
        elif matched and said.target == NOT_PROXIED:
            return None
        elif matched:
            return Mapping(How.BACKEND, "" if rest is None else said.url + rest, line)
    return None


def _redirected(
    path: str, server: Lines, location: Lines, unless: list[Occurrence]
) -> Mapping | None:
    """mod_alias.c: translate_alias_redir; that of a location has no path of its own."""
    of_location = [line for line in location("redirect") if redirect_of(line)[0] is None]
    for line in (*_innermost(of_location), *server("redirect")):
        fake, url = redirect_of(line)
        regex = line.name == "redirectmatch"
        rest = "" if fake is None or regex else _rest(path, fake)
        matched = _regex_matches(fake, path) if regex and fake is not None else rest is not None
        if matched is None:
            unless.append(line)
        elif matched:
            target = url + (rest or "") if url and not (regex or "%{" in url) else ""
            return Mapping(How.REDIRECT, target, line)
    return None


def redirect_of(line: Occurrence) -> tuple[str | None, str]:
    """Take path and URL out of a Redirect; no path where it is for all of its section.

    mod_alias.c: add_redirect_internal. A status that is no redirect has a path, and no URL.
    """
    words = list(split(line.args))
    status = words[0].lower() if words and line.name in {"redirect", "redirectmatch"} else ""
    if status in _REDIRECTING or status[:1].isdigit():
        del words[0]
        if status not in _REDIRECTING and not status.startswith("3"):
            return (words[0] if words else None), ""
    elif status == "gone":
        return (words[1] if len(words) > 1 else None), ""
    if len(words) > 1:
        return words[0], words[1]
    return None, words[0] if words else ""


def _aliased(path: str, server: Lines, location: Lines, unless: list[Occurrence]) -> Mapping | None:
    of_location = [line for line in location("alias") if len(split(line.args)) == 1]
    for line in _innermost(of_location):
        real = split(line.args)[0]
        preserved = location("aliaspreservepath")
        kept = bool(preserved) and preserved[-1].args.lower() == "on"
        return Mapping(How.UNKNOWN, "", line) if "%{" in real or kept else _file(real, line)
    for line in server("alias"):
        fake, real = [*split(line.args), "", ""][:2]
        if line.name.endswith("match"):
            matched = _regex_matches(fake, path)
            if matched:
                return Mapping(How.UNKNOWN, "", line)
            if matched is None:
                unless.append(line)
            continue
        rest = _rest(path, fake)
        if rest is not None:
            return _file(real + rest, line)
    return None


def _innermost(lines: Sequence[Occurrence]) -> Sequence[Occurrence]:
    """Give the last line of the innermost section; those of that section come first."""
    return [line for line in lines if line.enclosing is lines[0].enclosing][-1:]


def _file(name: str, by: Occurrence) -> Mapping:
    return Mapping(How.FILE, name, by)


def _by_default(path: str, server: Lines, absolute: Callable[[str], str]) -> Mapping:
    """What mod_userdir, mod_vhost_alias and core do."""
    by_user = [line for line in server("userdir") if split(line.args)[:1] != ("disabled",)]
    by_name = [
        line for line in server("virtualdocumentroot") if line.args.strip("\"' ").lower() != "none"
    ]
    if path.startswith("/~") and by_user:
        return Mapping(How.UNKNOWN, "", by_user[-1])
    if by_name:
        return Mapping(How.UNKNOWN, "", by_name[-1])
    roots = server("documentroot")
    words = split(roots[-1].args) if roots else ()
    if not words:
        return Mapping(How.UNKNOWN)
    root = absolute(words[0]).rstrip("/")
    return _file(root + path, roots[-1])


def _rest(path: str, fake: str) -> str | None:
    """Match as alias_matches does, and give what is left of the path; None where it doesn't.

    Any number of slashes in the alias stands for those of the path, which has no two in a row.
    """
    wanted = _SLASHES.sub("/", fake)
    if not wanted or not path.startswith(wanted):
        return None
    rest = path[len(wanted) :]
    return rest if wanted.endswith("/") or rest[:1] in {"", "/"} else None


def _regex_matches(pattern: str, path: str) -> bool | None:
    compiled = compile_regex(pattern)
    return None if compiled is None else compiled.matches(path)
