"""Handlers that make a file run, and for which names of files a section is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.dependencies import SCRIPT_HANDLERS
from mpmtune.httpd.php_handlers import is_backend, is_mod_php
from mpmtune.httpd.sections import Walk, read_section
from mpmtune.httpd.words import split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.model.config import Occurrence

# mod_cgi.h: CGI_MAGIC_TYPE; and the names under which hosts offer several versions of PHP.
_OTHERS = re.compile(r"application/x-httpd-(?:cgi|(?:[a-z]+-)?php[0-9.]*)")


def executes(handler: str, actions: Iterable[Occurrence] = ()) -> bool:
    """Tell whether files of a handler run, and are not sent as they are.

    Args:
        handler: What SetHandler or AddHandler names, or the type of an AddType.
        actions: The Action directives: a program may run for a handler of any name.
    """
    name = handler.lower()
    if name.endswith("-source"):  # mod_php shows the source in colours
        return False
    if name in SCRIPT_HANDLERS or is_mod_php(name) or is_backend(name) or _OTHERS.fullmatch(name):
        return True
    return any(split(action.args)[:1] == (handler,) for action in actions)


def is_for(line: Occurrence, name: str) -> bool | None:
    """Tell whether the sections around a directive are for files of a name.

    Args:
        line: The directive.
        name: A file name without a path; in a ``<Location>`` it is one right below the root.

    Returns:
        True where no section judges by the name; None where one cannot be understood.
    """
    verdict: bool | None = True
    around = line.enclosing
    while around is not None:
        if around.name in {"<if", "<elseif", "<else"}:
            verdict = None
        elif around.name.startswith(("<files", "<location")):
            section = read_section(around)
            judged = section.holds(name if section.walk is Walk.FILES else f"/{name}")
            if judged is False:
                return False
            verdict = None if judged is None else verdict
        around = around.enclosing
    return verdict
