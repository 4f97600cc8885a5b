"""Everything about a host and its httpd, asked through the doorway."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from mpmtune.detect.answers import Answers
from mpmtune.detect.build import find_binaries
from mpmtune.detect.choice import choose_instance
from mpmtune.detect.distro import detect_distro
from mpmtune.detect.installation import find_installation
from mpmtune.detect.instance import detect_instances
from mpmtune.detect.machine import detect_machine
from mpmtune.detect.remarks import Findings, remarks
from mpmtune.detect.server import detect_server
from mpmtune.host.doorway import Absent
from mpmtune.httpd.compatibility import fallbacks, verdicts
from mpmtune.model.facts import Facts
from mpmtune.model.machine import Distro
from mpmtune.model.server import Build, Children, Server
from mpmtune.model.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.detect.choice import Choice
    from mpmtune.detect.server import Seen
    from mpmtune.host.doorway import Host
    from mpmtune.model.compatibility import Compatibility, Fallback
    from mpmtune.model.server import Instance

_FOR_ROOT = "the memory of another user's processes is for root to see"


def detect_facts(host: Host, choice: Choice) -> Facts:
    """Find out what a host and its httpd are.

    Args:
        host: The machine.
        choice: Which httpd is meant, where the command line says so.

    Raises:
        HttpdError: when an httpd that was named is not there, or is none.
        NotRecordedError: when a snapshot lacks an answer.
    """
    distro = detect_distro(host)
    listed = host.processes()
    processes = None if isinstance(listed, Absent) else listed
    instances = detect_instances(host, processes or (), choice.httpd)
    instance = _reachable(host, choose_instance(instances, choice), distro)
    installation = find_installation(host, choice, instance, distro)
    running = None if isinstance(installation, Unknown) else installation.running
    machine, unseen = detect_machine(host, running.parent_pid if running else None)
    if isinstance(listed, Absent):
        unseen = (*unseen, Unknown("httpd.running", listed.why))
    if isinstance(installation, Unknown):
        said = remarks(Findings(installation, instances))
        return Facts(machine, installation, instances, (), (), said, unseen)
    seen = detect_server(host, installation, processes)
    compatibility, fallback = _compatibility(seen)
    said = remarks(
        Findings(
            seen.server,
            instances,
            compatibility,
            accepted=seen.answers.accepted if isinstance(seen.answers, Answers) else None,
            not_asked=_not_asked(seen),
            processes_seen=processes is not None,
            left_out=installation.envvars.left_out,
            differences=seen.differences,
        )
    )
    unknown = (*unseen, *_unknown(seen), *_hidden_memory(seen.server))
    return Facts(machine, seen.server, instances, compatibility, fallback, said, unknown)


def _not_asked(seen: Seen) -> str:
    if isinstance(seen.answers, Answers) or isinstance(seen.server.build, Unknown):
        return ""
    return seen.answers.why


def _reachable(host: Host, instance: Instance | None, distro: Distro | Unknown) -> Instance | None:
    """Leave an httpd in a container aside where one is installed here."""
    if instance is None or not instance.other_namespace:
        return instance
    known = distro if isinstance(distro, Distro) else None
    return instance if next(find_binaries(host, known), None) is None else None


def _compatibility(seen: Seen) -> tuple[tuple[Compatibility, ...], tuple[Fallback, ...]]:
    server = seen.server
    if not isinstance(server.modules, tuple):
        return (), ()
    version = server.build.version_tuple if isinstance(server.build, Build) else None
    threaded = server.configured_mpm is not None and server.configured_mpm.threaded
    # httpd takes mod_php under threads only where it was built thread-safe.
    proven = isinstance(seen.answers, Answers) and seen.answers.accepted and threaded
    allow_connect = server.tree is not None and "allowconnect" in server.tree.by_name
    return (
        verdicts(server.modules, version, php_thread_safe=True if proven else None),
        fallbacks(server.modules, version, server.backends, allow_connect=allow_connect),
    )


def _unknown(seen: Seen) -> Iterator[Unknown]:
    """Name what could not be seen of a server."""
    values = (getattr(seen.server, field.name) for field in fields(Server))
    for value in (*values, seen.configuration, seen.answers):
        if isinstance(value, Unknown):
            yield value


def _hidden_memory(server: Server) -> Iterator[Unknown]:
    """Name the sizes that only root may read."""
    if isinstance(server.children, Children):
        if any(child.pss is None for child in server.children.samples):
            for size in ("pss", "uss"):
                for name in ("p50", "p95", "max"):
                    yield Unknown(f"httpd.children.{size}_bytes_{name}", _FOR_ROOT)
        if server.httpd_pss is None:
            yield Unknown("httpd.pss_bytes_total", _FOR_ROOT)
