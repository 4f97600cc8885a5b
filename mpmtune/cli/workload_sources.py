"""Where ``workload`` has its numbers and formats from: summaries, the configuration, logs."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.host.doorway import Absent
from mpmtune.host.local import LocalFiles
from mpmtune.report.workload_parse import SCHEMA, parse_workload
from mpmtune.workload.choosing import Choosing
from mpmtune.workload.custom_logs import custom_logs, nicknames
from mpmtune.workload.logs import STDIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.model.config import Tree
    from mpmtune.model.workload import Workload
    from mpmtune.workload.choosing import Chosen
    from mpmtune.workload.logs import Log

_BEGINNING = 512


class Server(NamedTuple):
    """Which configuration tells the formats: ``--conf``, ``--server-root`` and ``-D``."""

    conf: str | None
    server_root: str | None
    defines: tuple[str, ...]


def take_summaries(paths: Sequence[str]) -> tuple[list[Workload], list[str]]:
    """Read the files that an earlier run wrote; give them, and the other paths.

    Raises:
        InputError: when one claims to be such a file and is not.
    """
    files = LocalFiles()
    summaries: list[Workload] = []
    others: list[str] = []
    for path in paths:
        beginning = b"" if path == STDIN else next(files.stream(path), b"")[:_BEGINNING]
        if beginning.lstrip().startswith(b"{") and SCHEMA.encode("ascii") in beginning:
            content = files.read(path)
            text = b"" if isinstance(content, Absent) else content
            summaries.append(parse_workload(path, text.decode("utf-8", "replace")))
        else:
            others.append(path)
    return summaries, others


def choose_readers(
    logs: Sequence[Log], log_format: str | None, server: Server
) -> tuple[Chosen, ...]:
    """Choose a reader for each log.

    Raises:
        InputError: when nothing tells a log's format, or ``--conf`` cannot be read.
        UsageError: when a format cannot be used.
    """
    told = log_format is not None and "%" in log_format and server.conf is None
    return choose_readers_by(None if told else _configuration(server), logs, log_format)


def choose_readers_by(
    tree: Tree | None, logs: Sequence[Log], log_format: str | None
) -> tuple[Chosen, ...]:
    """Choose a reader for each log by a configuration that was read already.

    Raises:
        InputError: when nothing tells a log's format.
        UsageError: when a format cannot be used.
    """
    choosing = Choosing(
        log_format,
        custom_logs(tree) if tree is not None else (),
        nicknames(tree) if tree is not None else {},
    )
    return tuple(choosing.choose(log) for log in logs)


def _configuration(server: Server) -> Tree | None:
    """Read the configuration; None when none was named and none is in the usual places."""
    from mpmtune.confparse.automatic import automatic
    from mpmtune.confparse.evaluate import evaluate
    from mpmtune.confparse.start import Start
    from mpmtune.detect.distro import detect_distro
    from mpmtune.detect.envvars import detect_envvars
    from mpmtune.httpd.targets import target_of_system
    from mpmtune.model.machine import Distro

    files = LocalFiles()
    distro = detect_distro(files)
    system = (
        target_of_system(distro.id, distro.version_id, distro.like)
        if isinstance(distro, Distro)
        else None
    )
    found = automatic(files, _absolute(server.conf), system)
    if found is None:
        return None
    root = _absolute(server.server_root) or found.server_root
    variables = detect_envvars(files, root or found.target.server_root).values
    start = Start(
        found.conf,
        found.target,
        server_root=root,
        defines=server.defines,
        environment={**found.target.environment, **dict(variables)},
    )
    return evaluate(files, start)


def _absolute(path: str | None) -> str | None:
    return None if path is None else posixpath.normpath(posixpath.join(str(Path.cwd()), path))
