"""A URL leads to a directory that holds far more than a site.

## What it does
Reports a ``DocumentRoot`` or ``Alias`` that is ``/``, ``/etc``, ``/home``, ``/var``, ``/usr``,
``/root``, ``/proc`` and the like, or a directory that httpd's own ServerRoot lies in. Where access
control shuts that directory to everybody it is a warning only: one section is all there is between
the files and the world.

## Why it matters
The whole tree is sent: configuration, keys, mail, logs, the home directories of all users.

## When to ignore it
In a container that holds nothing but what it serves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import Admitted
from mpmtune.httpd.sections import canonical_directory
from mpmtune.httpd.words import split
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.surroundings import admitted
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_PATHS = (
    "/ /bin/ /boot/ /dev/ /etc/ /home/ /lib/ /lib64/ /opt/ /proc/ /root/ /run/ /sbin/ /sys/ /usr/"
    " /usr/local/ /usr/share/ /var/ /var/lib/ /var/log/ /var/spool/ /var/mail/"
)
_SENSITIVE = frozenset(_PATHS.split())
_LONGEST = 4096  # PATH_MAX
_WHOLLY = ("/proc/", "/sys/", "/root/")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that leads to too much."""
    root = canonical_directory(tree.server_root) if hits.scope is Scope.WHOLE else ""
    for hit in hits:
        path = _target(hit)
        if not path.startswith("/") or len(path) > _LONGEST:
            continue
        path = canonical_directory(path)
        holds_root = root.startswith(path)
        if path in _SENSITIVE or path.startswith(_WHOLLY) or holds_root:
            what = "the server's own configuration" if holds_root else "far more than a site"
            yield Violation(
                hit,
                f"{path.rstrip('/') or path} holds {what}, and all of it has a URL",
                word=1 if hit.name == "documentroot" else len(split(hit.args)),
                severity=_severity(tree, hit, path),
            )


def _target(hit: Occurrence) -> str:
    words = split(hit.args)
    return words[-1] if words and len(words) == (1 if hit.name == "documentroot" else 2) else ""


def _severity(tree: Tree, hit: Occurrence, path: str) -> Severity | None:
    view = merged_view_of(tree)
    here = view.directory(view.hosts.around(hit), path)
    return Severity.WARNING if admitted(view, here) is Admitted.NONE else None


_GRANT = "<Directory /etc>\nRequire all granted\n</Directory>\n"

RULE = Rule(
    code="SEC325",
    name="sensitive-docroot-or-alias",
    severity=Severity.ERROR,
    on=("documentroot", "alias"),
    references=("misc/security_tips.html#protectserverfiles",),
    since="0.1.0",
    examples=(
        Example(bad=f"{_GRANT}Alias /all/ /etc/\n", lines=(4,)),
        Example(bad="DocumentRoot /\n"),
        Example(bad="Alias /conf /etc/apache2\n"),
        Example(bad="DocumentRoot /home\n", scope=Scope.FRAGMENT),
        Example(good="DocumentRoot /srv/www/htdocs\n"),
        Example(good="Alias /doc/ /usr/share/doc/\n"),
        Example(good="Alias /robots.txt /etc/robots.txt\n"),
        Example(good="Alias /~bob /home/bob/public_html\n"),
        Example(good="DocumentRoot /etc/apache2\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
