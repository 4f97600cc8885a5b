"""What a running scoreboard tells of the MaxRequestWorkers that httpd works with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.server import Mpm, StatusSample

if TYPE_CHECKING:
    from mpmtune.model.server import Server

_NAME = "MaxRequestWorkers"


def not_yet_read(server: Server) -> str | None:
    """Give a sentence where httpd runs with another MaxRequestWorkers than is written now.

    mod_status prints a letter for each worker that there may be (mod_status.c, status_handler:
    the others are SERVER_DISABLED). None where both agree, or where that cannot be told.
    """
    status, written = server.status, server.setting(_NAME)
    if not isinstance(status, StatusSample) or written is None or not isinstance(server.mpm, Mpm):
        return None
    if server.configured_mpm is not server.mpm or status.places in {None, written.value}:
        return None
    return (
        f"The configuration now sets {_NAME} {written.value}, but httpd runs with {status.places}: "
        "it has not read the change yet."
    )
