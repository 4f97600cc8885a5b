"""What an administrator types where mpmtune leaves the files of a layout alone."""

from __future__ import annotations

from posixpath import dirname, realpath
from shlex import quote
from typing import TYPE_CHECKING

from mpmtune.apply.layouts import SNIPPET
from mpmtune.model.server import Build, Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence
    from mpmtune.model.plan import Plan
    from mpmtune.model.server import Server


def instructions(plan: Plan, server: Server) -> tuple[str, ...]:
    """Give the commands of a shell, in order; empty where the main file is not known.

    Args:
        plan: What is to be in force.
        server: The httpd.
    """
    return tuple(_commands(plan, server, server.conf)) if isinstance(server.conf, str) else ()


def _commands(plan: Plan, server: Server, conf: str) -> Iterator[str]:
    snippet = f"{dirname(conf)}/{SNIPPET}"
    yield f"mpmtune recommend --mode {plan.mpm.value} -f conf -o {quote(snippet)}"
    loads = _loads(server)
    if loads is not None and plan.switch is not None:
        # The identifier of the module and the name of its file hold the name of the MPM alike.
        exchange = f"{loads.last_line}s/mpm_{plan.switch.source.value}/mpm_{plan.mpm.value}/g"
        yield f"sed -i {exchange} {quote(loads.source.path)}"
    if not _reads(server, snippet):
        yield f"echo {quote(f'Include {quote(snippet)}')} >> {quote(conf)}"
    httpd = _httpd(server)
    yield from (f"{httpd} -t", f"{httpd} -k stop", f"{httpd} -k start")


def _loads(server: Server) -> Occurrence | None:
    """Find the LoadModule of the MPM that runs."""
    if server.tree is None or not isinstance(server.mpm, Mpm):
        return None
    module = server.mpm.module
    found = server.tree.by_name.get("loadmodule", ())
    return next((one for one in found if one.args.split(None, 1)[:1] == [module]), None)


def _reads(server: Server, path: str) -> bool:
    sources = server.tree.sources if server.tree is not None else ()
    return any(realpath(source.path) == realpath(path) for source in sources)


def _httpd(server: Server) -> str:
    words = [server.build.binary if isinstance(server.build, Build) else "httpd"]
    options = server.instance.options if server.instance is not None else None
    if isinstance(server.server_root, str):
        words += ["-d", server.server_root]
    words += ["-f", str(server.conf)]
    for name in options.defines if options is not None else ():
        words += ["-D", name]
    return " ".join(map(quote, words))
