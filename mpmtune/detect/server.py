"""The httpd that is meant, put together from all that can be known of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mpmtune.detect.answers import Answers
from mpmtune.detect.asking import ask_httpd
from mpmtune.detect.backends import detect_backends
from mpmtune.detect.children import detect_children, threads_per_child, total_pss
from mpmtune.detect.configuration import Configuration, read_configuration
from mpmtune.detect.fpm import detect_fpm_pools
from mpmtune.detect.fpm_asked import mark_asked
from mpmtune.detect.handlers import php_handlers
from mpmtune.detect.modules import mapped_modules, static_modules
from mpmtune.detect.mpm import (
    Found,
    configured_found,
    running_found,
    running_objects,
    settle,
    static_found,
)
from mpmtune.detect.second_opinion import ask_second_opinion
from mpmtune.detect.status import detect_status
from mpmtune.model.server import Build, Children, Mpm, Server
from mpmtune.model.unknown import Unknown
from mpmtune.report.directive_text import decoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.detect.installation import Installation
    from mpmtune.host.doorway import Host, Process
    from mpmtune.model.server import EffectiveSetting, Module

_STOPPED = "httpd is stopped"


@dataclass(frozen=True, slots=True)
class Seen:
    """A server, and what was learned on the way that only remarks need."""

    server: Server
    answers: Answers | Unknown
    configuration: Configuration | Unknown
    differences: tuple[str, ...] = ()


def detect_server(
    host: Host, installation: Installation, processes: Sequence[Process] | None
) -> Seen:
    """Find out all about an httpd.

    Args:
        host: The machine.
        installation: The httpd that is meant.
        processes: Those of the machine; None where they could not be listed.
    """
    running = installation.running
    objects = running_objects(host, running.parent_pid) if running else frozenset()
    known = static_found(installation.build)
    if known is None and running is not None:
        known = running_found(objects, running.parent_pid)
    configuration = read_configuration(host, installation, known.mpm if known else None)
    answers = ask_httpd(host, installation, configuration)
    configured = configured_found(answers, configuration)
    stopped = _STOPPED if processes is not None else "the processes cannot be listed"
    children = detect_children(host, running) if running else Unknown("httpd.children", stopped)
    mpm = settle((known, configured), children)
    server = Server(
        build=installation.build,
        mpm=mpm.mpm if isinstance(mpm, Found) else mpm,
        mpm_linkage=mpm.linkage
        if isinstance(mpm, Found)
        else Unknown("httpd.mpm_linkage", mpm.why),
        mpm_found_by=mpm.by if isinstance(mpm, Found) else "",
        modules=_modules(installation.build, answers, configuration, objects),
        instance=running,
        children=children,
        settings=(),
        conf=installation.conf,
        server_root=installation.server_root,
        status=Unknown(
            "httpd.status",
            configuration.why if running and isinstance(configuration, Unknown) else stopped,
        ),
        fpm_pools=detect_fpm_pools(host, processes),
        backends=(),
        messages=answers.messages if isinstance(answers, Answers) else (),
        configured_mpm=configured.mpm if configured else known.mpm if known else None,
    )
    return Seen(
        _with_configuration(host, server, configuration),
        answers,
        configuration,
        _differences(host, installation, answers, configuration),
    )


def _differences(
    host: Host,
    installation: Installation,
    answers: Answers | Unknown,
    configuration: Configuration | Unknown,
) -> tuple[str, ...]:
    build = installation.build
    if (
        isinstance(build, Unknown)
        or isinstance(configuration, Unknown)
        or isinstance(answers, Unknown)
        or not answers.accepted
    ):
        return ()
    return ask_second_opinion(host, installation.invocation(build), configuration.tree)


def _modules(
    build: Build | Unknown,
    answers: Answers | Unknown,
    configuration: Configuration | Unknown,
    objects: frozenset[str],
) -> tuple[Module, ...] | Unknown:
    """Take httpd's own list; else what the configuration loads; else what is mapped."""
    if isinstance(answers, Answers) and answers.modules:
        return answers.modules
    if isinstance(configuration, Configuration):
        return tuple(configuration.tree.modules.values())
    if objects:
        static = static_modules(build.static) if isinstance(build, Build) else ()
        return (*static, *mapped_modules(objects))
    return Unknown("httpd.modules", configuration.why)


def _readable(setting: EffectiveSetting) -> EffectiveSetting:
    """Read the name of a file as UTF-8: configurations are read one character per byte."""
    return setting if setting.file is None else replace(setting, file=decoded(setting.file))


def _with_configuration(
    host: Host, server: Server, configuration: Configuration | Unknown
) -> Server:
    """Add what follows from the configuration, and what needs it to be asked."""
    running, children, mpm = server.instance, server.children, server.mpm
    if isinstance(configuration, Configuration):
        tree = configuration.tree
        backends = detect_backends(tree)
        server = replace(
            server,
            tree=tree,
            settings=tuple(map(_readable, configuration.values.settings)),
            server_root=decoded(tree.server_root),
            backends=backends,
            fpm_pools=mark_asked(host, server.fpm_pools, backends),
            php_handlers=php_handlers(tree),
            status=detect_status(host, tree, running) if running else server.status,
        )
    if running is None or not isinstance(children, Children):
        return server
    if isinstance(mpm, Mpm):
        configured = server.setting("ThreadsPerChild")
        threads = configured.value if configured is not None else None
        children = replace(
            children,
            threads_per_child=threads_per_child(
                children.samples, mpm, threads if isinstance(threads, int) else None
            ),
        )
    return replace(server, children=children, httpd_pss=total_pss(host, running, children))
