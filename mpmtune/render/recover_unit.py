"""The unit of systemd that finishes an interrupted change before httpd is started."""

from __future__ import annotations

import re

from mpmtune.render.templates import render

# What systemd takes as it stands (systemd.syntax(7)): no quotes, blanks, specifiers or variables.
_PLAIN = re.compile(r"/[\w./+@:-]+")


def render_recover_unit(program: str, state: str) -> str:
    """Render the unit.

    Args:
        program: Absolute path of mpmtune.
        state: The state directory, absolute.

    Raises:
        ValueError: for a path that would have to be quoted.
    """
    if not (_PLAIN.fullmatch(program) and _PLAIN.fullmatch(state)):
        raise ValueError(f"{program} or {state} would have to be quoted")
    return render("mpmtune-recover.service.j2", program=program, state=state)
