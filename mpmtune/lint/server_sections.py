"""The server that a line is part of, without working out any virtual host."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mpmtune.model.config import Occurrence


def server_of(line: Occurrence) -> Occurrence | None:
    """Give the ``<VirtualHost>`` around a line, or the line that is one; None for the main server."""
    outer = line
    while outer.enclosing is not None:
        outer = outer.enclosing
    return outer if outer.name == "<virtualhost" else None
