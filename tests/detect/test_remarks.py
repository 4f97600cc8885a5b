from __future__ import annotations

from dataclasses import replace

import pytest

from mpmtune.detect.remarks import Findings, remarks
from mpmtune.model.server import Instance, Mpm, StartOptions, StatusSample
from mpmtune.model.unknown import Unknown
from tests.builders import a_server

INSTANCE = Instance(10, "/usr/sbin/apache2", StartOptions("/srv", "x.conf"), (), (), 90_000)


def _messages(findings: Findings) -> list[str]:
    return [remark.message for remark in remarks(findings)]


def test_a_good_running_server_needs_no_remark() -> None:
    server = a_server(instance=INSTANCE, configured_mpm=Mpm.EVENT)
    assert _messages(Findings(server, (INSTANCE,), accepted=True)) == []


def test_the_gravest_comes_first() -> None:
    server = a_server(messages=("AH00526: x",))
    found = remarks(Findings(server, (), accepted=False, not_asked="why", differences=("a:1: x",)))
    assert [one.severity for one in found] == ["error", "warning", "warning", "info"]


def test_a_refusal_without_a_word_is_told_too() -> None:
    assert _messages(Findings(a_server(), (), accepted=False))[0] == (
        "httpd does not accept its configuration: it gives no reason"
    )


def test_a_refusal_is_doubted_where_envvars_was_not_read_whole() -> None:
    doubted, sure = (
        remarks(Findings(a_server(), (), accepted=False, left_out=left_out))[0].way_out
        for left_out in (("A=$(x)",), ())
    )
    assert doubted.startswith("Perhaps only because of the lines of envvars named below. Mend it")
    assert sure.startswith("Mend it before the next restart")


def test_a_configuration_that_was_not_read_anew_is_told() -> None:
    status = StatusSample("u", 1, 1, 1, None, None, None, None, None, None, None, 150)
    server = a_server(settings={"MaxRequestWorkers": 400}, status=status, configured_mpm=Mpm.EVENT)
    found = remarks(Findings(server, (), accepted=True))[0]
    assert (found.severity, found.way_out.partition(";")[0]) == ("warning", "Reload httpd")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-3, "0 s"), (59, "59 s"), (61, "1 min"), (7200, "2 h"), (86_399, "23 h")],
)
def test_a_short_uptime_is_told(seconds: int, shown: str) -> None:
    server = a_server(instance=replace(INSTANCE, uptime_seconds=seconds))
    assert _messages(Findings(server, ())) == [
        f"httpd has been up for {shown}: it has not seen a whole day yet."
    ]


def test_an_unknown_mpm_that_is_to_change_is_told() -> None:
    server = a_server(mpm=Mpm.EVENT, instance=INSTANCE, configured_mpm=Mpm.WORKER, modules=())
    lost = replace(server, mpm=Unknown("httpd.mpm", "x"))
    assert _messages(Findings(lost, ()))[0].startswith(
        "another MPM runs, but the configuration now loads worker"
    )


def test_the_chosen_instance_is_named_as_it_was_started() -> None:
    other = replace(INSTANCE, parent_pid=20)
    server = a_server(instance=INSTANCE)
    assert _messages(Findings(server, (INSTANCE, other))) == [
        (
            "2 httpds run here; these facts are about parent 10 "
            "(/usr/sbin/apache2 -d /srv -f x.conf), not about 20 (/usr/sbin/apache2 -d /srv -f x.conf)."
        )
    ]


def test_two_lines_that_need_a_shell_are_counted() -> None:
    found = _messages(Findings(a_server(instance=INSTANCE), (), left_out=("A=$(x)", "B=`y`")))
    assert found == ["envvars has 2 lines that only a shell can evaluate: A"]


def test_no_httpd_but_a_container_is_told() -> None:
    away = replace(INSTANCE, other_namespace=True)
    found = _messages(Findings(Unknown("httpd", "none is installed"), (away,)))
    assert found == [
        "No httpd to look at: none is installed.",
        (
            "httpd in another namespace, as in a container (parent 10): what they read lies out of "
            "reach from here."
        ),
    ]


@pytest.mark.parametrize(
    "options", [StartOptions(before=("Timeout 1",)), StartOptions(after=("Timeout 1",))]
)
def test_directives_on_the_command_line_are_told_to_be_left_out(options: StartOptions) -> None:
    server = a_server(instance=replace(INSTANCE, options=options))
    assert _messages(Findings(server, ()))[0].startswith("httpd was started with -C or -c")
