"""What an administrator should know at once: sentences made from facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.httpd.scoreboard import not_yet_read
from mpmtune.model.compatibility import Verdict
from mpmtune.model.facts import Remark
from mpmtune.model.server import Children, Mpm, Server
from mpmtune.model.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.compatibility import Compatibility
    from mpmtune.model.server import Instance

ERROR, WARNING, INFO = "error", "warning", "info"

_DAY_SECONDS = 24 * 3600
_HOUR_SECONDS = 3600
_MINUTE_SECONDS = 60
# Noise of every machine without a full name; it says nothing about the configuration.
_HARMLESS = ("AH00557", "AH00558")


@dataclass(frozen=True, slots=True)
class Findings:
    """What remarks are made from.

    Attributes:
        server: The httpd; Unknown where none is installed.
        instances: All that run.
        compatibility: Verdicts.
        accepted: Whether httpd found its configuration good; None when it was not asked.
        not_asked: Why httpd was not asked about its configuration; empty when it was, or when
            its binary could not be asked at all.
        processes_seen: The processes of the machine could be listed.
        left_out: Lines of envvars that were not evaluated.
        differences: Where httpd read its configuration otherwise than we did.
    """

    server: Server | Unknown
    instances: tuple[Instance, ...]
    compatibility: tuple[Compatibility, ...] = ()
    accepted: bool | None = None
    not_asked: str = ""
    processes_seen: bool = True
    left_out: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()


def remarks(findings: Findings) -> tuple[Remark, ...]:
    """Give the remarks, the gravest first."""
    if isinstance(findings.server, Unknown):
        found = [_none_installed(findings), *_elsewhere(findings)]
    else:
        found = [
            *_configuration(findings, findings.server),
            *_under_this_mpm(findings, findings.server),
            *_changed(findings.server),
            *_held_on_prefork(findings, findings.server),
            *_running(findings, findings.server),
            *_elsewhere(findings),
            *_not_read(findings),
        ]
    order = (ERROR, WARNING, INFO)
    return tuple(sorted(found, key=lambda remark: order.index(remark.severity)))


def _none_installed(findings: Findings) -> Remark:
    why = findings.server.why if isinstance(findings.server, Unknown) else ""
    return Remark(
        INFO,
        f"No httpd to look at: {why}.",
        "Name one with --httpd; mpmtune recommend plans for this host without one.",
    )


def _configuration(findings: Findings, server: Server) -> Iterator[Remark]:
    """Say what httpd itself says of its configuration."""
    spoken = [text for text in server.messages if not text.startswith(_HARMLESS)]
    if findings.accepted is False:
        said = spoken[-1] if spoken else "it gives no reason"
        doubt = "Perhaps only because of the lines of envvars named below. " * bool(
            findings.left_out
        )
        yield Remark(
            ERROR,
            f"httpd does not accept its configuration: {said}",
            f"{doubt}Mend it before the next restart: httpd would not come back. httpd -t says "
            "whether it is good.",
        )
    elif findings.accepted:
        for text in spoken:
            yield Remark(WARNING, f"httpd says at start: {text}")


def _entries(findings: Findings, mpm: Mpm) -> Iterator[Compatibility]:
    return (entry for entry in findings.compatibility if entry.mpm is mpm)


def _under_this_mpm(findings: Findings, server: Server) -> Iterator[Remark]:
    """Say which loaded modules do not go with the MPM that runs, or lose something under it."""
    if not isinstance(server.mpm, Mpm):
        return
    for entry in _entries(findings, server.mpm):
        sentence = f"{entry.module} under {entry.mpm.value}: {entry.why}"
        if entry.blocks:
            yield Remark(ERROR, sentence, entry.way_out)
        elif entry.loses:
            yield Remark(WARNING, sentence, entry.way_out)


def _held_on_prefork(findings: Findings, server: Server) -> Iterator[Remark]:
    """Name what keeps a server on prefork."""
    if server.mpm is not Mpm.PREFORK:
        return
    for entry in _entries(findings, Mpm.EVENT):
        if entry.verdict in {Verdict.REFUSED, Verdict.UNSAFE}:
            yield Remark(
                INFO, f"{entry.module} holds this server on prefork: {entry.why}", entry.way_out
            )


def _changed(server: Server) -> Iterator[Remark]:
    """Say where httpd runs otherwise than it would be started now."""
    unread = not_yet_read(server)
    if unread is not None:
        yield Remark(
            WARNING,
            unread,
            "Reload httpd; stop and start it where ServerLimit or ThreadLimit changed as well.",
        )
    loaded = server.configured_mpm
    if server.instance is not None and loaded is not None and loaded is not server.mpm:
        runs = server.mpm.value if isinstance(server.mpm, Mpm) else "another MPM"
        yield Remark(
            WARNING,
            f"{runs} runs, but the configuration now loads {loaded.value}: it changed after the "
            "start.",
            "Stop httpd and start it; a reload with another MPM ends httpd.",
        )


def _running(findings: Findings, server: Server) -> Iterator[Remark]:
    instance = server.instance
    if instance is None:
        if findings.processes_seen:
            yield Remark(
                INFO,
                "httpd is stopped: its memory and its workers cannot be measured.",
                "Run mpmtune detect again while it serves.",
            )
        return
    if instance.options.before or instance.options.after:
        yield Remark(
            INFO,
            "httpd was started with -C or -c: the directives given there are not read here.",
            "Put them into a file to have them counted.",
        )
    if instance.uptime_seconds is not None and instance.uptime_seconds < _DAY_SECONDS:
        yield Remark(
            INFO,
            f"httpd has been up for {_duration(instance.uptime_seconds)}: it has not seen a whole "
            "day yet.",
            "Run mpmtune detect again after the busiest hour.",
        )
    if isinstance(server.children, Children) and not server.children.worked:
        yield Remark(
            INFO,
            "No child has served much: idle children say nothing about the memory of busy ones.",
            "Run mpmtune detect again under load.",
        )
    local = [one for one in findings.instances if not one.other_namespace]
    others = [f"{one.parent_pid} ({_call(one)})" for one in local if one != instance]
    if others:
        yield Remark(
            INFO,
            f"{len(local)} httpds run here; these facts are about parent {instance.parent_pid} "
            f"({_call(instance)}), not about {', '.join(others)}.",
            "Choose another with --conf, --server-root or --httpd.",
        )


def _call(instance: Instance) -> str:
    options = instance.options
    words = [instance.binary or "httpd"]
    words += ["-d", options.server_root] if options.server_root else []
    words += ["-f", options.conf] if options.conf else []
    return " ".join(words)


def _duration(seconds: int) -> str:
    if seconds < _MINUTE_SECONDS:
        return f"{max(0, seconds)} s"
    if seconds < _HOUR_SECONDS:
        return f"{seconds // _MINUTE_SECONDS} min"
    return f"{seconds // _HOUR_SECONDS} h"


def _elsewhere(findings: Findings) -> Iterator[Remark]:
    """Name httpds in containers: their paths are not paths here."""
    away = [one for one in findings.instances if one.other_namespace]
    chosen = findings.server.instance if isinstance(findings.server, Server) else None
    if away:
        pids = ", ".join(str(one.parent_pid) for one in away)
        what = "its configuration and binary lie" if chosen in away else "what they read lies"
        yield Remark(
            INFO,
            f"httpd in another namespace, as in a container (parent {pids}): {what} out of reach "
            "from here.",
            "Run mpmtune inside the container to see all of it.",
        )


def _not_read(findings: Findings) -> Iterator[Remark]:
    """Say what was left unasked or unread, and where httpd reads otherwise."""
    build = findings.server.build if isinstance(findings.server, Server) else None
    if isinstance(build, Unknown):
        yield Remark(
            INFO,
            f"httpd itself could not be asked: {build.why}.",
            "What stands here comes from its files and its processes.",
        )
    if findings.not_asked:
        yield Remark(
            WARNING,
            f"httpd was not asked about its configuration: {findings.not_asked}.",
            "What stands here comes from reading the files. To have httpd asked, give binary and "
            "configuration to root or to yourself, writable by nobody else.",
        )
    if findings.left_out:
        count = len(findings.left_out)
        yield Remark(
            INFO,
            f"envvars has {count} line{'s' if count > 1 else ''} that only a shell can evaluate: "
            f"{findings.left_out[0].partition('=')[0]}",
            "What they set is not known here; ${} of it stays unresolved.",
        )
    for difference in findings.differences:
        yield Remark(
            WARNING,
            f"httpd reads its configuration otherwise than mpmtune does: {difference}.",
            "That is a defect of mpmtune: please send in the lines around that place.",
        )
