"""Which httpd a plan is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.server import Build, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.facts import Facts


def name_server(server: Server) -> str:
    """Name an httpd by version, configuration and process."""
    build, instance = server.build, server.instance
    version = f"Apache/{build.version}" if isinstance(build, Build) else "httpd"
    conf = f" with {server.conf}" if isinstance(server.conf, str) else ""
    return f"{version}{conf}, {'stopped' if instance is None else f'process {instance.parent_pid}'}"


def other_servers(facts: Facts) -> Iterator[str]:
    """Warn where other httpds run beside the one that is meant: they share the memory."""
    meant = facts.server.instance if isinstance(facts.server, Server) else None
    others = [one for one in facts.instances if one != meant and not one.other_namespace]
    if meant is not None and others:
        pids = ", ".join(str(one.parent_pid) for one in others)
        yield (
            f"{len(others) + 1} httpds run here: this plan is for process {meant.parent_pid} and "
            f"counts {pids} among the other programs. Another one is chosen with --conf, "
            "--server-root or --httpd."
        )
