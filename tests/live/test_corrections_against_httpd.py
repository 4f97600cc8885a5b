"""The real httpd is asked what we predict: messages, values in force, refusals, restarts."""

from __future__ import annotations

import contextlib
import os
import random
import signal
from typing import TYPE_CHECKING

import pytest

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd import effective, restart, startup
from mpmtune.httpd.corrections import Frozen, Reading, correct
from mpmtune.httpd.settings import Written
from mpmtune.model.server import Mpm
from tests.httpd.judged import MODULES, REFUSED, TAKEN
from tests.httpd.trees import CONF, a_target
from tests.live.private_httpd import PrivateHttpd, messages_in, version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.httpd.effective import EffectiveValues

pytestmark = pytest.mark.httpd

SEED = 20260
FOR_EACH_MPM = 50
NUMBERS = [
    "0",
    "1",
    "2",
    "-1",
    "-5",
    "+7",
    "007",
    "0x10",
    "3.9",
    "5K",
    "1,000",
    "abc",
    "63",
    "64",
    "65",
    "100",
    "255",
    "256",
    "257",
    "400",
    "401",
    "20001",
    "100001",
    "2147483648",
    "4294967297",
    "9223372036854775808",
    "-2147483649",
]
THREADED = [
    "ServerLimit",
    "ThreadLimit",
    "ThreadsPerChild",
    "MaxRequestWorkers",
    "StartServers",
    "MinSpareThreads",
    "MaxSpareThreads",
]
DIRECTIVES = {
    Mpm.PREFORK: [
        "ServerLimit",
        "MaxRequestWorkers",
        "StartServers",
        "MinSpareServers",
        "MaxSpareServers",
        "MaxClients",
    ],
    Mpm.WORKER: THREADED,
    Mpm.EVENT: [*THREADED, "MaxClients"],
}
OTHERS = {
    "MaxConnectionsPerChild": ["0", "-1", "10000", "5x"],
    "GracefulShutdownTimeout": ["0", "30", "-1", "5s"],
    "MaxMemFree": ["0", "2048", "4194305", "-1", "5M"],
    "ThreadStackSize": ["0", "65536", "-1", "256K"],
    "ListenBacklog": ["511", "0", "128x"],
    "SendBufferSize": ["0", "511", "65536"],
    "KeepAlive": ["On", "off", "yes", "Off # no"],
    "KeepAliveTimeout": ["5", "500ms", "1min", "5m", "5S", "ms"],
    "MaxKeepAliveRequests": ["0", "-1", "50"],
    "Timeout": ["60", "500ms", "-1", "1min"],
    "Mutex": ["default mpm-accept", "none", "default nosuch"],
    "AsyncRequestWorkerFactor": ["1.5", "0", "2x", "inf"],
    "MinSpareServers": ["5"],
}
# Every number that a check_config logs.
CLAMPS = {f"AH{number:05}" for number in (*range(175, 188), *range(300, 324), *range(497, 521))}
SECONDS = 10**6
SCALES = {
    "MaxConnectionsPerChild": 1,
    "GracefulShutdownTimeout": 1,
    "MaxMemFree": 1,
    "ThreadStackSize": 1,
    "ExtendedStatus": 1,
    "Timeout": SECONDS,
    "KeepAlive": 1,
    "KeepAliveTimeout": SECONDS,
    "MaxKeepAliveRequests": 1,
}


def texts(mpm: Mpm) -> list[str]:
    """Make the same configurations each time, most of them with something to correct."""
    chance = random.Random(f"{SEED}/{mpm.value}")
    made = []
    for _ in range(FOR_EACH_MPM):
        own = chance.sample(DIRECTIVES[mpm], chance.randint(0, 4))
        lines = [f"{name} {chance.choice(NUMBERS)}" for name in own]
        for name in chance.sample(sorted(OTHERS), chance.choice([0, 0, 1, 2])):
            lines.append(f"{name} {chance.choice(OTHERS[name])}")
        chance.shuffle(lines)
        made.append("\n".join(lines))
    return made


def predicted(text: str, mpm: Mpm, modules: Sequence[str] = ()) -> EffectiveValues:
    target = a_target("authz_core", *modules, version=version()[:3])  # type: ignore[arg-type]  # three
    files = MemoryFiles({CONF: text.encode()})
    return effective.of(evaluate(files, Start(CONF, target, mpm=mpm, here=False)))


def in_force(values: EffectiveValues) -> dict[str, int]:
    """What the probe shows of the values, in its own units."""
    limits = dict(values.corrected.effective)
    limits.pop("StartServers")
    workers = limits.pop("MaxRequestWorkers")
    limits["children"] = workers // limits.get("ThreadsPerChild", 1)
    for name, scale in SCALES.items():
        value = values.setting(name).value
        limits[name] = int(value == "On" if isinstance(value, str) else value * scale)
    return limits


@pytest.mark.parametrize("mpm", list(Mpm))
def test_t_says_and_leaves_what_is_predicted(mpm: Mpm) -> None:
    refused = 0
    for text in texts(mpm):
        values = predicted(text, mpm)
        with PrivateHttpd(mpm, text) as httpd:
            answer = httpd.check("-e", "info")
        assert values.accepted == (answer.exit == 0), text
        if values.accepted:
            said = [(message.id, message.text) for message in values.messages]
            assert answer.messages == said, text
            ours = in_force(values)
            assert {name: answer.values[name] for name in ours} == ours, text
        else:
            refused += 1
            assert answer.stderr.rstrip().endswith(values.errors[0].text), text
    assert 0 < refused < FOR_EACH_MPM


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_a_refusal_is_in_the_words_and_at_the_line_of_httpd(text: str, sentence: str) -> None:
    with PrivateHttpd(Mpm.EVENT, text, MODULES[1:]) as httpd:
        answer = httpd.check()
        first_line = httpd.first_line
    assert answer.exit == 1
    assert answer.stderr.rstrip().endswith(f"\n{sentence}")
    line = predicted(text, Mpm.EVENT, MODULES[1:]).errors[0].line
    assert f"Syntax error on line {first_line + line - 1} of" in answer.stderr


def test_httpd_takes_what_we_say_it_takes() -> None:
    beyond = ("/nowhere", "MDomainSet", "file x")  # what only the machine can say
    for text in TAKEN:
        if not any(word in text for word in beyond):
            with PrivateHttpd(Mpm.EVENT, text, MODULES[1:]) as httpd:
                answer = httpd.check()
            assert (answer.exit, text) == (0, text), answer.stderr


STARTS = {
    Mpm.PREFORK: "MaxRequestWorkers 300\nStartServers 3\nMinSpareServers 2\nMaxSpareServers 1",
    Mpm.WORKER: "ThreadsPerChild 5\nMaxRequestWorkers 33\nMinSpareThreads 5\nMaxSpareThreads 6",
    Mpm.EVENT: "ServerLimit 3\nThreadsPerChild 5\nStartServers 0\nMinSpareThreads 1\n"
    "MaxSpareThreads 0",
}
AGAIN = {
    Mpm.PREFORK: "MaxRequestWorkers 20\nServerLimit 20\nMinSpareServers 3\nMaxSpareServers 9",
    Mpm.WORKER: "ThreadsPerChild 70\nThreadLimit 70\nMaxRequestWorkers 70\nServerLimit 99999",
    Mpm.EVENT: "ServerLimit 30\nThreadsPerChild 6\nMaxRequestWorkers 100\nMaxSpareThreads 20",
}


def shown(values: dict[str, int], ours: dict[str, int]) -> dict[str, int]:
    """Take from the probe's values those that are predicted."""
    threads = values["ThreadsPerChild"]
    both = {**values, "MaxRequestWorkers": values["children"] * threads}
    return {name: both[name] for name in ours if name != "StartServers"}


def predictable(effective_values: dict[str, int]) -> dict[str, int]:
    return {name: value for name, value in effective_values.items() if name != "StartServers"}


@pytest.mark.parametrize("mpm", list(Mpm))
@pytest.mark.parametrize("graceful", [True, False])
def test_start_and_restart_log_and_leave_what_is_predicted(mpm: Mpm, graceful: bool) -> None:
    target = a_target("authz_core")
    trees = [
        evaluate(MemoryFiles({CONF: text.encode()}), Start(CONF, target, mpm=mpm, here=False))
        for text in (STARTS[mpm], AGAIN[mpm])
    ]
    first, then = (Written.of(tree).numbers(mpm) for tree in trees)
    running = correct(mpm, first).effective
    second = correct(mpm, first, reading=Reading.LOG, frozen=Frozen.by(running))
    again = restart.read_again(mpm, then, running)
    with PrivateHttpd(mpm, STARTS[mpm]) as httpd:
        httpd.start()
        ours = startup.start(mpm, second.effective)
        assert len(httpd.children()) >= ours.initial_children
        values = predictable(dict(ours.effective))
        assert shown(dict(httpd.values()), values) == values
        log = messages_in(httpd.error_log())
        assert [pair for pair in log if pair[0] in CLAMPS] == [
            (message.id, message.text) for message in second.messages
        ]
        log = messages_in(httpd.reload(AGAIN[mpm], graceful=graceful))
        assert [pair for pair in log if pair[0] in CLAMPS] == [
            (message.id, message.text) for message in again.messages
        ]
        values = predictable(dict(startup.start(mpm, again.effective).effective))
        assert shown(dict(httpd.values()), values) == values


@pytest.mark.parametrize("mpm", [Mpm.PREFORK, Mpm.WORKER])
def test_more_buckets_than_children_kill_the_parent_after_a_silent_check(mpm: Mpm) -> None:
    cpus = os.sysconf("SC_NPROCESSORS_ONLN")
    if cpus == 1:
        pytest.skip("one CPU makes one listener bucket")
    text = "ServerLimit 1\nListenCoresBucketsRatio 1\nMaxRequestWorkers 25"
    if mpm.threaded:  # for want of spare threads it soon needs the second slot
        text += "\nThreadLimit 70\nStartServers 4\nMinSpareThreads 25"
    tree = evaluate(
        MemoryFiles({CONF: text.encode()}), Start(CONF, a_target(), mpm=mpm, here=False)
    )
    assert effective.of(tree, online_cpus=cpus).started.overruns_scoreboard
    with PrivateHttpd(mpm, text) as httpd:
        assert httpd.check().exit == 0
        with contextlib.suppress(RuntimeError):  # it may die before it serves
            httpd.start()
        assert httpd.ended() == -signal.SIGSEGV
