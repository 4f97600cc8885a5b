"""A change with all that follows from it: the configuration as it will be read, and what it needs.

The values are not the plan's but those that our evaluator reads from the changed files: so a line
that comes later and wins is seen before anything is written, and a rollback is verified by the
same means as a plan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.apply.action import Action, action_for
from mpmtune.apply.changed_files import ChangedFiles
from mpmtune.apply.php_pages import PhpPage, php_pages
from mpmtune.apply.service import Service, service_of
from mpmtune.apply.shadow_boot import Candidate
from mpmtune.apply.verification import Expectation
from mpmtune.detect.choice import beneath
from mpmtune.detect.configuration import Configuration, read_configuration
from mpmtune.detect.envvars import detect_envvars
from mpmtune.detect.installation import Installation, find_installation
from mpmtune.errors import HttpdError
from mpmtune.host.httpd_binary import environment_of
from mpmtune.httpd.addresses import addresses_to_bind
from mpmtune.httpd.words import split
from mpmtune.model.server import Build, Linkage, Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.detect.choice import Choice
    from mpmtune.host.doorway import Host
    from mpmtune.host.httpd_binary import Invocation
    from mpmtune.httpd.effective import EffectiveValues
    from mpmtune.model.changes import ChangeSet
    from mpmtune.model.config import Tree
    from mpmtune.model.facts import Facts
    from mpmtune.model.server import Server

_MADE_AT_START = ("APACHE_RUN_DIR", "APACHE_LOCK_DIR")
_ERROR_LOG, _PID_FILE = "logs/error_log", "logs/httpd.pid"  # ap_config_layout.h, by default


@dataclass(frozen=True, slots=True)
class Undertaking:
    """What is to be done.

    Attributes:
        server: The httpd.
        changes: What is written.
        tree: The configuration as it will be read.
        values: What it comes to.
        action: What puts it in force.
        service: How httpd is ended and started.
        candidate: How it is tried before.
        expected: What shall then be so.
        php_pages: By which to see that PHP is still run.
    """

    server: Server
    changes: ChangeSet
    tree: Tree
    values: EffectiveValues
    action: Action
    service: Service
    candidate: Candidate
    expected: Expectation
    php_pages: tuple[PhpPage, ...]


def parent_of(server: Server) -> int | None:
    """Give the pid of the running parent; None when httpd is stopped."""
    return server.instance.parent_pid if server.instance is not None else None


def undertake(
    host: Host, choice: Choice, facts: Facts, server: Server, changes: ChangeSet
) -> Undertaking:
    """Work out what a change comes to.

    Args:
        host: The machine.
        choice: Which httpd is meant.
        facts: What was found on it.
        server: The httpd.
        changes: What is to be written.

    Raises:
        HttpdError: if the httpd or its configuration cannot be found any more.
    """
    installation = find_installation(host, choice, server.instance, facts.machine.distro)
    if not isinstance(installation, Installation) or not isinstance(installation.build, Build):
        raise HttpdError("httpd cannot be asked any more.", "Run mpmtune detect.")
    invocation = _as_started(host, installation, installation.invocation(installation.build))
    mpm = server.mpm if isinstance(server.mpm, Mpm) else None
    read = read_configuration(ChangedFiles(host, changes), installation, mpm)
    if not isinstance(read, Configuration):
        raise HttpdError(f"The changed configuration cannot be read: {read.why}.")
    running = mpm if server.instance is not None else None
    expected = _expected(server, read)
    return Undertaking(
        server,
        changes,
        read.tree,
        read.values,
        action_for(running, read.values.mpm, _values(server), expected.values),
        service_of(host, invocation, parent_of(server)),
        _candidate(invocation, server, changes, read),
        expected,
        () if running is read.values.mpm else php_pages(host, read.tree),
    )


def _as_started(host: Host, installation: Installation, invocation: Invocation) -> Invocation:
    """Give it the environment of its start script, and take it out of the foreground."""
    root = installation.server_root
    exported = dict(detect_envvars(host, root).values) if isinstance(root, str) else {}
    defines = tuple(name for name in invocation.defines if name not in {"FOREGROUND", "NO_DETACH"})
    return replace(invocation, environment=environment_of(exported), defines=defines)


def _values(server: Server) -> Mapping[str, int | str]:
    return {one.directive: one.value for one in server.settings if not isinstance(one.value, float)}


def _expected(server: Server, read: Configuration) -> Expectation:
    settings = read.values.settings
    return Expectation(
        mpm=None if server.mpm_linkage is Linkage.STATIC else read.values.mpm,
        values={one.directive: one.value for one in settings if not isinstance(one.value, float)},
        addresses=addresses_to_bind(read.tree),
        threaded=read.values.mpm.threaded,
    )


def _candidate(
    invocation: Invocation, server: Server, changes: ChangeSet, read: Configuration
) -> Candidate:
    environment = dict(invocation.environment)
    return Candidate(
        invocation,
        changes,
        read.values.mpm if server.mpm_linkage is Linkage.SHARED else None,
        error_log_of(read.tree),
        _path(read.tree, "pidfile", _PID_FILE),
        tuple(environment[name] for name in _MADE_AT_START if environment.get(name, "")[:1] == "/"),
        server.messages,
    )


def error_log_of(tree: Tree) -> str | None:
    """Find the file of the main server's ErrorLog; None where it goes to a program or syslog."""
    path = _path(tree, "errorlog", _ERROR_LOG)
    return path if path is not None and Path(path).parent.is_dir() else None


def _path(tree: Tree, name: str, default: str) -> str | None:
    written = [one for one in tree.by_name.get(name, ()) if one.enclosing is None]
    words = split(written[-1].args) if written else [default]
    if not words or words[0].startswith(("|", "syslog")):
        return None
    return beneath(tree.server_root, words[0])
