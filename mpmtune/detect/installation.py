"""The httpd that is meant: its binary, its configuration, and how it would be started."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mpmtune.detect.answers import ask_identity, ask_static
from mpmtune.detect.build import find_binaries, make_build
from mpmtune.detect.choice import agree, beneath, nearest
from mpmtune.detect.command_line import parse_start_options
from mpmtune.detect.envvars import Envvars, detect_envvars, parse_envvars
from mpmtune.detect.modules import module_identifier
from mpmtune.errors import HttpdError, InputError
from mpmtune.host.doorway import Absent
from mpmtune.host.httpd_binary import Invocation, environment_of
from mpmtune.httpd.targets import TARGETS, target_of_system
from mpmtune.model.config import Target
from mpmtune.model.machine import Distro
from mpmtune.model.server import Build, Mpm, StartOptions
from mpmtune.model.unknown import Unknown
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.detect.choice import Choice
    from mpmtune.host.doorway import Files, Host
    from mpmtune.model.server import Instance

# Where start scripts keep the options of a stopped httpd: Red Hat, Gentoo and Alpine.
_START_FILES = (("/etc/sysconfig/httpd", "OPTIONS"), ("/etc/conf.d/apache2", "APACHE2_OPTS"))
# apachectl, apache2ctl-second
_CONTROL_SCRIPT = re.compile(r"/[a-z0-9]+ctl(?:-[^/]*)?$")
_MADE_AT_START = frozenset({"APACHE_RUN_DIR", "APACHE_LOCK_DIR"})


@dataclass(frozen=True, slots=True)
class Installation:
    """An httpd as it is, or would be, started.

    Attributes:
        build: What the binary says of itself.
        server_root: For ``-d``.
        conf: The main configuration file, absolute.
        options: What its start says, ``-D`` of the command line included.
        envvars: What Debian's envvars set; directories that apache2ctl would make are replaced
            by what lies above them.
        running: Its instance; None when it is stopped.
        target: What its configuration is read for; None where nothing is known of the httpd.
    """

    build: Build | Unknown
    server_root: str | Unknown
    conf: str | Unknown
    options: StartOptions
    envvars: Envvars
    running: Instance | None = None
    target: Target | None = None

    def invocation(self, build: Build) -> Invocation:
        """Say how to ask it about this configuration."""
        return Invocation(
            binary=build.binary,
            server_root=self.server_root if isinstance(self.server_root, str) else None,
            conf=self.conf if isinstance(self.conf, str) else None,
            defines=self.options.defines,
            environment=environment_of(dict(self.envvars.values)),
        )


def find_installation(
    host: Host, choice: Choice, instance: Instance | None, distro: Distro | Unknown
) -> Installation | Unknown:
    """Find the binary, ask it who it is, and work out what it reads.

    Args:
        host: The machine.
        choice: What the command line names.
        instance: The running httpd that is meant; None when none runs.
        distro: Decides where to look first.

    Returns:
        The installation; Unknown where no httpd is installed.

    Raises:
        HttpdError: when the httpd that ``--httpd`` names is not there, or is none.
        InputError: when the file that ``--conf`` names is not there.
    """
    binary = _binary(host, choice, instance, distro)
    build = _build(host, binary, instance)
    assumed = _assumed(host, distro) if isinstance(build, Unknown) else None
    if binary is None and instance is None and (assumed is None or _has_programs(host)):
        return Unknown("httpd", "no httpd is installed in any of the usual places")
    if choice.httpd is not None and instance is None and isinstance(build, Unknown):
        raise HttpdError(
            f"--httpd {printable(choice.httpd)} could not be asked: {build.why}.",
            "Name the httpd binary itself, not apachectl.",
        )
    found = _read_by(host, choice, instance, build, assumed)
    if (
        choice.conf is not None
        and isinstance(found.conf, str)
        and isinstance(host.entry(found.conf), Absent)
    ):
        raise InputError(
            f"--conf {printable(found.conf)} cannot be read: there is no such file.",
            "Name httpd's main configuration file; a relative name is taken against ServerRoot.",
        )
    return found


def _has_programs(files: Files) -> bool:
    """Tell a machine from a tree of its configuration alone."""
    return not isinstance(files.entry("/usr"), Absent)


def _assumed(files: Files, distro: Distro | Unknown) -> Target | None:
    """Take the distribution's own layout, or the first whose configuration file lies there."""
    own = None
    if isinstance(distro, Distro):
        own = target_of_system(distro.id, distro.version_id, distro.like)
    for target in (own, *TARGETS.values()):
        if target is not None and not isinstance(files.entry(target.conf), Absent):
            return target
    return None


def _binary(
    host: Host, choice: Choice, instance: Instance | None, distro: Distro | Unknown
) -> str | None:
    if choice.httpd is not None:
        if _CONTROL_SCRIPT.search(choice.httpd):
            raise HttpdError(
                f"--httpd {printable(choice.httpd)} is a control script, which makes directories.",
                "Name the httpd binary itself, for example /usr/sbin/apache2.",
            )
        if instance is None and isinstance(host.entry(choice.httpd), Absent):
            raise HttpdError(
                f"--httpd {printable(choice.httpd)} does not exist.",
                "Name the httpd binary, for example /usr/sbin/apache2.",
            )
        return choice.httpd
    if instance is not None and (instance.binary or instance.other_namespace):
        return None if instance.other_namespace else instance.binary
    known = distro if isinstance(distro, Distro) else None
    return next(find_binaries(host, known), None)


def _build(host: Host, binary: str | None, instance: Instance | None) -> Build | Unknown:
    if binary is None:
        elsewhere = instance is not None and instance.other_namespace
        why = "it runs in another namespace" if elsewhere else "no httpd binary can be seen"
        return Unknown("httpd.version", why)
    invocation = Invocation(binary)
    answer = ask_identity(host, invocation)
    if isinstance(answer, Unknown):
        return answer
    return make_build(binary, answer, ask_static(host, invocation))


def _read_by(
    host: Host,
    choice: Choice,
    instance: Instance | None,
    build: Build | Unknown,
    assumed: Target | None,
) -> Installation:
    started = instance.options if instance is not None else _configured_start(host)
    built = build if isinstance(build, Build) else assumed
    runs_in = started.server_root or (built.server_root if built else None)
    runs_with = _conf(runs_in, started.conf, built)
    root = choice.server_root or runs_in
    conf = _conf(root, choice.conf or started.conf, built)
    defines = (*started.defines, *(name for name in choice.defines if name not in started.defines))
    why = build.why if isinstance(build, Unknown) else ""
    envvars = _stood_in(host, detect_envvars(host, root)) if root else Envvars(())
    return Installation(
        build=build,
        server_root=root or Unknown("httpd.server_root", why),
        conf=conf or Unknown("httpd.conf", why),
        options=replace(started, server_root=root, conf=conf, defines=defines),
        envvars=envvars,
        running=instance if agree(runs_in, root) and agree(runs_with, conf) else None,
        target=_target(build, envvars) if isinstance(build, Build) else assumed,
    )


def _conf(root: str | None, written: str | None, built: Build | Target | None) -> str | None:
    """Find the main configuration file: what ``-f`` says, else what is compiled in.

    SERVER_CONFIG_FILE is relative to ServerRoot where it lies in the one compiled in.
    """
    if written is not None:
        return beneath(root, written)
    if built is None:
        return None
    return beneath(root, built.conf.removeprefix(built.server_root.rstrip("/") + "/"))


def _stood_in(files: Files, envvars: Envvars) -> Envvars:
    """Let an existing directory stand in for each that apache2ctl makes before it asks httpd.

    /run is empty after a boot, and httpd refuses a DefaultRuntimeDir that is not there.
    """
    return replace(
        envvars,
        values=tuple(
            (name, nearest(files, value) if name in _MADE_AT_START and value[:1] == "/" else value)
            for name, value in envvars.values
        ),
    )


def _target(build: Build, envvars: Envvars) -> Target:
    """Describe the httpd that is here as what a configuration is read for."""
    major, minor, patch, *_ = (*build.version_tuple, 0, 0, 0)
    sources = {module_identifier(source): source for source in build.static}
    return Target(
        name="this httpd",
        version=(major, minor, patch),
        binary=build.binary,
        server_root=build.server_root,
        conf=build.conf,
        modules=sources,
        static=tuple(sources),
        defines=(),
        environment=dict(envvars.values),
        mpm=build.mpm or Mpm.EVENT,
    )


def _configured_start(files: Files) -> StartOptions:
    """Find the options that the distribution's start script would pass."""
    for path, name in _START_FILES:
        content = files.read(path)
        if not isinstance(content, Absent):
            values = dict(parse_envvars(content.decode("utf-8", "replace")).values)
            return parse_start_options(("httpd", *values.get(name, "").split())) or StartOptions()
    return StartOptions()
