"""The unit of systemd that finishes an interrupted change before httpd is started."""

from __future__ import annotations

import re

from mpmtune.render.templates import render

# What systemd takes as it stands (systemd.syntax(7)): no quotes, blanks, specifiers or variables.
_PLAIN = re.compile(r"/[\w./+@:-]+")


def render_recover_unit(python: str, state: str) -> str:
    """Render the unit, which takes no module from a directory or a variable (``-I``).

    Args:
        python: Absolute path of the interpreter that mpmtune is installed for.
        state: The state directory, absolute.

    Raises:
        ValueError: for a path that would have to be quoted.
    """
    if not (_PLAIN.fullmatch(python) and _PLAIN.fullmatch(state)):
        raise ValueError(f"{python} or {state} would have to be quoted")
    return render("mpmtune-recover.service.j2", python=python, state=state)
