"""Facts as one screen of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.compatibility import Verdict
from mpmtune.model.machine import Distro
from mpmtune.model.quantity import Quantity
from mpmtune.model.server import Build, Children, Linkage, Mpm, Server, StatusSample
from mpmtune.model.sizes import show_size
from mpmtune.model.statistics import percentile
from mpmtune.model.unknown import Unknown
from mpmtune.report.derivation import Derivations, derivation_lines, show
from mpmtune.report.safe_text import printable
from mpmtune.report.text import EMPTY, Line, Span, Style, columns, heading, line, paragraph
from mpmtune.report.unseen import short_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.model.facts import Facts, Remark
    from mpmtune.model.machine import Machine

_GOOD = Span("[ok]", Style.GOOD)
_NOTE = Span("[--]", Style.FAINT)
_WARNING = Span("[! ]", Style.NOTICE)
_BAD = Span("[!!]", Style.BAD)
_TAGS = {"error": _BAD, "warning": _WARNING, "info": _NOTE}
_TUNING = frozenset(
    {
        "ServerLimit",
        "ThreadLimit",
        "ThreadsPerChild",
        "MaxRequestWorkers",
        "StartServers",
        "MinSpareThreads",
        "MaxSpareThreads",
        "MinSpareServers",
        "MaxSpareServers",
        "MaxConnectionsPerChild",
        "AsyncRequestWorkerFactor",
        "KeepAlive",
        "KeepAliveTimeout",
        "MaxKeepAliveRequests",
        "Timeout",
        "ListenBacklog",
    }
)
_SPANS = ((86_400, "days"), (3_600, "h"), (60, "min"))
_VERDICTS = {
    Verdict.REFUSED: ("httpd refuses to start with", _BAD),
    Verdict.UNSAFE: ("not safe with", _BAD),
    Verdict.FALLBACK: ("works worse with", _WARNING),
    Verdict.UNKNOWN: ("nothing is known of", _NOTE),
}


def facts_lines(facts: Facts, width: int) -> list[Line]:
    """Lay the facts out: host, httpd, modules, what holds a worker, findings, what is unknown."""
    server = facts.server if isinstance(facts.server, Server) else None
    return [
        *_host(facts.machine, width),
        EMPTY,
        *_httpd(facts, width),
        *(_settings(server, width) if server else ()),
        *(_modules(facts, server, width) if server else ()),
        *_held(facts, server, width),
        *_findings(facts.remarks, width),
        *_unseen(facts.unknown, width),
    ]


def host_derivations(facts: Facts) -> list[Line]:
    """Give the derivation of every number about the host."""
    trees = Derivations(frozenset())
    lines: list[Line] = [EMPTY, heading("Derivations")]
    for number in _numbers(facts.machine).values():
        if isinstance(number, Quantity):
            lines += [line(printable(text)) for text in derivation_lines(trees.of(number), 1)]
    return lines


def _numbers(machine: Machine) -> dict[str, Quantity | Unknown]:
    return {
        "memory": machine.memory_total,
        "available": machine.memory_available,
        "CPUs": machine.cpus,
        "tasks": machine.pids_limit,
        "open files": machine.nofile_limit,
        "listen queue": machine.somaxconn,
    }


def _host(machine: Machine, width: int) -> list[Line]:
    distro = machine.distro
    name = distro.pretty_name or distro.id if isinstance(distro, Distro) else ""
    kind = machine.virtualization if isinstance(machine.virtualization, str) else "none"
    title = ", ".join(part for part in (name, kind) if part not in {"", "none"})
    rows = [_number(label, number) for label, number in _numbers(machine).items()]
    return [_section("Host", title), *columns(rows, width)]


def _section(name: str, text: str = "") -> Line:
    return line(Span(name, Style.HEADING), f"  {printable(text)}" if text else "")


def _number(label: str, number: Quantity | Unknown) -> tuple[Span, Span, Span]:
    if isinstance(number, Quantity):
        leaf = next(number.deciding_leaves(), None)
        source = leaf.evidence.source if leaf is not None and leaf.evidence is not None else ""
        shown = Span(show(number.value, number.unit), Style.STRONG)
        return Span(label), shown, Span(printable(source), Style.FAINT)
    return Span(label), Span("unknown", Style.NOTICE), Span(printable(number.why), Style.FAINT)


def _httpd(facts: Facts, width: int) -> list[Line]:
    server = facts.server
    if not isinstance(server, Server):
        return [_section("httpd"), *columns([(_NOTE, Span(printable(server.why)))], width)]
    rows = [*_identity(server), *_running(server), *_beside(server)]
    return [
        _section("httpd"),
        *columns([(tag, Span(printable(text))) for tag, text in rows], width),
    ]


def _identity(server: Server) -> Iterator[tuple[Span, str]]:
    build, mpm = server.build, server.mpm
    if isinstance(build, Build):
        yield _GOOD, f"Apache/{build.version}, {build.binary}"
    else:
        yield _NOTE, f"version unknown: {build.why}"
    if isinstance(mpm, Mpm):
        linkage = server.mpm_linkage.value if isinstance(server.mpm_linkage, Linkage) else ""
        how = ", ".join(part for part in (linkage, f"found by {server.mpm_found_by}") if part)
        yield _GOOD, f"MPM {mpm.value} ({how})"
    else:
        yield _WARNING, f"MPM unknown: {mpm.why}"
    if isinstance(server.conf, str):
        yield _GOOD, f"configuration {server.conf}"


def _running(server: Server) -> Iterator[tuple[Span, str]]:
    instance, children = server.instance, server.children
    if instance is None:
        yield _NOTE, children.why if isinstance(children, Unknown) else "stopped"
        return
    up = instance.uptime_seconds
    since = "" if up is None else f", up {_duration(up)}"
    helpers = len(instance.helper_pids)
    beside = f", {helpers} helper{'s' if helpers > 1 else ''}" if helpers else ""
    yield _GOOD, f"running: parent {instance.parent_pid}{since}{beside}"
    if isinstance(children, Children):
        yield _workers(children), _children(children)
    else:
        yield _NOTE, f"children unknown: {children.why}"
    if isinstance(server.status, StatusSample):
        busy, idle = server.status.busy_workers, server.status.idle_workers
        yield _GOOD, f"mod_status: {busy} worker{'s' if busy != 1 else ''} busy, {idle} idle"


def _workers(children: Children) -> Span:
    seen = all(child.pss is not None for child in children.samples)
    return _GOOD if children.worked and seen else _NOTE


def _children(children: Children) -> str:
    threads = children.threads_per_child
    count = f"{children.count} child{'ren' if children.count != 1 else ''}"
    shape = f"{count} of {threads} threads" if threads and threads > 1 else count
    known = [child.pss for child in children.samples if child.pss is not None]
    name, sizes = ("PSS", known) if known else ("RSS", [child.rss for child in children.samples])
    shown = ", ".join(
        f"{label} {show_size(percentile(sizes, percent))}"
        for label, percent in (("p50", 50), ("p95", 95), ("max", 100))
    )
    worked = sum(child.worked for child in children.samples)
    of = f"{worked} of {len(children.samples)} looked at have worked"
    return f"{shape}; {name} {shown}; {of}"


def _beside(server: Server) -> Iterator[tuple[Span, str]]:
    for pool in server.fpm_pools:
        now = "" if pool.children is None else f", {pool.children} now"
        size = f", PSS {show_size(pool.pss)}" if pool.pss else ""
        asked = "" if pool.asked else "; httpd does not ask it"
        most = f"at most {pool.max_children} children"
        yield _NOTE, f"PHP-FPM pool {pool.name}: {most}{now}{size}{asked}"
    for backend in server.backends:
        most = f", max={backend.max}" if backend.max is not None else ""
        yield _NOTE, f"proxies to {backend.url}{most} ({backend.file}:{backend.line})"


def _duration(seconds: int) -> str:
    for size, name in _SPANS:
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{max(0, seconds)} s"


def _settings(server: Server, width: int) -> list[Line]:
    """Group the values in force by the file that sets them; of the defaults those of tuning."""
    root = f"{server.server_root}/" if isinstance(server.server_root, str) else "/"
    files: dict[str, list[str]] = {}
    defaults: list[str] = []
    for setting in server.settings:
        changed = "*" if setting.note else ""
        text = f"{setting.directive} {setting.value}{changed}"
        if setting.file is not None:
            files.setdefault(setting.file.removeprefix(root), []).append(text)
        elif setting.directive in _TUNING or setting.note:
            defaults.append(text)
    if not files and not defaults:
        return []
    rows = [
        (Span(printable(file), Style.FAINT), Span(printable(", ".join(texts))))
        for file, texts in (*files.items(), *([("httpd's defaults", defaults)] if defaults else []))
    ]
    lines = [EMPTY, _section("Values in force"), *columns(rows, width)]
    for setting in server.settings:
        if setting.note:
            note = printable(f"* {setting.directive}: {setting.note}")
            lines += paragraph(note, width, indent=2, hang=2)
    return lines


def _modules(facts: Facts, server: Server, width: int) -> list[Line]:
    modules = server.modules
    if not isinstance(modules, tuple):
        return [EMPTY, _section("Modules", f"unknown: {modules.why}")]
    static = sum(module.linkage is Linkage.STATIC for module in modules)
    rows = [(*_verdict(facts, mpm), mpm is server.mpm) for mpm in Mpm]
    return [
        EMPTY,
        _section("Modules", f"{len(modules)} loaded, {static} of them compiled in"),
        *columns(
            [
                (tag, Span(mpm.value, Style.STRONG if active else Style.PLAIN), Span(text))
                for mpm, (tag, text, active) in zip(Mpm, rows, strict=True)
            ],
            width,
        ),
    ]


def _verdict(facts: Facts, mpm: Mpm) -> tuple[Span, str]:
    """Say how the loaded modules go with an MPM: the tag of the gravest verdict, and the names."""
    groups: dict[Verdict, list[str]] = {}
    for entry in facts.compatibility:
        if entry.mpm is mpm:
            groups.setdefault(entry.verdict, []).append(printable(entry.module))
    said = [(*_VERDICTS[verdict], groups[verdict]) for verdict in _VERDICTS if verdict in groups]
    if not said:
        return _GOOD, "every loaded module goes with it"
    text = "; ".join(f"{words} {', '.join(names)}" for words, _, names in said)
    return said[0][1], text


def _held(facts: Facts, server: Server | None, width: int) -> list[Line]:
    if server is None or not facts.fallback:
        return []
    rows = [
        (_WARNING, Span(printable(one.module)), Span(printable(one.why))) for one in facts.fallback
    ]
    return [
        EMPTY,
        _section("What holds a worker of event for a whole connection"),
        *columns(rows, width),
    ]


def _findings(remarks: Sequence[Remark], width: int) -> list[Line]:
    if not remarks:
        return []
    lines = [EMPTY, _section("Findings")]
    for remark in remarks:
        lines += columns([(_TAGS[remark.severity], Span(printable(remark.message)))], width)
        if remark.way_out:
            lines += [
                tuple(Span(span.text, Style.FAINT) for span in made)
                for made in paragraph(printable(remark.way_out), width, indent=8)
            ]
    return lines


def _unseen(unknown: Sequence[Unknown], width: int) -> list[Line]:
    """Group what could not be seen by the reason."""
    reasons: dict[str, list[str]] = {}
    for one in unknown:
        reasons.setdefault(one.why, []).append(one.what)
    if not reasons:
        return []
    lines = [EMPTY, _section("Could not see")]
    for why, names in reasons.items():
        shown = f"{', '.join(short_names(names))}: {why}"
        lines += paragraph(printable(shown), width, indent=2, hang=2)
    return lines
