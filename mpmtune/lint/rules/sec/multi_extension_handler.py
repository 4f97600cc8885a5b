"""A handler goes by an extension anywhere in a file's name.

## What it does
Reports ``AddHandler`` and ``AddType`` that make files of an extension run: PHP, CGI, FastCGI and
other interpreters, a backend by ``proxy:``, or a handler that an ``Action`` defines. Not reported
is what stands in a section for names that end in the extension, and ``cgi-script`` where no
``Options`` lets scripts run.

## Why it matters
mod_mime looks at each extension of a name, not only at the last. With ``AddHandler … .php`` the
upload ``holiday.php.jpg`` runs as PHP. With ``AddType`` a last extension that has a type of its
own wins, so ``holiday.php.jpg`` is a picture, but ``holiday.php.backup`` still runs: that is a
warning only.

## When to ignore it
Where nobody but the administrator puts files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_with
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.script_handlers import executes, is_for
from mpmtune.lint.surroundings import path_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_CGI = frozenset({"cgi-script", "application/x-httpd-cgi"})
_HOLDING_FILES = ("<virtualhost", "<directory")
_PLAIN = re.compile(r"[\w./:-]+")  # and no password in the URL of a backend
_EXTENSION = re.compile(r"\.?[A-Za-z0-9_+-]{1,32}")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that makes files run by any of their extensions."""
    del tree
    for hit in (*hits["addhandler"], *hits["addtype"]):
        handler, *extensions = (*split(hit.args), "")[:-1] or ("",)
        if not executes(handler, hits["action"]) or not _may_run(handler, hit, hits):
            continue
        named = [one.lstrip(".") for one in extensions if _EXTENSION.fullmatch(one)]
        last = "jpg" if hit.name == "addhandler" else "backup"
        if named and is_for(hit, f"x.{named[0]}.{last}") is True:
            yield Violation(
                hit,
                f"A file x.{named[0]}.{last} runs as well: the extension may stand anywhere in the"
                " name",
                _fix(hit, handler, named) if len(named) == len(extensions) else None,
                severity=Severity.WARNING if hit.name == "addtype" else None,
            )


def _may_run(handler: str, hit: Occurrence, hits: Hits) -> bool:
    """Whether scripts run there at all, and not in a directory where all files are scripts."""
    if handler.lower() not in _CGI:
        return True
    section = hit.enclosing
    path = path_of(section) if section is not None else ""
    for alias in hits["scriptalias"]:
        target = split(alias.args)[1:2]
        if path and target and target[0].rstrip("/") == path.rstrip("/"):
            return False
    return any(_lets_scripts_run(options.args) for options in hits["options"])


def _lets_scripts_run(options: str) -> bool:
    words = {word.lower() for word in split(options)}
    return not words.isdisjoint({"execcgi", "+execcgi", "all", "+all"})


def _fix(hit: Occurrence, handler: str, extensions: Sequence[str]) -> Fix | None:
    around = hit.enclosing
    if around is not None and not around.name.startswith(_HOLDING_FILES):
        return None  # core.c: filesection, no <FilesMatch> there
    if not _PLAIN.fullmatch(handler):
        return None
    one = "|".join(re.escape(extension) for extension in extensions)
    ends = one if len(extensions) == 1 else f"(?:{one})"
    return fix(
        "Go by the end of the name",
        replace_with(
            hit, f'<FilesMatch "\\.{ends}$">', f"    SetHandler {handler}", "</FilesMatch>"
        ),
    )


_PHP = ("php_module",)
_CGID = ("cgid_module",)


def _directory(text: str, path: str = "/srv/www/htdocs") -> str:
    return f"<Directory {path}>\n{text}</Directory>\n"


RULE = Rule(
    code="SEC309",
    name="multi-extension-handler",
    severity=Severity.ERROR,
    on=("addhandler", "addtype", "action", "options", "scriptalias"),
    references=("mod/mod_mime.html#multipleext", "mod_mime.c: find_ct"),
    since="0.1.0",
    examples=(
        Example(
            bad=_directory("  Options +ExecCGI\n  AddHandler cgi-script .cgi\n"),
            fixed_unsafely=_directory(
                '  Options +ExecCGI\n  <FilesMatch "\\.cgi$">\n      SetHandler cgi-script\n'
                "  </FilesMatch>\n"
            ),
            lines=(3,),
            modules=_CGID,
        ),
        Example(
            bad="AddType application/x-httpd-ea-php83 .php .phtml\n",
            fixed_unsafely='<FilesMatch "\\.(?:php|phtml)$">\n'
            "    SetHandler application/x-httpd-ea-php83\n</FilesMatch>\n",
            scope=Scope.HTACCESS,
        ),
        Example(
            bad="AddHandler fcgid-script .fcgi\n",
            fixed_unsafely='<FilesMatch "\\.fcgi$">\n    SetHandler fcgid-script\n</FilesMatch>\n',
            scope=Scope.FRAGMENT,
        ),
        Example(
            bad="Action my-php /cgi-bin/php\nAddHandler my-php php\n",
            fixed_unsafely='Action my-php /cgi-bin/php\n<FilesMatch "\\.php$">\n'
            "    SetHandler my-php\n</FilesMatch>\n",
            lines=(2,),
            modules=("actions_module",),
        ),
        Example(
            good='<FilesMatch "\\.cgi$">\nAddHandler cgi-script .cgi\n</FilesMatch>\n'
            + _directory("Options +ExecCGI\n"),
            modules=_CGID,
        ),
        Example(
            good='<Files "*.cgi">\nAddHandler cgi-script .cgi\n</Files>\nOptions ExecCGI\n',
            modules=_CGID,
        ),
        Example(good="AddHandler cgi-script .cgi\n", modules=_CGID),
        Example(
            good="ScriptAlias /cgi-bin/ /srv/www/run/\n"
            + _directory("Options +ExecCGI\nAddHandler cgi-script .cgi\n", "/srv/www/run"),
            modules=_CGID,
        ),
        Example(good="AddType application/x-httpd-php-source .phps\n", scope=Scope.FRAGMENT),
        Example(good="AddType text/x-php .php\nAddType text/html .shtml\n"),
    ),
    check=check,
)
