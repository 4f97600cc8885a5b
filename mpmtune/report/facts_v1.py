"""The published shape ``mpmtune/facts/v1``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mpmtune.model.machine import Distro
from mpmtune.model.quantity import Quantity
from mpmtune.model.server import Build, Children, Linkage, Mpm, Server, StatusSample
from mpmtune.model.statistics import percentile
from mpmtune.model.unknown import Unknown
from mpmtune.report.derivation import Derivations, json_number
from mpmtune.report.steps import step_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.facts import Facts
    from mpmtune.model.machine import Machine
    from mpmtune.model.server import Child, EffectiveSetting, Instance

Document = dict[str, Any]

_STOPPED = "httpd is stopped"
_SIZES = ("pss", "uss", "rss")
_PERCENTS = {"p50": 50, "p95": 95, "max": 100}
_STATUS_OPTIONAL = (
    "total_accesses",
    "processes",
    "stopping",
    "conns_total",
    "conns_async_writing",
    "conns_async_keepalive",
    "conns_async_closing",
)


def facts_v1(facts: Facts) -> str:
    """Write facts as JSON, ended by a newline."""
    text = json.dumps(facts_document(facts), indent=2)  # ASCII, so that no terminal obeys it
    return text.replace("\x7f", "\\u007f") + "\n"


def facts_document(facts: Facts) -> Document:
    """Give the document as plain values; every null of host and httpd is named under unknown."""
    host, httpd = _host(facts.machine), _httpd(facts)
    return {
        "schema": "mpmtune/facts/v1",
        "host": host,
        "httpd": httpd,
        "compatibility": [
            {
                "module": entry.module,
                "mpm": entry.mpm.value,
                "verdict": entry.verdict.value,
                "word": entry.word,
                "why": entry.why,
                "source": entry.source,
                "way_out": entry.way_out,
                "blocks": entry.blocks,
            }
            for entry in facts.compatibility
        ],
        "fallback_to_worker": [{"module": one.module, "why": one.why} for one in facts.fallback],
        "findings": [
            {"severity": one.severity, "message": one.message, "way_out": one.way_out}
            for one in facts.remarks
        ],
        "unknown": [
            {"what": what, "why": why} for what, why in _unknown(facts, host, httpd).items()
        ],
    }


def _number(value: Quantity | Unknown | None) -> int | float | None:
    return json_number(value.value) if isinstance(value, Quantity) else None


def _text(value: str | Unknown) -> str | None:
    return value if isinstance(value, str) else None


def _host(machine: Machine) -> Document:
    numbers = {
        "mem_total_effective_bytes": machine.memory_total,
        "mem_available_bytes": machine.memory_available,
        "cpus_effective": machine.cpus,
        "pids_limit": machine.pids_limit,
        "nofile_limit": machine.nofile_limit,
        "somaxconn": machine.somaxconn,
    }
    distro = machine.distro if isinstance(machine.distro, Distro) else None
    trees = Derivations(frozenset())
    return {
        **{name: _number(value) for name, value in numbers.items()},
        "distro": _distro(distro) if distro else None,
        "distro_name": distro.pretty_name or _distro(distro) if distro else None,
        "virtualization": _text(machine.virtualization),
        "derivations": {
            name: step_document(trees.of(value))
            for name, value in numbers.items()
            if isinstance(value, Quantity)
        },
    }


def _distro(distro: Distro) -> str:
    """Name a distribution as ``--target`` does: ``debian-12``."""
    return "-".join(part for part in (distro.id, distro.version_id) if part)


def _httpd(facts: Facts) -> Document:
    server = facts.server if isinstance(facts.server, Server) else None
    running = server.instance if server else None
    return {
        "installed": server is not None,
        **_identity(server),
        "running": None if _hidden(facts) else running is not None,
        "parent_pid": running.parent_pid if running else None,
        "uptime_seconds": running.uptime_seconds if running else None,
        "children": _children(server),
        "pss_bytes_total": _number(server.httpd_pss) if server else None,
        **_configuration(server),
        "status": _status(server),
        "instances": [_instance(instance) for instance in facts.instances],
    }


def _hidden(facts: Facts) -> bool:
    """Tell whether nobody could see if httpd runs."""
    return any(one.what == "httpd.running" for one in facts.unknown)


def _identity(server: Server | None) -> Document:
    build = server.build if server and isinstance(server.build, Build) else None
    mpm = server.mpm if server and isinstance(server.mpm, Mpm) else None
    linkage = server.mpm_linkage if server else None
    running = server.instance.binary if server and server.instance else ""
    return {
        "binary": build.binary if build else running or None,
        "version": build.version if build else None,
        "version_tuple": list(build.version_tuple) if build else None,
        "mpm": mpm.value if mpm else None,
        "mpm_linkage": linkage.value if isinstance(linkage, Linkage) else None,
        "mpm_found_by": server.mpm_found_by or None if server else None,
        "threaded": mpm.threaded if mpm else None,
    }


def _configuration(server: Server | None) -> Document:
    """Give what follows from the configuration."""
    modules = server.modules if server else None
    settings = server.settings if server else ()
    loaded = server.configured_mpm if server else None
    return {
        "server_root": _text(server.server_root) if server else None,
        "conf": _text(server.conf) if server else None,
        "configured_mpm": loaded.value if loaded else None,
        "modules": [{"name": one.name, "linkage": one.linkage.value} for one in modules]
        if isinstance(modules, tuple)
        else None,
        "effective": {one.directive: one.value for one in settings},
        "effective_sources": {one.directive: _source(one) for one in settings},
        "php_handlers": list(server.php_handlers) if server else [],
        "backends": [
            {
                "url": one.url,
                "max": one.max,
                "file": one.file,
                "line": one.line,
                "tunnel": one.tunnel,
            }
            for one in (server.backends if server else ())
        ],
        "fpm_pools": [
            {
                "name": one.name,
                "file": one.file,
                "listen": one.listen,
                "max_children": one.max_children,
                "children": one.children,
                "pss_bytes": one.pss,
                "peak_bytes": one.peak,
            }
            for one in (server.fpm_pools if server else ())
        ],
        "messages": list(server.messages) if server else [],
    }


def _source(setting: EffectiveSetting) -> Document:
    return {"file": setting.file, "line": setting.line, "note": setting.note}


def _instance(instance: Instance) -> Document:
    return {
        "parent_pid": instance.parent_pid,
        "binary": instance.binary or None,
        "server_root": instance.options.server_root,
        "conf": instance.options.conf,
        "defines": list(instance.options.defines),
        "children": len(instance.child_pids),
        "helpers": len(instance.helper_pids),
        "other_namespace": instance.other_namespace,
    }


def _children(server: Server | None) -> Document:
    children = server.children if server else None
    known = children if isinstance(children, Children) else None
    samples = known.samples if known else ()
    running = server.instance if server else None
    sizes = {
        f"{size}_bytes_{name}": _percentile(samples, size, percent)
        for size in _SIZES
        for name, percent in _PERCENTS.items()
    }
    return {
        "count": len(running.child_pids) if running else 0,
        "sampled": len(samples),
        "worked": sum(child.worked for child in samples),
        "threads_per_child": known.threads_per_child if known else None,
        "tasks_per_child": max((child.tasks for child in samples), default=None),
        **sizes,
        "peak_rss_bytes_max": max((child.peak_rss for child in samples), default=None),
        "parent": _parent(known.parent) if known and known.parent else None,
    }


def _percentile(samples: tuple[Child, ...], size: str, percent: int) -> int | None:
    values = [value for child in samples if (value := getattr(child, size)) is not None]
    return percentile(values, percent) if values else None


def _parent(parent: Child) -> Document:
    return {f"{size}_bytes": getattr(parent, size) for size in _SIZES}


def _status(server: Server | None) -> Document | None:
    status = server.status if server else None
    if not isinstance(status, StatusSample):
        return None
    document: Document = {
        "url": status.url,
        "uptime_seconds": status.uptime_seconds,
        "busy_workers": status.busy_workers,
        "idle_workers": status.idle_workers,
    }
    optional = {name: getattr(status, name) for name in _STATUS_OPTIONAL}
    return document | {name: value for name, value in optional.items() if value is not None}


def _unknown(facts: Facts, host: Document, httpd: Document) -> dict[str, str]:
    """Name what is not known: what the facts say of it, and every null that they do not name."""
    named: dict[str, str] = {}
    if isinstance(facts.server, Unknown):
        named[facts.server.what] = facts.server.why
    for one in facts.unknown:
        named.setdefault(one.what, one.why)
    running = isinstance(facts.server, Server) and facts.server.instance is not None
    why = "it could not be found out" if running else _STOPPED
    for path in (*_nulls("host", host), *_nulls("httpd", httpd)):
        if not any(path == what or path.startswith(f"{what}.") for what in named):
            named[path] = why
    return named


def _nulls(path: str, values: Document) -> Iterator[str]:
    """Yield the paths of nulls; those in lists and among sources mean that there is none."""
    for name, value in values.items():
        if value is None:
            yield f"{path}.{name}"
        elif isinstance(value, dict) and name not in {"effective_sources", "derivations"}:
            yield from _nulls(f"{path}.{name}", value)
