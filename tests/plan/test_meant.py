"""Which httpd a plan is for."""

from __future__ import annotations

from dataclasses import replace

from mpmtune.model.server import Instance, Mpm, StartOptions
from mpmtune.plan.meant import name_server
from mpmtune.plan.planner import plan
from tests.builders import a_server, facts


def _instance(pid: int, *, away: bool = False) -> Instance:
    return Instance(pid, "/usr/sbin/apache2", StartOptions(), (), (), 60, away)


def test_a_server_is_named_by_version_configuration_and_process() -> None:
    assert name_server(a_server()) == "Apache/2.4.71 with /etc/apache2/apache2.conf, stopped"
    running = a_server(instance=_instance(40))
    assert name_server(running) == "Apache/2.4.71 with /etc/apache2/apache2.conf, process 40"


def test_other_httpds_on_the_host_are_warned_of() -> None:
    meant, other, away = _instance(40), _instance(50), _instance(60, away=True)
    known = replace(facts(server=a_server(instance=meant)), instances=(meant, other, away))
    assert plan(Mpm.EVENT, "a test", known).warnings == (
        (
            "2 httpds run here: this plan is for process 40 and counts 50 among the other "
            "programs. Another one is chosen with --conf, --server-root or --httpd."
        ),
    )
    assert plan(Mpm.EVENT, "a test", replace(known, instances=(meant, away))).warnings == ()


def test_without_an_httpd_the_plan_is_for_none() -> None:
    assert plan(Mpm.EVENT, "a test", facts()).planned_for == ""
