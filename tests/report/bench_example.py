"""A bench as the reports take it."""

from __future__ import annotations

from dataclasses import replace

from mpmtune.model.bench import GRID, Bench, Claim, Compared, Measured, Run
from mpmtune.model.httpd import Mpm
from mpmtune.model.load import MemorySample

MIB = 1024**2


def a_run(score: float, mib: int = 100, *, over: bool = False) -> Run:
    return Run(score, (("clients_per_second", score),), mib * MIB, 4, 3.0, over, ("AH00484",))


PLAN = Measured(
    "plan",
    "named",
    Mpm.PREFORK,
    "MaxRequestWorkers 36\n",
    "made by mpmtune",
    (a_run(90, 480), a_run(88, 484), a_run(91, 470)),
    predicted_bytes=490 * MIB,
    predicted_per_second=90.0,
)
DEBIAN = Measured(
    "debian", "named", Mpm.PREFORK, "", "shipped", tuple(a_run(0, 870, over=True) for _ in "123")
)
REFUSED = Measured(
    "file:x", "named", Mpm.PREFORK, "Nonsense\n", "x", (), refused="AH00526: Syntax \x1b error"
)
UNMEASURED = Measured("builtin", "named", Mpm.PREFORK, "", "", ())
POINT = Measured("prefork 36", GRID, Mpm.PREFORK, "", "", (a_run(92, 486),))
HEAVY = Compared(
    workload="mem_heavy",
    about="Scripts that hold 12 MB for 400 ms each.",
    scored="replies per second",
    guard=False,
    budget_bytes=512 * MIB,
    scale=1.0,
    settings=(PLAN, DEBIAN, REFUSED, UNMEASURED, POINT),
    samples=(MemorySample(Mpm.PREFORK, 10, 1, 120 * MIB, "bench"),),
    load=(("arrivals", 90.0),),
    summary='{"schema": "mpmtune/workload/v1"}',
    remarks=("The time was over.",),
)
GUARD = replace(
    HEAVY, workload="php_cpu", guard=True, budget_bytes=None, settings=(PLAN, UNMEASURED)
)
CLAIM = Claim(
    "worker uses less memory than prefork",
    "true",
    "3.1 times less.",
    (("prefork", (("pss", 96.0),)),),
)
BENCH = Bench(
    made="2026-11-24T12:00:00Z",
    command="mpmtune bench mem_heavy",
    machine=(("httpd", "2.4.71"), ("cpus", "1 for the server, 1 for clients")),
    seconds=61.25,
    compared=(HEAVY, GUARD),
    claims=(CLAIM,),
    remarks=("h2_io is left out: h2load is not installed here.",),
)
