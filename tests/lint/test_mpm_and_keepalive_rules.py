"""What the examples of the MPM and KAL rules do not show: what is not known is not judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd.targets import TARGETS
from mpmtune.lint.engine import Checks, Reading, check
from mpmtune.lint.mpm_limits import Limits
from mpmtune.lint.registry import all_rules
from mpmtune.lint.rule import Example, ExampleHost, Hits, Rule, Scope
from mpmtune.lint.rules.kal import no_request_read_timeout
from mpmtune.model.finding import Finding, Severity
from mpmtune.model.httpd import Mpm
from mpmtune.model.unknown import Unknown
from tests.lint.example_hosts import host_facts
from tests.lint.example_readings import LISTINGS, reading_of, report_of

TWO_FAMILIES = tuple(rule for rule in all_rules() if rule.family in {"mpm", "kal"})
NO_MPM_LOADED = tuple(listing for listing in LISTINGS if listing.code == "MPM001")
EVERYTHING = (
    "ServerLimit 3000\nThreadLimit 1000\nMaxRequestWorkers 90\nStartServers 900\n"
    "MinSpareServers 95\nMaxSpareServers 5\nMaxConnectionsPerChild 5\n"
    "ListenCoresBucketsRatio 1\nListenBacklog 90000\nKeepAlive Off\nKeepAliveTimeout 90\n"
)


def found(text: str, mpm: Mpm | None = Mpm.EVENT, scope: Scope = Scope.WHOLE) -> list[Finding]:
    example = Example(bad=text, mpm=mpm, scope=scope)
    report = report_of(example, text, *TWO_FAMILIES)
    return [f for f in report.findings if f.code.startswith(("MPM", "KAL"))]


def codes(text: str, mpm: Mpm | None = Mpm.EVENT, scope: Scope = Scope.WHOLE) -> set[str]:
    return {finding.code for finding in found(text, mpm, scope)}


def messages(text: str, code: str, mpm: Mpm = Mpm.EVENT) -> list[str]:
    return [finding.message for finding in found(text, mpm) if finding.code == code]


def test_without_an_mpm_no_limit_is_judged() -> None:
    assert codes(EVERYTHING, mpm=None) == {"MPM001", "KAL201"}


def test_without_an_mpm_no_directive_is_called_unknown() -> None:
    assert "MPM022" not in codes("ThreadsPerChild 25\nMinSpareServers 5\n", mpm=None)


def test_an_mpm_that_may_stand_in_a_missing_file_is_not_missed() -> None:
    assert codes("Include not-there.conf\n", mpm=None) == set()
    assert codes("IncludeOptional mods-enabled/*.load\n", mpm=None) == set()
    assert codes("IncludeOptional sites-enabled/*.conf\n", mpm=None) == {"MPM001"}


def test_a_configuration_that_loads_nothing_gets_its_modules_elsewhere() -> None:
    files = MemoryFiles({"/etc/apache2/apache2.conf": b"IncludeOptional conf.d/*.conf\n"})
    start = Start("/etc/apache2/apache2.conf", TARGETS["debian-12"], here=False)
    reading = Reading((evaluate(files, start),))
    assert not check([reading], Checks(rules=NO_MPM_LOADED, known=LISTINGS)).findings


@pytest.mark.parametrize("value", ["${WORKERS}", "{{ workers }}", "<%= @workers %>", "@workers@"])
def test_a_limit_that_is_filled_in_later_is_not_compared(value: str) -> None:
    text = f"MaxRequestWorkers {value}\nServerLimit 2\nThreadsPerChild 7\nStartServers 900\n"
    assert codes(text, scope=Scope.FRAGMENT) == set()


def test_the_stock_file_of_all_mpms_is_judged_by_the_active_one_alone() -> None:
    text = (
        "<IfModule mpm_prefork_module>\nStartServers 5\nMinSpareServers 5\nMaxSpareServers 10\n"
        "MaxRequestWorkers 250\nMaxConnectionsPerChild 0\n</IfModule>\n"
        "<IfModule mpm_event_module>\nStartServers 3\nMinSpareThreads 75\nMaxSpareThreads 250\n"
        "ThreadsPerChild 25\nMaxRequestWorkers 400\nMaxConnectionsPerChild 0\n</IfModule>\n"
    )
    assert codes(text, Mpm.EVENT) == set()
    assert codes(text, Mpm.PREFORK) == set()
    assert codes(text, scope=Scope.FRAGMENT) == set()


def test_what_debian_installs_is_clean() -> None:
    text = (
        "StartServers 2\nMinSpareThreads 25\nMaxSpareThreads 75\nThreadLimit 64\n"
        "ThreadsPerChild 25\nMaxRequestWorkers 150\nMaxConnectionsPerChild 0\n"
    )
    assert codes(text, Mpm.EVENT) == set()
    assert codes(text, Mpm.WORKER) == set()


def test_one_bad_number_may_be_corrected_twice_and_each_is_said() -> None:
    text = "ThreadsPerChild 64\nServerLimit 4\nMaxRequestWorkers 500\n"
    assert messages(text, "MPM005") == [
        "MaxRequestWorkers 500 is no multiple of ThreadsPerChild 64: httpd rounds it down to 448"
    ]
    assert messages(text, "MPM004") == [
        (
            "MaxRequestWorkers 448 needs 7 children of 64 threads, and ServerLimit 4 allows"
            " fewer: httpd runs 256 workers"
        )
    ]


def test_a_limit_that_no_repair_can_reach_has_no_fix() -> None:
    (finding,) = (f for f in found("MaxRequestWorkers 600000\n") if f.code == "MPM004")
    assert finding.fix is None


def test_a_block_that_a_define_switches_off_is_no_block_of_another_mpm() -> None:
    text = (
        "<IfDefine Never>\n<IfModule mpm_event_module>\nMaxRequestWorkers 100\n</IfModule>\n"
        "</IfDefine>\n<IfModule mod_never.c>\nMaxRequestWorkers 100\n</IfModule>\n"
    )
    assert "MPM023" not in codes(text)


def test_a_refused_argument_of_another_directive_is_not_the_factor() -> None:
    assert codes("KeepAliveTimeout abc\nListenBacklog none\n") & {"MPM025", "MPM033"} == set()


def test_fractions_counted_before_2_4_30() -> None:
    (rule,) = (rule for rule in TWO_FAMILIES if rule.code == "MPM033")
    assert isinstance(rule, Rule)
    text = "AsyncRequestWorkerFactor 1.5\n"
    (tree,) = reading_of(Example(bad=text), text).trees
    old = replace(tree, target=replace(tree.target, version=(2, 4, 29)))
    hits = Hits({"asyncrequestworkerfactor": tree.by_name["asyncrequestworkerfactor"]})
    assert list(rule.check(old, hits)) == []
    assert [v.severity for v in rule.check(tree, hits)] == [Severity.WARNING]


def test_a_script_that_has_its_own_time_is_not_held_to_timeout() -> None:
    script = "Timeout 5\nScriptAlias /cgi-bin/ /srv/www/htdocs/\n"
    text = f"LoadModule cgid_module /usr/lib/apache2/modules/mod_cgid.so\n{script}"
    assert "KAL207" in codes(text)
    assert "KAL207" not in codes(f"{text}CGIDScriptTimeout 60\n")
    assert "KAL207" not in codes(text.replace("Timeout 5", "Timeout 30"))


def test_keep_alive_matters_to_virtual_hosts_with_tls_and_in_no_other_section() -> None:
    host = "<VirtualHost *:8443>\nSSLEngine {}\nKeepAlive Off\n</VirtualHost>\n"
    load = "LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so\n"
    assert "KAL201" in codes(load + host.format("on"))
    assert "KAL201" not in codes(load + host.format("off"))
    assert "KAL201" not in codes("<Directory /srv/www>\nKeepAlive Off\n</Directory>\n")


def test_where_no_connection_is_kept_its_time_does_not_matter() -> None:
    assert "KAL202" not in codes("KeepAlive Off\nKeepAliveTimeout 300\n")


def test_a_module_is_not_missed_in_a_part_of_a_configuration() -> None:
    text = "Timeout 60\n"
    (tree,) = reading_of(Example(bad=text, without=("reqtimeout_module",)), text).trees
    check_it = no_request_read_timeout.RULE.check
    assert list(check_it(tree, Hits({}, scope=Scope.FRAGMENT))) == []
    assert len(list(check_it(tree, Hits({})))) == 1


def test_what_is_not_known_of_the_machine_is_not_judged() -> None:
    example = Example(bad=EVERYTHING, mpm=Mpm.PREFORK, host=ExampleHost(memory_mib=64))
    reading = reading_of(example, example.bad)
    facts = host_facts(ExampleHost(memory_mib=64), reading.trees[0])
    unknown = Unknown("host", "not said")
    blank = replace(facts.machine, memory_total=unknown, cpus=unknown, somaxconn=unknown)
    hidden = replace(facts, machine=blank)
    listings = tuple(one for one in LISTINGS if one.code in {"MPM026", "MPM029", "MPM030"})
    seen = check([reading], Checks(rules=listings, known=LISTINGS, facts=facts))
    assert {finding.code for finding in seen.findings} == {"MPM026", "MPM029", "MPM030"}
    assert check([reading], Checks(rules=listings, known=LISTINGS, facts=hidden)).findings == ()


def test_memory_that_is_only_assumed_is_no_error() -> None:
    text = "ServerLimit 2000\nMaxRequestWorkers 2000\n"

    def severities(host: ExampleHost) -> set[Severity]:
        example = Example(bad=text, mpm=Mpm.PREFORK, host=host)
        report = report_of(example, text)
        return {f.severity for f in report.findings if f.code == "MPM026"}

    assert severities(ExampleHost(memory_mib=1024, child_mib=None)) == {Severity.WARNING}
    assert severities(ExampleHost(memory_mib=1024, child_mib=3)) == {Severity.ERROR}
    assert severities(ExampleHost(memory_mib=6200, child_mib=3)) == {Severity.WARNING}
    assert severities(ExampleHost(memory_mib=6200, child_mib=None)) == set()


def test_a_machine_without_room_for_one_child_gets_no_number() -> None:
    text = "MaxRequestWorkers 256\n"
    example = Example(bad=text, mpm=Mpm.PREFORK, host=ExampleHost(memory_mib=64, child_mib=90))
    (finding,) = (f for f in report_of(example, text).findings if f.code == "MPM026")
    assert finding.fix is None


def test_limits_need_an_mpm() -> None:
    text = "MaxRequestWorkers 100\n"
    (tree,) = reading_of(Example(bad=text, mpm=None), text).trees
    assert Limits.of(tree, Hits({})) is None
