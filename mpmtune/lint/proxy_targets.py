"""Where a proxied request goes, and whether the client has a say in the host.

The part of a target up to the first slash behind ``://`` names the host. What a client can put
there, or glue to its end, decides whom httpd asks: ``http://app$1`` with ``@evil.example`` is a
user name and another host (util.c: apr_uri_parse).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.rewriting import rewrite_words
from mpmtune.lint.captures import group_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.model.config import Occurrence

_REFERENCE = re.compile(r"(?<!\\)(?:[$%]([0-9])|%\{([^}]{0,256})\})")
_HOSTS = ("h.example", "h.example/", "h.example/x", "h.example/x.php", "192.0.2.1")
_URLS = tuple(f"http://{host}" for host in _HOSTS)
_SUFFIXED = ("h.example/", "h.example/x", "h.example/x.php", "h.example:80/x")
_GLUED = tuple(f"{sign}{host}" for host in _HOSTS for sign in "@.")
_SENT_BY_CLIENT = re.compile(r"%\{(?:HTTP[_:]|QUERY_STRING|REQUEST_URI|THE_REQUEST|PATH_INFO)")
_FREE_VARIABLES = re.compile(
    r"HTTP:|HTTP_(?!HOST\Z)|QUERY_STRING\Z|THE_REQUEST\Z|PATH_INFO\Z", re.IGNORECASE
)
_LONGEST = 4_000
_NAMES = frozenset({"HTTP_HOST", "SERVER_NAME"})


class Pattern(NamedTuple):
    """What the numbers in a target stand for.

    Attributes:
        text: The regular expression.
        begins_with_slash: Whether what it is matched against surely does.
        ignore_case: Whether case does not matter.
        is_host_name: It is matched against the Host header, in which httpd lets no slash pass.
    """

    text: str
    begins_with_slash: bool
    ignore_case: bool = False
    is_host_name: bool = False


def chosen_by_client(
    target: str, captured: Pattern, conditions: Sequence[Occurrence] = ()
) -> str | None:
    """Find what in the host of a target is the client's choice.

    Args:
        target: URL of the backend as written, with its ``$1``, ``%1`` and ``%{NAME}``.
        captured: What the ``$1`` stand for.
        conditions: The RewriteConds of the rule, in order.

    Returns:
        The reference; None where none is, or where that cannot be told.
    """
    host = _host_of(target)
    if "${" in host or len(host) > _LONGEST:  # a map: whoever wrote it chose the hosts
        return None
    for reference in _REFERENCE.finditer(host):
        if reference[2] is not None:
            chosen = _is_free(reference[2], conditions)
        else:
            of = captured if reference[0][0] == "$" else _of_conditions(conditions)
            chosen = of is not None and _may_change_host(host, reference, of)
        if chosen:
            return reference[0]
    return None


def _host_of(target: str) -> str:
    """Give the target as far as it names the host; all of it where it begins with a reference."""
    url = target.rpartition("|")[2]
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url.partition("/")[0] if _REFERENCE.match(url) else ""
    return f"{scheme}{separator}{rest.partition('/')[0]}"


def _may_change_host(host: str, reference: re.Match[str], of: Pattern) -> bool:
    group = group_of(of.text, int(reference[1]))
    if group is None or (of.begins_with_slash and group.begins_the_text):
        return False
    before, after = host[: reference.start()], host[reference.end() :]
    texts = _dangerous(before.rpartition("://")[2], after, is_url="://" not in before)
    if of.is_host_name:
        texts = tuple(text for text in texts if "/" not in text and "@" not in text)
    return group.may_be(texts, ignore_case=of.ignore_case)


def _dangerous(before: str, after: str, *, is_url: bool) -> tuple[str, ...]:
    """Give texts that lead to another host, between what stands around them in its name."""
    if is_url:
        return _URLS if not after or after[0] in ":/" else _SUFFIXED
    if _REFERENCE.sub("", before):
        return _GLUED
    return _HOSTS if not after or after[0] == ":" else _SUFFIXED


def _is_free(variable: str, conditions: Sequence[Occurrence]) -> bool:
    """Whether a variable holds what the client sends, and no condition is about it."""
    if variable.upper() not in _NAMES and not _FREE_VARIABLES.match(variable):
        return False
    about = f"%{{{variable}}}".upper()
    return not any(about in rewrite_words(one.args)[0].upper() for one in conditions)


def _of_conditions(conditions: Sequence[Occurrence]) -> Pattern | None:
    """Give the pattern of the last condition; None where another one may have matched last."""
    read = [rewrite_words(one.args) for one in conditions]
    if not read or any(re.search(r"\bOR(NEXT)?\b", flags, re.IGNORECASE) for _, _, flags in read):
        return None
    tested, pattern, flags = read[-1]
    if not _SENT_BY_CLIENT.match(tested) or pattern[:1] in {"!", "<", ">", "=", "-"}:
        return None
    return Pattern(
        pattern,
        begins_with_slash=tested.upper() == "%{REQUEST_URI}",
        ignore_case=bool(re.search(r"\bNC\b|\bnocase\b", flags, re.IGNORECASE)),
        is_host_name=tested.upper() == "%{HTTP_HOST}",
    )


def conditions_of(
    rules: Sequence[Occurrence], conditions: Sequence[Occurrence]
) -> Iterator[tuple[Occurrence, Sequence[Occurrence]]]:
    """Give each RewriteRule with the RewriteConds that stand before it in its section."""
    waiting: dict[int, list[Occurrence]] = {}
    lines = [*((_place(one), one) for one in (*rules, *conditions))]
    for _, line in sorted(lines, key=lambda placed: placed[0]):
        key = id(line.enclosing)
        if line.name == "rewritecond":
            waiting.setdefault(key, []).append(line)
        else:
            yield line, waiting.pop(key, ())


def _place(line: Occurrence) -> tuple[str, int]:
    return line.source.path, line.item.start
