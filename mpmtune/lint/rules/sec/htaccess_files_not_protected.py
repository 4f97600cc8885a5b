"""Files whose names begin with .ht are sent to whoever asks for them.

## What it does
Reports the first directory whose ``.htaccess`` has a say (``AllowOverride`` other than ``None``)
and whose URLs give it away: no ``<Files>``, no pattern and no redirect in force there keeps
clients from ``.htaccess`` or ``.htpasswd``.

## Why it matters
httpd shuts them only where the configuration says so. All distributions do; a configuration
written from nothing forgets it. A ``.htpasswd`` holds the hashes of passwords, a ``.htaccess``
tells how the site is built.

## When to ignore it
Never: the section costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import Admitted
from mpmtune.httpd.sections import Walk, canonical_directory
from mpmtune.lint.fixes import fix, insert_before
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.served import Served, ServedDirectories, sent_file
from mpmtune.lint.surroundings import admitted, admitted_by, path_of, section_of
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.merged_view import MergedView
    from mpmtune.model.config import Occurrence, Tree

_NAMES = (".htaccess", ".htpasswd")
_MOST = 500  # where each of them is shut by itself, the next one will be as well
_BLOCK = ('<FilesMatch "^\\.ht">', "    Require all denied", "</FilesMatch>")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the first directory that gives such files away."""
    lines = [hit for hit in hits["allowoverride"] if word_in(hit).lower() != "none"]
    if not lines:
        return
    view = merged_view_of(tree)
    if all(_is_shut_everywhere(view, name) for name in _NAMES):
        return
    served = ServedDirectories(hits["documentroot"], hits["alias"])
    for line in lines[:_MOST]:
        section = section_of(line)
        directory = _directory(section)
        found = (served.url_of(directory) or served.below(directory)) if directory else None
        if section is not None and found is not None and _gives_away(view, found):
            yield Violation(
                line,
                "Files such as .htpasswd are sent to whoever asks for them: nothing denies names"
                " that begin with .ht",
                fix("Deny them", insert_before(section, *_BLOCK)),
            )
            return


def _directory(section: Occurrence | None) -> str:
    path = "" if section is None else path_of(section)
    return canonical_directory(path) if path.startswith("/") else ""


def _is_shut_everywhere(view: MergedView, name: str) -> bool:
    """Whether the main server denies it: then every directory does that opens nothing itself."""
    return any(
        section.holds(name) and admitted_by(view, section.occurrence) is Admitted.NONE
        for section in view.server(None).here(Walk.FILES)
    )


def _gives_away(view: MergedView, served: Served) -> bool:
    found = (sent_file(view, served._replace(url=served.url + name)) for name in _NAMES)
    return any(here is not None and admitted(view, here) is Admitted.ALL for here in found)


def _site(inner: str = "    AllowOverride AuthConfig\n", before: str = "", after: str = "") -> str:
    return (
        f"DocumentRoot /srv/www/htdocs\n{before}<Directory /srv/www/htdocs>\n{inner}"
        f"    Require all granted\n</Directory>\n{after}"
    )


_SHUT = '<FilesMatch "^\\.ht">\n    Require all denied\n</FilesMatch>\n'

RULE = Rule(
    code="SEC317",
    name="htaccess-files-not-protected",
    severity=Severity.WARNING,
    on=("allowoverride", "documentroot", "alias", "<files", "<filesmatch"),
    whole_tree=True,
    jointly=True,
    cis=("5.10",),
    references=("mod/core.html#filesmatch", "howto/htaccess.html"),
    since="0.1.0",
    examples=(
        Example(bad=_site(), fixed_unsafely=_site(before=_SHUT), lines=(3,)),
        Example(
            bad=_site(before="<Files .htaccess>\nRequire all denied\n</Files>\n"),
            fixed_unsafely=_site(
                before="<Files .htaccess>\nRequire all denied\n</Files>\n" + _SHUT
            ),
            lines=(6,),
        ),
        Example(
            bad=_site(
                "    AllowOverride None\n",
                after="<Directory /srv/www/htdocs/blog>\nAllowOverride FileInfo\n</Directory>\n",
            ),
            fixed_unsafely=_site(
                "    AllowOverride None\n",
                after=f"{_SHUT}<Directory /srv/www/htdocs/blog>\nAllowOverride FileInfo\n"
                "</Directory>\n",
            ),
            lines=(7,),
        ),
        Example(good=_site(after=_SHUT)),
        Example(good=_site(after='<Files ".ht*">\nRequire all denied\n</Files>\n')),
        Example(good=_site(f"    AllowOverride Limit\n{_SHUT}")),
        Example(good=_site(after="RedirectMatch 404 /\\.ht\n")),
        Example(
            good=_site(after="RewriteEngine On\nRewriteRule /\\.ht - [F]\n"),
            modules=("rewrite_module",),
        ),
        Example(good=_site(after='<LocationMatch "/\\.">\nRequire all denied\n</LocationMatch>\n')),
        Example(good=_site("    AllowOverride None\n")),
        Example(good=_site(), scope=Scope.FRAGMENT),
    ),
    check=check,
)
