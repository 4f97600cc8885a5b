"""What one client may see, the cache gives to all.

## What it does
Reports ``CacheEnable`` that covers a place which ``Require`` opens to some clients by address,
host or environment, while ``CacheQuickHandler`` is on, as it is by default. Places for which a
user must log in are not reported: what is asked for with a password is not cached.

## Why it matters
The quick handler answers before httpd has looked at who asks. Once a client that may see a page
has been there, every other one gets it from the cache.

## When to ignore it
Never; ``CacheQuickHandler Off`` caches behind the check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd import authorization
from mpmtune.httpd.authorization import Verdict
from mpmtune.httpd.sections import canonical_directory
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, insert_before
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.served import ServedDirectories
from mpmtune.lint.surroundings import path_of, section_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.merged_view import MergedView
    from mpmtune.httpd.virtual_hosts import VirtualHost
    from mpmtune.model.config import Occurrence, Tree

_PATH = 2
# Asked with the request, so that the answer is not cached for others, or not a matter of clients.
_KEPT_APART = ("valid-user", "user", "group", "ldap-", "file-", "dbm-", "dbd-", "ssl", "method")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that caches what only some may see."""
    enabled: dict[int, list[tuple[str, Occurrence]]] = {}
    for line in hits["cacheenable"]:
        words = split(line.args)
        if len(words) == _PATH and words[1].startswith("/") and section_of(line) is None:
            enabled.setdefault(id(line.enclosing), []).append((words[1], line))
    if not enabled:
        return
    view = merged_view_of(tree)
    told: set[int] = set()
    for host, url, section in _restricted(view, hits):
        lines = [*enabled.get(id(host.occurrence), ())] if host is not None else []
        covering = (
            line for path, line in (*lines, *enabled.get(id(None), ())) if url.startswith(path)
        )
        found = next(covering, None)
        if found is not None and id(found) not in told and _leaks(view, host, url):
            told.add(id(found))
            yield Violation(
                found,
                f"{url} is for some clients, and the cache answers all others too: it is asked"
                " before Require",
                fix("Ask the cache after the check", insert_before(found, "CacheQuickHandler Off")),
                related=(section,),
            )


def _restricted(
    view: MergedView, hits: Hits
) -> Iterator[tuple[VirtualHost | None, str, Occurrence]]:
    """Give the server and URL of each section with a Require that not everybody passes."""
    around = (section_of(line) for line in hits["require"])
    sections = {id(section): section for section in around if section is not None}
    served = ServedDirectories(hits["documentroot"])
    for section in sections.values():
        path = path_of(section)
        if section.name == "<location" and path.startswith("/"):
            yield view.hosts.around(section), path, section
        elif section.name == "<directory" and path:
            found = served.url_of(canonical_directory(path))
            if found is not None:
                yield view.hosts.around(found.by), found.url, section


def _leaks(view: MergedView, host: VirtualHost | None, url: str) -> bool:
    here = view.url(host, url)
    quick = view.server(host).find("cachequickhandler").last
    if quick is not None and quick.args.strip("\"' ").lower() == "off":
        return False
    disabled = (split(line.args)[:1] for line in here.find("cachedisable").lines)
    if any(path and url.startswith(path[0]) for path in disabled):
        return False
    required = here.authorization.required
    if required is None:
        return False
    verdicts = authorization.possible(required, tell=_tell)
    return Verdict.GRANTED in verdicts and len(verdicts) > 1


def _tell(words: tuple[str, ...]) -> frozenset[Verdict]:
    if words[:1] and words[0].lower().startswith(_KEPT_APART):
        return frozenset({Verdict.DENIED})
    return authorization.of_provider(words)


def _cached(path: str, *lines: str) -> str:
    return "\n".join(
        ("CacheRoot /srv/www/run", f"CacheEnable disk {path}", *lines, "</Location>", "")
    )


_ADM = ("<Location /adm>", "Require ip 192.0.2.0/24")
_MODULES = ("cache_module", "cache_disk_module")
_AUTH = ("authn_core_module", "authn_file_module", "auth_basic_module", "authz_user_module")

RULE = Rule(
    code="SEC335",
    name="cached-responses-skip-authorization",
    severity=Severity.WARNING,
    on=("cacheenable", "require", "documentroot"),
    whole_tree=True,
    by_default=False,
    references=("caching.html#security", "mod/mod_cache.html#cachequickhandler"),
    since="0.1.0",
    examples=(
        Example(
            bad=_cached("/adm", *_ADM),
            fixed_unsafely=_cached("/adm", *_ADM).replace(
                "CacheEnable", "CacheQuickHandler Off\nCacheEnable"
            ),
            lines=(2,),
            modules=_MODULES,
        ),
        Example(
            bad="<VirtualHost *:8080>\nDocumentRoot /srv/www/htdocs\nCacheEnable disk /\n"
            "<Directory /srv/www/htdocs/in>\nRequire host example.com\n</Directory>\n"
            "</VirtualHost>\nCacheRoot /srv/www/run\n",
            fixed_unsafely="<VirtualHost *:8080>\nDocumentRoot /srv/www/htdocs\n"
            "CacheQuickHandler Off\nCacheEnable disk /\n"
            "<Directory /srv/www/htdocs/in>\nRequire host example.com\n</Directory>\n"
            "</VirtualHost>\nCacheRoot /srv/www/run\n",
            lines=(3,),
            also=("SEC301",),
            modules=_MODULES,
        ),
        Example(good="CacheQuickHandler Off\n" + _cached("/", *_ADM), modules=_MODULES),
        Example(good=_cached("/pub", *_ADM), modules=_MODULES),
        Example(good="CacheDisable /adm\n" + _cached("/", *_ADM), modules=_MODULES),
        Example(good=_cached("/", "<Location /adm>", "Require all granted"), modules=_MODULES),
        Example(
            good=_cached("/", "<Location /a>", "Require all denied")
            + '<LocationMatch "^/b">\nRequire ip 192.0.2.1\n</LocationMatch>\n'
            "<Directory /usr/share>\nRequire local\n</Directory>\n",
            modules=_MODULES,
        ),
        Example(
            good="CacheRoot /srv/www/run\n<Location /adm>\nCacheEnable disk\n"
            "Require ip 192.0.2.0/24\n</Location>\n",
            modules=_MODULES,
        ),
        Example(
            good=_cached(
                "/",
                "<Location /adm>",
                "AuthType Basic",
                "AuthName x",
                "AuthUserFile /srv/www/pw",
                "Require valid-user",
                "Require ssl",
            ),
            modules=(*_MODULES, *_AUTH, "ssl_module"),
        ),
    ),
    check=check,
)
