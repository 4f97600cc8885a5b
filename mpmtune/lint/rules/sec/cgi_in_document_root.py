"""Scripts run where the pages lie.

## What it does
Reports ``Options ExecCGI`` together with the handler ``cgi-script``, by ``AddHandler`` or
``SetHandler``, in force for a ``DocumentRoot``, a directory in it, or one around it.

## Why it matters
Whatever puts a file there puts a program there: an upload, a plug-in, a backup that was unpacked.
``ScriptAlias`` for a directory of its own keeps the two apart, and no script is sent as text when
the handler is lost.

## When to ignore it
Where nobody but the administrator puts files into that directory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.sections import canonical_directory
from mpmtune.httpd.words import split
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.served import ServedDirectories, absolute
from mpmtune.lint.surroundings import around, path_of, section_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.in_force import Configuration
    from mpmtune.model.config import Occurrence, Tree

_SWITCHES = frozenset({"execcgi", "+execcgi", "all"})
_SCRIPT = "cgi-script"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line by which scripts run among the pages."""
    handlers = (line for name in ("addhandler", "sethandler") for line in hits[name])
    if not any(_runs(line) for line in handlers):
        return
    switched = [line for line in hits["options"] if _switches(line)]
    view = merged_view_of(tree)
    served = ServedDirectories(hits["documentroot"])
    for line in switched:
        section = section_of(line)
        here = around(view, line)
        if here is None or (section is not None and section.name != "<directory"):
            continue
        path = absolute(tree.server_root, path_of(section)) if section is not None else "/"
        directory = canonical_directory(path)
        if served.url_of(directory) is None and served.below(directory) is None:
            continue
        by = _handler(here)
        options = here.find("options")
        if (
            by is not None
            and any(one is line for one in options.lines)
            and "execcgi" in (options.words or ())
        ):
            yield Violation(
                line, "Scripts run among the pages: an upload is a program", related=(by,)
            )


def _switches(line: Occurrence) -> bool:
    return not _SWITCHES.isdisjoint(word.lower() for word in split(line.args))


def _runs(line: Occurrence) -> bool:
    return split(line.args)[:1] == (_SCRIPT,)


def _handler(here: Configuration) -> Occurrence | None:
    """Find what makes files scripts; SetHandler goes before AddHandler."""
    forced = here.find("sethandler").last
    if forced is not None and split(forced.args)[:1] != ("None",):
        return forced if _runs(forced) else None
    return next((line for line in here.find("addhandler").lines if _runs(line)), None)


_ROOT = "DocumentRoot /srv/www/htdocs\n"
_SCRIPTS = "Options +ExecCGI\nAddHandler cgi-script .cgi .pl\n"


def _directory(path: str, text: str) -> str:
    return f"<Directory {path}>\n{text}</Directory>\n"


RULE = Rule(
    code="SEC308",
    name="cgi-in-document-root",
    severity=Severity.WARNING,
    on=("options", "addhandler", "sethandler", "documentroot"),
    whole_tree=True,
    by_default=False,
    stig=("V-214244", "V-214282"),
    references=("misc/security_tips.html#nsaliasedcgi", "howto/cgi.html#nonscriptalias"),
    since="0.1.0",
    examples=(
        Example(
            bad=_ROOT + _directory("/srv/www/htdocs", _SCRIPTS),
            good="ScriptAlias /cgi-bin/ /srv/www/cgi/\n"
            + _directory("/srv/www/cgi", "Options None\nRequire all granted\n"),
            lines=(3,),
            also=("SEC309",),
            modules=("cgid_module",),
        ),
        Example(
            bad=_ROOT
            + "AddHandler cgi-script .cgi\n"
            + _directory("/srv/www/htdocs/tools", "Options ExecCGI\n"),
            lines=(4,),
            also=("SEC309",),
            modules=("cgid_module",),
        ),
        Example(
            bad=_ROOT + _directory("/srv", "Options ExecCGI\nSetHandler cgi-script\n"),
            lines=(3,),
            modules=("cgid_module",),
        ),
        Example(
            bad=f"Options ExecCGI\nSetHandler cgi-script\n{_ROOT}",
            modules=("cgid_module",),
        ),
        Example(
            good=_ROOT
            + _directory("/usr/lib/cgi-bin", "Options +ExecCGI\nSetHandler cgi-script\n"),
            modules=("cgid_module",),
        ),
        Example(
            good=_ROOT
            + _directory("/srv/www/htdocs", "Options +ExecCGI\nSetHandler None\n")
            + _directory("/srv/www/cgi", "SetHandler cgi-script\n"),
            modules=("cgid_module",),
        ),
        Example(
            good=_ROOT
            + _directory("/srv/www/htdocs", "Options +ExecCGI\nSetHandler cgi-script\n")
            + _directory("/srv/www/htdocs", "Options None\n"),
            modules=("cgid_module",),
        ),
        Example(
            good=f'{_ROOT}<FilesMatch "\\.cgi$">\nOptions +ExecCGI\nSetHandler cgi-script\n'
            "</FilesMatch>\n",
            modules=("cgid_module",),
        ),
    ),
    check=check,
)
