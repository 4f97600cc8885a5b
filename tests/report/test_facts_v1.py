from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import mpmtune
from mpmtune.model.compatibility import Compatibility, Fallback, Verdict
from mpmtune.model.facts import Facts, Remark
from mpmtune.model.machine import Distro
from mpmtune.model.quantity import Unit, measured
from mpmtune.model.server import (
    Child,
    Children,
    EffectiveSetting,
    FpmPool,
    Instance,
    Mpm,
    ProxyBackend,
    Server,
    StartOptions,
    StatusSample,
)
from mpmtune.model.unknown import Unknown
from mpmtune.report.facts_v1 import facts_document, facts_v1
from tests.builders import a_machine, a_server, facts

SCHEMA = json.loads(
    (Path(mpmtune.__file__).parent / "schemas" / "facts_v1.json").read_text("utf-8")
)
MIB = 1024**2


def a_child(pid: int, pss_mib: int | None = 2, *, worked: bool = True, tasks: int = 27) -> Child:
    pss = None if pss_mib is None else pss_mib * MIB
    uss = None if pss is None else pss // 2
    return Child(pid, tasks, 5 * MIB, 6 * MIB, pss, uss, 150, worked)


def an_instance(pid: int = 812, **more: object) -> Instance:
    values: dict[str, object] = {
        "binary": "/usr/sbin/apache2",
        "options": StartOptions(defines=("SSL",)),
        "child_pids": (813, 814),
        "helper_pids": (815,),
        "uptime_seconds": 90_000,
    }
    return Instance(parent_pid=pid, **(values | more))  # type: ignore[arg-type]  # test keywords


def a_running_server(**more: object) -> Server:
    values: dict[str, object] = {
        "instance": an_instance(),
        "children": Children(
            (a_child(813), a_child(814, 4)),
            a_child(812, 7),
            worked=True,
            count=2,
            threads_per_child=25,
        ),
        "status": StatusSample(
            "http://127.0.0.1:80/server-status?auto", 900, 3, 47, 1000, 2, 0, 9, 0, 6, 0
        ),
        "fpm_pools": (FpmPool("www", "/etc/php/8.2/fpm/pool.d/www.conf", "/run/x", 5, 2, 9 * MIB),),
        "backends": (ProxyBackend("http://10.0.0.1/", 30, "/etc/x.conf", 7),),
        "php_handlers": ("proxy:unix:/run/x|fcgi://localhost",),
        "messages": ("AH00558: x",),
        "httpd_pss": measured("PSS of all httpd processes", 14 * MIB, "smaps_rollup", Unit.BYTES),
        "configured_mpm": Mpm.EVENT,
    }
    return a_server(
        modules=("ssl_module",),
        settings={"MaxRequestWorkers": 150, "KeepAlive": "On"},
        **(values | more),
    )


def whole_facts(server: Server | None = None) -> Facts:
    machine = replace(
        a_machine(pids=512), distro=Distro("debian", "12", (), "Debian GNU/Linux 12 (bookworm)")
    )
    return replace(
        facts(machine, server or a_running_server()),
        instances=(an_instance(), an_instance(900, other_namespace=True)),
        compatibility=(
            Compatibility("ssl_module", Mpm.EVENT, Verdict.OK, "Works.", "tried", word="ok-async"),
        ),
        fallback=(Fallback("proxy_wstunnel_module", "a tunnel"),),
        remarks=(Remark("info", "A sentence.", "Do this."),),
        unknown=(Unknown("host.virtualization", "nothing says so"),),
    )


def checked(found: Facts) -> dict[str, Any]:
    document = facts_document(found)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    named = {one["what"] for one in document["unknown"]}
    for part in ("host", "httpd"):
        for path in _nulls(part, document[part]):
            assert any(path == what or path.startswith(f"{what}.") for what in named), path
    return document


def _nulls(path: str, value: Any) -> list[str]:
    if value is None:
        return [path]
    if not isinstance(value, dict) or path.endswith(("effective_sources", "derivations")):
        return []
    return [null for name, part in value.items() for null in _nulls(f"{path}.{name}", part)]


def test_the_schema_is_a_sound_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_running_server_is_published_whole() -> None:
    document = checked(whole_facts())
    assert list(document) == [
        "schema",
        "host",
        "httpd",
        "compatibility",
        "fallback_to_worker",
        "findings",
        "unknown",
    ]
    host, httpd = document["host"], document["httpd"]
    assert (host["mem_total_effective_bytes"], host["mem_available_bytes"]) == (
        2048 * MIB,
        1024 * MIB,
    )
    assert (host["cpus_effective"], host["pids_limit"], host["nofile_limit"]) == (2, 512, 8192)
    assert (host["distro"], host["distro_name"]) == ("debian-12", "Debian GNU/Linux 12 (bookworm)")
    assert host["derivations"]["pids_limit"] == {
        "label": "host.pids_limit",
        "value": 512,
        "unit": "count",
        "op": "leaf",
        "inputs": [],
        "trust": "measured",
        "source": "test",
    }
    assert (httpd["version"], httpd["version_tuple"]) == ("2.4.71", [2, 4, 71])
    assert (httpd["mpm"], httpd["mpm_linkage"], httpd["threaded"]) == ("event", "shared", True)
    assert httpd["modules"][1] == {"name": "ssl_module", "linkage": "shared"}
    assert (httpd["running"], httpd["parent_pid"], httpd["uptime_seconds"]) == (True, 812, 90_000)
    assert httpd["effective"] == {"MaxRequestWorkers": 150, "KeepAlive": "On"}
    assert httpd["effective_sources"]["KeepAlive"] == {"file": "httpd.conf", "line": 1, "note": ""}
    assert httpd["status"]["busy_workers"] == 3
    assert httpd["fpm_pools"][0]["pss_bytes"] == 9 * MIB
    assert [one["other_namespace"] for one in httpd["instances"]] == [False, True]
    assert document["fallback_to_worker"] == [
        {"module": "proxy_wstunnel_module", "why": "a tunnel"}
    ]
    assert document["findings"][0]["way_out"] == "Do this."


def test_children_are_published_with_percentiles_and_the_parent_apart() -> None:
    children = checked(whole_facts())["httpd"]["children"]
    assert children == {
        "count": 2,
        "sampled": 2,
        "worked": 2,
        "threads_per_child": 25,
        "tasks_per_child": 27,
        "pss_bytes_p50": 2 * MIB,
        "pss_bytes_p95": 4 * MIB,
        "pss_bytes_max": 4 * MIB,
        "uss_bytes_p50": MIB,
        "uss_bytes_p95": 2 * MIB,
        "uss_bytes_max": 2 * MIB,
        "rss_bytes_p50": 5 * MIB,
        "rss_bytes_p95": 5 * MIB,
        "rss_bytes_max": 5 * MIB,
        "peak_rss_bytes_max": 6 * MIB,
        "parent": {"pss_bytes": 7 * MIB, "uss_bytes": 7 * MIB // 2, "rss_bytes": 5 * MIB},
    }


def test_without_root_sizes_are_null_and_named() -> None:
    hidden = Children((a_child(813, None),), None, worked=False, count=1, threads_per_child=25)
    document = checked(whole_facts(a_running_server(children=hidden, httpd_pss=None)))
    children = document["httpd"]["children"]
    assert (children["pss_bytes_p50"], children["rss_bytes_max"]) == (None, 5 * MIB)
    assert {"what": "httpd.pss_bytes_total", "why": "it could not be found out"} in document[
        "unknown"
    ]


def test_a_stopped_server_has_no_children_and_says_why() -> None:
    document = checked(whole_facts(a_server()))
    httpd = document["httpd"]
    assert (httpd["installed"], httpd["running"], httpd["children"]["count"]) == (True, False, 0)
    assert {"what": "httpd.parent_pid", "why": "httpd is stopped"} in document["unknown"]


def test_no_httpd_keeps_every_key() -> None:
    document = checked(facts())
    httpd = document["httpd"]
    assert httpd.keys() == checked(whole_facts())["httpd"].keys()
    assert (httpd["installed"], httpd["mpm"], httpd["effective"]) == (False, None, {})
    assert document["unknown"][0] == {"what": "httpd", "why": "none is installed"}


def test_an_unaskable_binary_leaves_its_path() -> None:
    lost = Unknown("httpd.version", "it did not answer within 10 s")
    found = replace(
        a_running_server(),
        build=lost,
        mpm=Unknown("httpd.mpm", "x"),
        mpm_linkage=Unknown("httpd.mpm_linkage", "x"),
        mpm_found_by="",
        modules=Unknown("httpd.modules", "x"),
    )
    httpd = checked(whole_facts(found))["httpd"]
    assert (httpd["binary"], httpd["version"], httpd["modules"]) == (
        "/usr/sbin/apache2",
        None,
        None,
    )


def test_a_default_has_no_file() -> None:
    server = replace(
        a_server(), settings=(EffectiveSetting("Timeout", 60, note="httpd's default"),)
    )
    source = checked(whole_facts(server))["httpd"]["effective_sources"]["Timeout"]
    assert source == {"file": None, "line": None, "note": "httpd's default"}


@pytest.mark.parametrize(("identifier", "version", "name"), [("arch", "", "arch"), ("", "", "")])
def test_a_distribution_may_lack_a_version(identifier: str, version: str, name: str) -> None:
    machine = replace(a_machine(), distro=Distro(identifier, version, (), ""))
    host = facts_document(facts(machine))["host"]
    assert (host["distro"], host["distro_name"]) == (name, name)


def test_the_document_is_ascii_and_ends_with_a_newline() -> None:
    text = facts_v1(replace(facts(), remarks=(Remark("info", "größer"),)))
    assert text.endswith("}\n")
    assert text.isascii()
    assert json.loads(text)["findings"][0]["message"] == "größer"


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x9b31m", "\u202e", "\udcff", "\u200b", "\x7f"])
def test_the_document_holds_nothing_that_a_terminal_obeys(evil: str) -> None:
    text = facts_v1(replace(facts(), remarks=(Remark("info", evil),)))
    assert all(char == "\n" or char.isprintable() for char in text)
    assert json.loads(text)["findings"][0]["message"] == evil
