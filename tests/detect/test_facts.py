from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.errors import HttpdError
from mpmtune.host.doorway import Absent, Answer
from mpmtune.model.compatibility import Verdict
from mpmtune.model.server import Build, Children, Linkage, Module, Mpm, Server, StatusSample
from mpmtune.model.unknown import Unknown
from mpmtune.report.facts_text import facts_lines
from mpmtune.report.facts_v1 import facts_v1
from mpmtune.report.text import plain
from tests.detect.a_host import AHost, a_process
from tests.detect.debian import ASKED, DUMP, STATUS_CONF, a_debian, running, said
from tests.detect.test_status import EVENT as STATUS
from tests.report.test_facts_v1 import checked

if TYPE_CHECKING:
    from mpmtune.model.facts import Facts

FPM = 'SetHandler "proxy:unix:/run/p.sock|fcgi://localhost"\n'


def _facts(host: AHost, choice: Choice | None = None) -> Facts:
    found = detect_facts(host, choice or Choice())
    checked(found)
    return found


def _server(host: AHost, choice: Choice | None = None) -> Server:
    found = _facts(host, choice).server
    assert isinstance(found, Server)
    return found


def _said(host: AHost, choice: Choice | None = None) -> str:
    return "\n".join(remark.message for remark in _facts(host, choice).remarks)


def test_a_stopped_httpd_is_described_by_binary_and_configuration() -> None:
    server = _server(a_debian())
    assert isinstance(server.build, Build)
    assert (server.mpm, server.mpm_linkage, server.mpm_found_by) == (
        Mpm.EVENT,
        Linkage.SHARED,
        "httpd -M",
    )
    assert isinstance(server.modules, tuple)
    assert server.modules[-1] == Module("mpm_event_module", Linkage.SHARED)
    timeout = server.setting("Timeout")
    assert timeout is not None
    assert (timeout.value, timeout.file, timeout.line) == (300, "/etc/apache2/apache2.conf", 2)
    assert server.children == Unknown("httpd.children", "httpd is stopped")


@pytest.mark.parametrize("mpm", ["prefork", "worker", "event"])
def test_a_running_httpd_is_described_by_its_process(mpm: str) -> None:
    host = running(a_debian(mpm, "status", conf=STATUS_CONF), mpm)
    host.pages[(80, "/server-status?auto")] = Answer(200, STATUS.encode(), b"")
    server = _server(host)
    assert (server.mpm, server.mpm_found_by) == (Mpm(mpm), "/proc/10/maps")
    assert isinstance(server.children, Children)
    assert server.children.count == 2
    assert server.children.threads_per_child == (1 if mpm == "prefork" else 25)
    assert isinstance(server.status, StatusSample)
    assert server.httpd_pss is not None
    assert server.httpd_pss.value == 3 * 2_048_000


def test_a_broken_configuration_is_told_with_httpds_own_sentence() -> None:
    host = a_debian(conf="Bogus on\n")
    host.answers[f"{ASKED} -M"] = said(
        "",
        "AH00526: Syntax error on line 6 of /etc/apache2/apache2.conf:\n"
        "Invalid command 'Bogus', perhaps misspelled\n",
        1,
    )
    found = _facts(host)
    assert isinstance(found.server, Server)
    assert (found.server.mpm, found.server.mpm_found_by) == (Mpm.EVENT, "httpd -V")
    assert isinstance(found.server.modules, tuple)
    assert found.remarks[0].severity == "error"
    assert found.remarks[0].message == (
        "httpd does not accept its configuration: AH00526: Syntax error on line 6 of "
        "/etc/apache2/apache2.conf: Invalid command 'Bogus', perhaps misspelled"
    )


def test_two_mpms_leave_the_mpm_unknown_whatever_httpd_names() -> None:
    host = a_debian(
        conf="LoadModule mpm_worker_module /usr/lib/apache2/modules/mod_mpm_worker.so\n"
    )
    host.answers[f"{ASKED} -M"] = said("", "AH00534: apache2: Configuration error: More than one MPM loaded.\n", 1)  # fmt: skip
    server = _server(host)
    assert isinstance(server.mpm, Unknown)
    assert "AH00534: Configuration error: More than one MPM loaded." in _said(host)


def test_warnings_at_start_are_told() -> None:
    host = a_debian()
    text = "AH00558: no name\nAH00513: WARNING: MaxRequestWorkers of 400 is not\n"
    answer = host.answers[f"{ASKED} -M"]
    host.answers[f"{ASKED} -M"] = Answer(0, answer.stdout, text.encode())
    found = _facts(host)
    assert [one.message for one in found.remarks if one.severity == "warning"] == [
        "httpd says at start: AH00513: WARNING: MaxRequestWorkers of 400 is not"
    ]


def test_a_changed_mpm_waits_for_a_restart() -> None:
    host = running(a_debian("worker"), "event")
    server = _server(host)
    assert (server.mpm, server.configured_mpm) == (Mpm.EVENT, Mpm.WORKER)
    assert "event runs, but the configuration now loads worker" in _said(host)


def test_without_root_it_says_what_it_could_not_see() -> None:
    host = running(a_debian())
    host.uid = 1000
    for path in [path for path in host.files if path.endswith(("maps", "smaps_rollup"))]:
        del host.files[path]
    host.processes_ = tuple(
        type(one)(one.pid, one.parent, one.name, "", one.arguments, one.started_seconds)
        for one in (a_process(10), a_process(11, 10), a_process(12, 10))
    )
    found = _facts(host)
    assert isinstance(found.server, Server)
    assert (found.server.mpm, found.server.mpm_found_by) == (Mpm.EVENT, "httpd -M")
    assert found.server.httpd_pss is None
    named = {one.what for one in found.unknown}
    assert {"httpd.children.pss_bytes_p50", "httpd.pss_bytes_total"} <= named


def test_a_configuration_of_another_user_is_read_but_not_put_to_httpd() -> None:
    host = a_debian()
    host.owners["/etc/apache2/apache2.conf"] = 1000
    server = _server(host)
    assert server.mpm_found_by == "LoadModule in the configuration"
    assert "httpd was not asked about its configuration: /etc/apache2/apache2.conf belongs" in _said(host)  # fmt: skip


def test_no_httpd_is_no_error() -> None:
    found = _facts(AHost({"/usr/bin/true": "", "/etc/os-release": "ID=debian\n"}))
    assert isinstance(found.server, Unknown)
    assert found.remarks[0].message.startswith("No httpd to look at")


def test_a_named_httpd_that_is_missing_is_an_error() -> None:
    with pytest.raises(HttpdError):
        detect_facts(a_debian(), Choice(httpd="/opt/none"))


def test_processes_that_cannot_be_listed_leave_running_unknown() -> None:
    host = a_debian()
    host.processes_ = Absent("/proc", "there is no /proc")
    found = _facts(host)
    assert checked(found)["httpd"]["running"] is None
    assert "stopped" not in _said(host)


def test_several_instances_are_named_and_one_is_chosen() -> None:
    second = "/usr/sbin/apache2 -d /etc/apache2-second -k start"
    host = running(a_debian(), "event", a_process(20, 1, second))
    assert (
        "2 httpds run here; these facts are about parent 10 (/usr/sbin/apache2), not about 20"
        in _said(host)
    )
    for path in [path for path in host.files if path.startswith("/etc/apache2/")]:
        host.files[path.replace("/etc/apache2/", "/etc/apache2-second/")] = host.files[path]
    server = _server(host, Choice(server_root="/etc/apache2-second"))
    assert server.instance is not None
    assert (server.instance.parent_pid, server.conf) == (20, "/etc/apache2-second/apache2.conf")


def test_a_container_beside_an_installed_httpd_is_left_aside() -> None:
    host = running(a_debian())
    host.links = {"/proc/self/ns/pid": "pid:[1]", "/proc/10/ns/pid": "pid:[2]"}
    found = _facts(host)
    assert isinstance(found.server, Server)
    assert found.server.instance is None
    assert "httpd in another namespace, as in a container (parent 10)" in _said(host)


def test_a_container_alone_is_looked_at_from_outside() -> None:
    host = running(a_debian())
    host.links = {"/proc/self/ns/mnt": "mnt:[1]", "/proc/10/ns/mnt": "mnt:[2]"}
    for path in [path for path in host.files if path.startswith(("/usr/", "/etc/"))]:
        del host.files[path]
    server = _server(host)
    assert server.instance is not None
    assert server.build == Unknown("httpd.version", "it runs in another namespace")
    assert (server.mpm, server.modules) == (
        Mpm.EVENT,
        (Module("mpm_event_module", Linkage.SHARED),),
    )
    assert "its configuration and binary lie out of reach" in _said(host)


def test_verdicts_and_fallbacks_follow_from_modules_and_backends() -> None:
    host = a_debian("prefork", "php", "proxy", "proxy_http", conf="ProxyPass /w ws://h/\n")
    found = _facts(host)
    php = {one.mpm: one for one in found.compatibility if one.module == "php_module"}
    assert php[Mpm.EVENT].verdict is Verdict.REFUSED
    assert php[Mpm.EVENT].blocks
    assert [one.module for one in found.fallback] == ["proxy_http_module"]
    assert "php_module holds this server on prefork" in _said(host)


def test_php_that_httpd_takes_under_threads_is_thread_safe() -> None:
    found = _facts(a_debian("event", "php"))
    php = {one.mpm: one for one in found.compatibility if one.module == "php_module"}
    assert php[Mpm.EVENT].verdict is Verdict.UNKNOWN
    assert not php[Mpm.EVENT].blocks


def test_what_loses_a_feature_under_the_running_mpm_is_a_warning() -> None:
    found = _facts(a_debian("prefork", "http2"))
    assert [one.severity for one in found.remarks if "http2_module" in one.message] == ["warning"]
    refused = _facts(a_debian("event", "mpm_itk"))
    assert [one.severity for one in refused.remarks if "mpm_itk" in one.message] == ["error"]


def test_php_handlers_and_backends_come_from_the_configuration() -> None:
    server = _server(a_debian("event", "proxy", "proxy_fcgi", conf=FPM))
    assert server.php_handlers == ("proxy:unix:/run/p.sock|fcgi://localhost",)
    assert [backend.url for backend in server.backends] == ["unix:/run/p.sock|fcgi://localhost"]


def test_a_different_reading_by_httpd_is_told() -> None:
    host = a_debian()
    host.files["/usr/lib/apache2/modules/mod_info.so"] = ""
    host.answers[DUMP] = said("# In file: /etc/apache2/apache2.conf\n#   2:\nTimeout 9\n")
    assert "httpd reads its configuration otherwise than mpmtune does" in _said(host)


def test_envvars_that_need_a_shell_are_told_without_their_value() -> None:
    host = a_debian()
    host.files["/etc/apache2/envvars"] = "export APACHE_RUN_DIR=/run\nexport X=$(cat /secret)\n"
    spoken = _said(host)
    assert "envvars has 1 line that only a shell can evaluate: export X" in spoken
    assert "secret" not in spoken


def test_an_idle_young_server_says_so() -> None:
    host = running(a_debian(), ticks=0)
    host.files["/proc/uptime"] = "700.00 1\n"
    spoken = _said(host)
    assert "httpd has been up for 10 min" in spoken
    assert "No child has served much" in spoken
    assert "No child has served much" not in _said(running(a_debian()))


def test_listener_buckets_follow_from_the_processors_online() -> None:
    host = a_debian(conf="ListenCoresBucketsRatio 1\n")
    host.files["/sys/devices/system/cpu/online"] = "0-3\n"
    assert _server(host).setting("ListenCoresBucketsRatio") is not None
    host.files["/sys/devices/system/cpu/online"] = "garbage"
    assert _server(host).setting("ListenCoresBucketsRatio") is not None
    del host.files["/sys/devices/system/cpu/online"]
    assert _server(host).setting("ListenCoresBucketsRatio") is not None


def test_no_secret_of_the_configuration_is_in_any_output() -> None:
    host = a_debian(
        "event",
        "proxy",
        conf="ProxyPass /a http://u:S3CRET-1@h/?token=S3CRET-2 max=3\n"
        "ProxyPassMatch ^/(.*\\.php)$ fcgi://u:S3CRET-3@h:9000/\n"
        "SetEnv DB_PASSWORD S3CRET-4\nDefine PASSWORD S3CRET-5\n",
    )
    host.files["/etc/apache2/envvars"] = "export DB_PASSWORD=$(echo S3CRET-6)\n"
    answer = host.answers[f"{ASKED} -M"]
    said_ = b"AH00111: bad http://u:S3CRET-7@h/\nInvalid command 'S3CRET-8', perhaps\n"
    host.answers[f"{ASKED} -M"] = Answer(0, answer.stdout, said_)
    found = _facts(host)
    assert isinstance(found.server, Server)
    assert len(found.server.backends) == 2
    assert "S3CRET" not in facts_v1(found)
    assert "S3CRET" not in plain(facts_lines(found, 100))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_content_of_any_file_or_answer_makes_it_fail(data: st.DataObject) -> None:
    host = running(a_debian("event", "status", conf=STATUS_CONF))
    host.pages[(80, "/server-status?auto")] = Answer(200, STATUS.encode(), b"")
    path = data.draw(st.sampled_from(sorted(host.files)))
    host.files[path] = data.draw(st.binary(max_size=80)) + b"\n" + data.draw(st.binary(max_size=80))
    command = data.draw(st.sampled_from(sorted(host.answers)))
    host.answers[command] = Answer(
        data.draw(st.integers(-11, 2)), data.draw(st.binary(max_size=80)), data.draw(st.binary())
    )
    _facts(host)
