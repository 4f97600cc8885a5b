"""Every recorded answer of the real httpd: acceptance, messages in order, values in force."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd import effective, restart, startup
from mpmtune.httpd.corrections import Frozen, Reading, correct
from mpmtune.httpd.handlers import PathKind
from mpmtune.httpd.settings import Written
from mpmtune.model.config import Fault
from mpmtune.model.server import Mpm
from tests.httpd.trees import a_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mpmtune.httpd.effective import EffectiveValues
    from mpmtune.model.config import Diagnostic, Tree

pytestmark = pytest.mark.shared

Case = dict[str, Any]

RECORD = Path(__file__).parents[3] / "shared" / "oracle" / "cases.jsonl.gz"
MODULES = "/usr/lib/apache2/modules"
CORES = 2  # of the machine that answered
SHIPPED = (
    "mpm_prefork",
    "mpm_worker",
    "mpm_event",
    "authz_core",
    "status",
    "http2",
    "reqtimeout",
    "macro",
    "ssl",
)
PATHS = {
    "/tmp": PathKind.DIRECTORY,
    "/etc/passwd": PathKind.FILE,
    "/nonexistent": PathKind.ABSENT,
}
CLAMP = re.compile(r"AH00(17[5-9]|18[0-7]|30\d|31\d|32[0-3]|49[7-9]|50\d|51\d|520)$")
# What the probe tells beside the limits, and how it measures it.
SECONDS = 10**6
BESIDE = {
    "MaxConnectionsPerChild": ("MaxConnectionsPerChild", 1),
    "GracefulShutdownTimeout": ("GracefulShutdownTimeout", 1),
    "MaxMemFree": ("max_mem_free_bytes", 1),
    "ThreadStackSize": ("ThreadStackSize", 1),
    "ExtendedStatus": ("ExtendedStatus", 1),
    "Timeout": ("Timeout_us", SECONDS),
    "KeepAlive": ("KeepAlive", 1),
    "KeepAliveTimeout": ("KeepAliveTimeout_us", SECONDS),
    "MaxKeepAliveRequests": ("MaxKeepAliveRequests", 1),
}


@cache
def cases(mode: str) -> list[Case]:
    if not RECORD.exists():
        pytest.skip("the recorded answers of httpd are not beside the project")
    with gzip.open(RECORD, "rt", encoding="utf-8") as lines:
        read = [json.loads(line) for line in lines]
    return [case for case in read if case.get("mode", "t") == mode]


def load(name: str) -> str:
    if name.startswith(("php", "libphp")):
        return f"LoadModule php_module {MODULES}/{name}.so"
    return f"LoadModule {name}_module {MODULES}/mod_{name}.so"


def lines_of(case: Case, directives: list[list[str]], *, started: bool) -> Iterator[str]:
    """Write the configuration as it was asked, each directive with its section."""
    yield 'ServerRoot "/dir"'
    yield "ServerName localhost"
    mpms = [case["mpm"]] if isinstance(case["mpm"], str) else case["mpm"] or []
    names = [f"mpm_{mpm}" for mpm in mpms]
    for name in (*names, "authz_core", *(["status"] if started else []), *case.get("modules", [])):
        yield load(name)
    if "conf_pre" in case:
        yield case["conf_pre"]
    open_section = ""
    for name, value, *section in directives:
        wanted = section[0] if section else ""
        if wanted != open_section:
            if open_section:
                yield f"</{open_section.split(maxsplit=1)[0]}>"
            if wanted:
                yield f"<{wanted}>"
            open_section = wanted
        yield f"{name} {value}" if value else name
    if open_section:
        yield f"</{open_section.split(maxsplit=1)[0]}>"
    if "conf_extra" in case:
        yield case["conf_extra"]


def read(case: Case, directives: list[list[str]], *, started: bool = False) -> Tree:
    text = "\n".join(lines_of(case, directives, started=started)) + "\n"
    modules = {f"{MODULES}/mod_{name}.so": b"" for name in SHIPPED}
    modules[f"{MODULES}/libphp8.2.so"] = b""
    files = MemoryFiles({"/dir/httpd.conf": text.encode("utf-8"), **modules})
    return evaluate(files, Start("/dir/httpd.conf", a_target()))


def values_of(tree: Tree) -> EffectiveValues:
    return effective.of(tree, online_cpus=CORES, look=PATHS.get)


def printed(found: Diagnostic) -> tuple[str | None, str]:
    """Write a diagnostic as httpd prints it."""
    if found.id == "AH00526":
        return found.id, f"Syntax error on line N of $DIR/httpd.conf:\n{found.text}"
    if found.id or found.fault is Fault.MPM:
        return found.id or None, found.text
    return None, f"apache2: Syntax error on line N of $DIR/httpd.conf: {found.text}"


def said(values: EffectiveValues) -> list[tuple[str | None, str]]:
    """Give what ``-t -e info`` prints: httpd stops at the first error."""
    last = values.errors[: 2 if values.errors and values.errors[0].fault is Fault.MPM else 1]
    return [printed(found) for found in (*values.messages, *last)]


def beside(values: EffectiveValues, answer: Mapping[str, Any]) -> dict[str, tuple[object, object]]:
    """Compare what is no limit of the MPM."""
    differ: dict[str, tuple[object, object]] = {}
    for name, (key, scale) in BESIDE.items():
        value = values.setting(name).value
        ours = (value == "On") if isinstance(value, str) else value * scale
        if int(ours) != answer[key]:
            differ[name] = (ours, answer[key])
    return differ


def limits(ours: Mapping[str, int], answer: Mapping[str, Any]) -> dict[str, tuple[int, object]]:
    return {
        name: (value, answer[name])
        for name, value in ours.items()
        if name in answer and answer[name] != value
    }


def test_t_says_the_same_and_leaves_the_same_values() -> None:
    failures = []
    for case in cases("t"):
        values = values_of(read(case, case["directives"]))
        answer = case["answer"]
        expected = [(message["ah"], message["text"]) for message in answer["messages"]]
        if (values.accepted, said(values)) != (answer["ok"], expected):
            failures.append((case["id"], said(values), expected))
        elif answer["ok"]:
            differ = limits(values.corrected.effective, answer["effective"])
            differ |= beside(values, answer["effective"])
            if differ:
                failures.append((case["id"], differ, case["directives"]))
    assert not failures, (len(failures), failures[:5])
    assert len(cases("t")) == 2148


def test_t_refuses_the_same_directive() -> None:
    failures = []
    for case in cases("t"):
        blamed = [m["directive"] for m in case["answer"]["messages"] if "directive" in m]
        if not blamed:
            continue
        directives = case["directives"][: blamed[0] + 1]
        lines = "\n".join(lines_of(case, directives, started=False)).count("\n") + 1
        in_section = len(directives[-1]) > 2  # then a closing tag follows
        first = values_of(read(case, case["directives"])).errors[0]
        if first.line != lines - in_section:
            failures.append((case["id"], first.line, lines, case["directives"]))
    assert not failures, (len(failures), failures[:5])


def clamps(messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(m["ah"], m["text"]) for m in messages if CLAMP.match(m["ah"] or "")]


def test_a_start_logs_the_same_and_works_with_the_same_values() -> None:
    failures = []
    for case in cases("run") + cases("restart"):
        answer = case["answer"]
        tree = read(case, case["directives"], started=True)
        values = values_of(tree)
        if not values.accepted:
            if answer["ok"] or answer["messages"][-1]["text"] != said(values)[-1][1]:
                failures.append((case["id"], said(values), answer["messages"]))
            continue
        written = Written.of(tree).numbers(values.mpm)
        first = values.corrected
        second = correct(
            values.mpm, written, reading=Reading.LOG, frozen=Frozen.by(first.effective)
        )
        ours = [(message.id, message.text) for message in (*first.messages, *second.messages)]
        if ours != clamps(answer["messages"]):
            failures.append((case["id"], ours, clamps(answer["messages"])))
        if answer["effective"] is None:
            if not values.started.overruns_scoreboard or answer["exit"] != -11:
                failures.append((case["id"], "did not start", answer["exit"]))
            continue
        differ: dict[str, Any] = limits(values.started.effective, answer["effective"])
        differ |= beside(values, answer["effective"])
        children = (values.started.initial_children, answer["effective"]["initial_children"])
        if differ or children[0] != children[1]:
            failures.append((case["id"], differ, children, case["directives"]))
    assert not failures, (len(failures), failures[:5])
    assert len(cases("run")) == 90


def test_a_restart_logs_the_same_and_changes_the_same_values() -> None:
    failures = []
    for case in cases("restart"):
        answer = case["answer"].get("after")
        if answer is None:
            continue
        running = values_of(read(case, case["directives"], started=True))
        tree = read(case, case["then"]["directives"], started=True)
        values = values_of(tree)
        if not values.accepted:
            text = values.errors[0].text
            if answer["exit"] != 1 or text not in [m["text"] for m in answer["messages"]]:
                failures.append((case["id"], text, answer["messages"]))
            continue
        written = Written.of(tree)
        again = restart.read_again(
            values.mpm, written.numbers(values.mpm), running.corrected.effective
        )
        ours = [(message.id, message.text) for message in again.messages]
        ratio = Written.of(read(case, case["directives"])).bucket_ratio
        if case["then"]["signal"] == "HUP":
            ratio = written.bucket_ratio
        buckets = startup.listener_buckets(ratio, CORES)
        started = startup.start(values.mpm, again.effective, buckets=buckets)
        differ = limits(started.effective, answer["effective"])
        if ours != clamps(answer["messages"]) or differ:
            failures.append((case["id"], ours, differ, case["then"]))
        if answer["effective"]["buckets"] != buckets:
            failures.append((case["id"], buckets, answer["effective"]["buckets"]))
    assert not failures, (len(failures), failures[:5])
    assert len(cases("restart")) == 40


def test_every_mpm_is_among_the_cases() -> None:
    asked = {case["mpm"] for case in cases("t") if isinstance(case["mpm"], str)}
    assert asked == {mpm.value for mpm in Mpm}
