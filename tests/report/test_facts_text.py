from __future__ import annotations

from dataclasses import replace

import pytest

from mpmtune.model.compatibility import Compatibility, Verdict
from mpmtune.model.facts import Facts, Remark
from mpmtune.model.server import (
    Children,
    EffectiveSetting,
    FpmPool,
    Mpm,
    ProxyBackend,
    Server,
)
from mpmtune.model.unknown import Unknown
from mpmtune.report.console import styled
from mpmtune.report.facts_text import facts_lines, host_derivations
from mpmtune.report.text import plain
from tests.builders import a_machine, a_server, facts
from tests.report.test_facts_v1 import a_child, a_running_server, an_instance, whole_facts

WHOLE = """\
Host  Debian GNU/Linux 12 (bookworm)
  memory        2048 MiB  test
  available     1024 MiB  test
  CPUs          2         test
  tasks         512       test
  open files    8192      test
  listen queue  4096      test

httpd
  [ok]  Apache/2.4.71, /usr/sbin/apache2
  [ok]  MPM event (shared, found by test)
  [ok]  configuration /etc/apache2/apache2.conf
  [ok]  running: parent 812, up 25 h, 1 helper
  [ok]  2 children of 25 threads; PSS p50 2048 KiB, p95 4096 KiB, max 4096 KiB; 2 of 2 looked at
        have worked
  [ok]  mod_status: 3 workers busy, 47 idle
  [--]  PHP-FPM pool www: at most 5 children, 2 now, PSS 9216 KiB
  [--]  proxies to http://10.0.0.1/, max=30 (/etc/x.conf:7)

Values in force
  httpd.conf  MaxRequestWorkers 150, KeepAlive On

Modules  2 loaded, 0 of them compiled in
  [ok]  prefork  every loaded module goes with it
  [ok]  worker   every loaded module goes with it
  [ok]  event    every loaded module goes with it

What holds a worker of event for a whole connection
  [! ]  proxy_wstunnel_module  a tunnel

Findings
  [--]  A sentence.
        Do this.

Could not see
  host.virtualization: nothing says so
"""


def _text(found: Facts, width: int = 100) -> str:
    return plain(facts_lines(found, width))


def _httpd(server: Server) -> list[str]:
    lines = _text(facts(server=server)).splitlines()
    return lines[lines.index("httpd") + 1 :]


def test_a_running_server_fits_one_screen() -> None:
    assert _text(whole_facts()) == WHOLE


@pytest.mark.parametrize("width", [60, 80, 100])
def test_lines_keep_the_width(width: int) -> None:
    assert max(map(len, _text(whole_facts(), width).splitlines())) <= width


def test_colour_changes_nothing_but_escapes() -> None:
    lines = facts_lines(whole_facts(), 100)
    coloured = styled(lines, color=True)
    assert "\x1b[" in coloured
    assert styled(lines, color=False) == WHOLE


def test_no_httpd_is_said_plainly() -> None:
    assert "[--]  none is installed" in _text(facts())


def test_what_could_not_be_known_says_why() -> None:
    server = replace(
        a_running_server(),
        build=Unknown("httpd.version", "it hung"),
        mpm=Unknown("httpd.mpm", "two are loaded"),
        modules=Unknown("httpd.modules", "no one says"),
        children=Unknown("httpd.children", "it has none"),
        instance=an_instance(uptime_seconds=None, helper_pids=()),
        status=Unknown("httpd.status", "refused"),
        conf=Unknown("httpd.conf", "x"),
        fpm_pools=(),
        backends=(),
        settings=(),
    )
    assert _httpd(server) == [
        "  [--]  version unknown: it hung",
        "  [! ]  MPM unknown: two are loaded",
        "  [ok]  running: parent 812",
        "  [--]  children unknown: it has none",
        "",
        "Modules  unknown: no one says",
    ]
    machine = replace(a_machine(memory_mib=None), virtualization=Unknown("x", "y"))
    assert "memory        unknown  not said" in _text(facts(machine))


def test_a_stopped_server_is_called_stopped() -> None:
    assert "  [--]  httpd is stopped" in _httpd(a_server())


def test_without_root_rss_stands_for_pss() -> None:
    hidden = Children((a_child(813, None, worked=False, tasks=1),), None, worked=False, count=1)
    assert (
        "  [--]  1 child; RSS p50 5120 KiB, p95 5120 KiB, max 5120 KiB; 0 of 1 looked at have worked"
    ) in _httpd(a_running_server(children=hidden))


def test_files_beneath_the_server_root_are_shown_relative_to_it() -> None:
    server = replace(
        a_server(),
        settings=(
            EffectiveSetting("Timeout", 60, "/etc/apache2/apache2.conf", 3),
            EffectiveSetting("MaxRequestWorkers", 384, "/srv/x.conf", 9, "400 in the file"),
            EffectiveSetting("ServerLimit", 16),
            EffectiveSetting("SendBufferSize", 0),
        ),
    )
    text = _text(facts(server=server))
    assert "  apache2.conf      Timeout 60\n" in text
    assert "  /srv/x.conf       MaxRequestWorkers 384*\n" in text
    assert "  httpd's defaults  ServerLimit 16\n" in text
    assert "  * MaxRequestWorkers: 400 in the file\n" in text
    assert "SendBufferSize" not in text


def test_the_gravest_verdict_gives_an_mpm_its_tag() -> None:
    entries = (
        Compatibility("php_module", Mpm.EVENT, Verdict.REFUSED, "w", "s"),
        Compatibility("perl_module", Mpm.EVENT, Verdict.UNKNOWN, "w", "s"),
        Compatibility("mine_module", Mpm.EVENT, Verdict.UNKNOWN, "w", "s"),
        Compatibility("http2_module", Mpm.PREFORK, Verdict.FALLBACK, "w", "s"),
    )
    text = _text(replace(facts(server=a_server()), compatibility=entries))
    assert "  [! ]  prefork  works worse with http2_module\n" in text
    assert "  [ok]  worker   every loaded module goes with it\n" in text
    assert (
        "  [!!]  event    httpd refuses to start with php_module; nothing is known of perl_module,\n"
    ) in text


def test_control_characters_never_reach_the_terminal() -> None:
    evil = "\x1b[2J\u202e\x9b"
    server = replace(
        a_running_server(),
        fpm_pools=(FpmPool(evil, evil, evil, 1, None, None),),
        backends=(ProxyBackend(evil, None, evil, 1),),
        mpm_found_by=evil,
        settings=(EffectiveSetting("Timeout", evil, evil, 1, evil),),
    )
    found = replace(
        whole_facts(server), remarks=(Remark("error", evil, evil),), unknown=(Unknown(evil, evil),)
    )
    text = styled([*facts_lines(found, 100), *host_derivations(found)], color=False)
    assert all(char == "\n" or (char.isprintable() and char != "\u202e") for char in text)


def test_derivations_name_every_leaf() -> None:
    text = plain(host_derivations(whole_facts()))
    assert "  host.pids_limit 512   [measured: test]\n" in text
    assert "pids" not in plain(host_derivations(facts(a_machine())))


@pytest.mark.parametrize(
    ("seconds", "shown"), [(5, "5 s"), (119, "119 s"), (7199, "119 min"), (200_000, "2 days")]
)
def test_the_uptime_is_told_in_its_unit(seconds: int, shown: str) -> None:
    server = a_running_server(instance=an_instance(uptime_seconds=seconds, helper_pids=()))
    assert f"  [ok]  running: parent 812, up {shown}" in _httpd(server)


def test_a_remark_may_have_no_way_out() -> None:
    text = _text(replace(facts(), remarks=(Remark("warning", "A sentence."),)))
    assert text.endswith("Findings\n  [! ]  A sentence.\n")
