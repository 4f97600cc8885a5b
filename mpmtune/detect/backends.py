"""What the configuration proxies to, how far each pool may grow, and which may become tunnels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import arguments
from mpmtune.model.server import ProxyBackend
from mpmtune.report.directive_text import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mpmtune.model.config import Occurrence, Tree

_PASSES = ("proxypass", "proxypassmatch", "balancermember")
_HANDLERS = ("sethandler", "addhandler")
_PROXY_HANDLER = "proxy:"
_TUNNEL_SCHEMES = ("ws://", "wss://")
_REWRITE_FLAGS = 2  # RewriteRule PATTERN TARGET [flags]
_MOST = 10**6


def detect_backends(tree: Tree) -> tuple[ProxyBackend, ...]:
    """List the proxy targets in the order of the configuration, each URL once.

    A balancer stands for its members. ``max=`` set by ProxySet in a ``<Proxy>`` section counts.
    """
    found: dict[str, ProxyBackend] = {}
    limits = _limits_of_sections(tree)
    for occurrence in _candidates(tree):
        for url, settings in _targets(occurrence):
            if url not in found and not url.startswith("balancer:"):
                found[url] = _backend(occurrence, url, limits.get(url, {}) | settings)
    return tuple(found.values())


def _candidates(tree: Tree) -> Iterator[Occurrence]:
    for name in (*_PASSES, *_HANDLERS, "rewriterule"):
        yield from tree.by_name.get(name, ())


def _targets(occurrence: Occurrence) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (URL, settings) of what a directive proxies to."""
    words = arguments(occurrence.name, occurrence.args)
    if occurrence.name in _HANDLERS:
        if words and words[0].lower().startswith(_PROXY_HANDLER):
            yield words[0][len(_PROXY_HANDLER) :], {}
    elif occurrence.name == "rewriterule":
        if len(words) > _REWRITE_FLAGS and "://" in words[1] and _proxies(words[2]):
            yield words[1], {}
    else:
        # Within <Location> and <Proxy> the first word may be the target itself.
        url = next((word for word in words[:2] if "://" in word or word.startswith("unix:")), None)
        if url is not None:
            yield _member(words, url)


def _member(words: Sequence[str], url: str) -> tuple[str, dict[str, str]]:
    """Read a member: ``BalancerMember balancer://b http://a`` names the balancer first."""
    if url.startswith("balancer:") and len(words) > 1 and "://" in words[1]:
        url = words[1]
    return url, _settings(words)


def _settings(words: Sequence[str]) -> dict[str, str]:
    pairs = (word.partition("=") for word in words if "://" not in word)
    return {key.lower(): value for key, equals, value in pairs if equals}


def _proxies(flags: str) -> bool:
    names = {flag.strip().lower() for flag in flags.strip("[]").split(",")}
    return not names.isdisjoint({"p", "proxy"})


def _limits_of_sections(tree: Tree) -> dict[str, dict[str, str]]:
    """Collect what ProxySet says of a URL: its own, or that of the ``<Proxy>`` around it."""
    found: dict[str, dict[str, str]] = {}
    for occurrence in tree.by_name.get("proxyset", ()):
        words = arguments(occurrence.name, occurrence.args)
        url = next((word for word in words[:1] if "://" in word), None)
        section = occurrence.enclosing
        if url is None and section is not None and section.name == "<proxy":
            url = next(iter(arguments(section.name, section.args)), None)
        if url is not None:
            found.setdefault(url, {}).update(_settings(words))
    return found


def _backend(occurrence: Occurrence, url: str, settings: Mapping[str, str]) -> ProxyBackend:
    file, line = occurrence.httpd_place
    most = settings.get("max", "")
    upgrade = settings.get("upgrade", "none").lower()
    return ProxyBackend(
        url=decoded(_public(url)),
        max=int(most[:7]) if most.isascii() and most.isdigit() and int(most[:7]) <= _MOST else None,
        file=decoded(file),
        line=line,
        tunnel=url.lower().startswith(_TUNNEL_SCHEMES) or upgrade != "none",
    )


def _public(url: str) -> str:
    """Cut off user information and query: they may hold a password or a token."""
    bare = url.partition("?")[0]
    scheme, separator, rest = bare.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{separator}{authority.rpartition('@')[2]}{slash}{path}"
