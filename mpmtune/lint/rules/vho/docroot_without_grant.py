"""Nothing grants what a DocumentRoot or Alias leads to.

## What it does
Works out who may see the directory of each ``DocumentRoot``, ``Alias`` and ``ScriptAlias``, and
reports it when a ``<Directory>`` above it, mostly ``<Directory />``, denies everybody and no
section nearer to it has another say. A ``<Directory>`` or ``<Location>`` that shuts the directory
itself is meant, and not reported; neither is one with directories below it that are granted, or
with a ``.htaccess`` that may do so.

## Why it matters
Every request answers 403, and the error log says AH01630: client denied by server configuration.
Since 2.4 each directory needs a ``Require`` of its own.

## When to ignore it
Never; what is to be shut says so itself.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import Admitted
from mpmtune.httpd.addresses import ANY
from mpmtune.httpd.sections import canonical_directory
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, insert_before
from mpmtune.lint.grants import DECIDING, Grants
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.served import Served, sent_file
from mpmtune.lint.server_sections import server_of
from mpmtune.lint.surroundings import admitted, section_of
from mpmtune.lint.unknown_values import is_known
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.in_force import Configuration
    from mpmtune.httpd.merged_view import MergedView
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_ALIASES = ("alias", "scriptalias")
_MAY_GRANT = frozenset({"all", "authconfig", "limit"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each directory with a URL that nobody may see."""
    grants = Grants(hits)
    if not grants.deny_something:
        return
    view = merged_view_of(tree)
    for line in _leading(view, hits):
        path = _directory(tree, line)
        if not path or grants.settle(path, id(server_of(line))):
            continue
        url = "/" if line.name == "documentroot" else f"{split(line.args)[0].rstrip('/')}/"
        here = sent_file(view, Served(line, url))
        denied = _denied_above(view, here) if here else None
        if denied is not None:
            yield Violation(
                line,
                f"No section grants {path.rstrip('/')}: requests for it answer 403 (AH01630)",
                _fix(line, path),
                related=(denied,),
            )


def _leading(view: MergedView, hits: Hits) -> Iterator[Occurrence]:
    """Give the lines that lead requests to a directory."""
    hosts = view.hosts
    main = any(hosts.at(ANY, one.address.port) is None for one in hosts.listeners)
    for line in hits["documentroot"]:
        if line.enclosing is not None or main:
            yield line
    for name in _ALIASES:
        for line in hits[name]:
            if line.enclosing is None or line.enclosing.name == "<virtualhost":
                yield line


def _directory(tree: Tree, line: Occurrence) -> str:
    """Give the directory, with a slash at its end; empty where it is none that is known."""
    words = split(line.args)
    place = 0 if line.name == "documentroot" else 1
    if len(words) <= place or "%{" in words[place] or not is_known(words[place]):
        return ""
    return canonical_directory(posixpath.join(tree.server_root, words[place]))


def _denied_above(view: MergedView, here: Configuration) -> Occurrence | None:
    """Give the line that shuts a place, if everybody is, by a section for directories."""
    if admitted(view, here) is not Admitted.NONE or any(map(_may_grant, here.htaccess)):
        return None
    denied = here.find("require").last or here.find("deny").last
    section = None if denied is None else section_of(denied)
    return denied if section is not None and section.name == "<directory" else None


def _may_grant(htaccess: tuple[str, Occurrence | None]) -> bool:
    allowed = htaccess[1]
    words = () if allowed is None else split(allowed.args)
    return any(word.lower().partition("=")[0] in _MAY_GRANT for word in words)


def _fix(line: Occurrence, path: str) -> Fix | None:
    section = (f'<Directory "{path.rstrip("/")}">', "    Require all granted", "</Directory>")
    return fix("Grant it", insert_before(line, *section))


_CLOSED = "<Directory />\nRequire all denied\n</Directory>\n"
_ROOT = "DocumentRoot /srv/www/htdocs\n"
_GRANT = '<Directory "/srv/www/htdocs">\n    Require all granted\n</Directory>\n'
_HOST = "<VirtualHost *:8080>\nServerName www.example.com\n{}</VirtualHost>\n"

RULE = Rule(
    code="VHO711",
    name="docroot-without-grant",
    severity=Severity.ERROR,
    on=("documentroot", *_ALIASES, *DECIDING),
    whole_tree=True,
    references=("upgrading.html#access", "mod/mod_authz_core.html#require"),
    since="0.1.0",
    examples=(
        Example(bad=_CLOSED + _ROOT, fixed_unsafely=_CLOSED + _GRANT + _ROOT, lines=(4,)),
        Example(
            bad=_CLOSED + _HOST.format(_ROOT),
            fixed_unsafely=_CLOSED + _HOST.format(_GRANT + _ROOT),
            lines=(6,),
        ),
        Example(
            bad=_CLOSED + _GRANT + _ROOT + "Alias /logs/ /srv/www/logs/\n",
            good=_CLOSED + _GRANT + _ROOT + "Alias /images/ /srv/www/htdocs/images/\n",
            lines=(8,),
        ),
        Example(
            bad="<Directory />\nOrder deny,allow\nDeny from all\n</Directory>\n" + _ROOT,
            lines=(5,),
            also=("DEP801",),
            modules=("access_compat_module",),
        ),
        Example(good=_ROOT),
        Example(good=_CLOSED + _ROOT + "<Location />\nRequire all granted\n</Location>\n"),
        Example(good=_CLOSED + _ROOT + "<Directory /srv>\nRequire local\n</Directory>\n"),
        Example(
            good=_CLOSED + _ROOT + "<Directory /srv/www/htdocs>\nRequire all denied\n</Directory>\n"
        ),
        Example(
            good=_CLOSED
            + _ROOT
            + "<Directory /srv/www/htdocs/public>\nRequire all granted\n</Directory>\n"
        ),
        Example(good=_CLOSED + _HOST.format(_ROOT + "Redirect / https://www.example.com/\n")),
        Example(
            good=_CLOSED + _HOST.format(_ROOT + "<Location />\nRequire all denied\n</Location>\n")
        ),
        Example(
            good=_CLOSED + _ROOT + "<Directory /srv/www>\nAllowOverride AuthConfig\n</Directory>\n"
        ),
        Example(
            good=_CLOSED
            + _ROOT
            + '<DirectoryMatch "^/srv/www/[a-z]+">\nRequire all granted\n</DirectoryMatch>\n'
        ),
    ),
    check=check,
)
