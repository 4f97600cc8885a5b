from __future__ import annotations

from fractions import Fraction

import pytest

from mpmtune.detect.systemd_unit import (
    detect_unit,
    parse_bound,
    parse_cpu_quota,
    parse_cpus,
    parse_properties,
    slices_above,
)
from mpmtune.host.doorway import Answer
from mpmtune.host.httpd_binary import unit_limits
from tests.detect.machine_tree import MIB, MemoryHost

SYSTEMCTL = "/usr/bin/systemctl"
UNITS = ("apache2.service", "httpd.service")


def a_systemd(**units: str) -> MemoryHost:
    """A booted systemd; ``apache2__service`` is the unit apache2.service."""
    host = MemoryHost(files={SYSTEMCTL: "", "/run/systemd/system/x": ""})
    for name, text in units.items():
        unit = name.replace("__", ".").replace("_", "-")
        question = " ".join(unit_limits(SYSTEMCTL, unit).argv)
        host.answers[question] = Answer(0, text.encode(), b"")
    return host


def test_properties_are_read_up_to_their_first_equals_sign() -> None:
    assert parse_properties("A=1\nB=x=y\n\nno\nC=\n") == {"A": "1", "B": "x=y", "C": ""}


@pytest.mark.parametrize(
    ("text", "value"), [("infinity", None), ("4915", 4915), ("18446744073709551615", None)]
)
def test_a_bound_is_a_number_or_none(text: str, value: int | None) -> None:
    assert parse_bound(text) == value


@pytest.mark.parametrize(
    ("text", "cpus"),
    [
        ("infinity", None),
        ("1.500000s", Fraction(3, 2)),
        ("50ms", Fraction(1, 20)),
        ("1min 4s", Fraction(64)),
        ("2s 500us", Fraction(20005, 10000)),
    ],
)
def test_cpu_time_per_second_is_a_number_of_cpus(text: str, cpus: Fraction | None) -> None:
    assert parse_cpu_quota(text) == cpus


@pytest.mark.parametrize("text", ["", "1.5", "s", "0s", "1s x", "-1s"])
def test_what_is_no_span_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no span of time"):
        parse_cpu_quota(text)


def test_lists_of_processors_are_separated_by_blanks() -> None:
    assert parse_cpus("0-3 8") == 5
    assert parse_cpus("") is None


@pytest.mark.parametrize(
    ("name", "above"),
    [
        ("system.slice", ("system.slice",)),
        ("web-shop.slice", ("web.slice", "web-shop.slice")),
        ("-.slice", ()),
        ("", ()),
    ],
)
def test_a_slice_lies_in_those_that_its_dashes_name(name: str, above: tuple[str, ...]) -> None:
    assert slices_above(name) == above


def test_a_unit_and_its_slices_are_asked() -> None:
    host = a_systemd(
        apache2__service=(
            "LoadState=loaded\nSlice=web-shop.slice\nMemoryMax=2147483648\nMemoryHigh=infinity\n"
            "TasksMax=512\nCPUQuotaPerSecUSec=1.500000s\nAllowedCPUs=0-1\nCPUAffinity=\n"
            "LimitNOFILESoft=1024\nLimitNPROCSoft=garbage\n"
        ),
        web__slice="LoadState=loaded\nMemoryMax=1073741824\nTasksMax=infinity\n",
        web_shop__slice="LoadState=loaded\nMemoryMax=infinity\n",
    )
    unit = detect_unit(host, UNITS)
    assert unit is not None
    assert unit.unit == "apache2.service"
    assert unit.group == "/web.slice/web-shop.slice/apache2.service"
    assert [one.value for one in unit.memory] == [2048 * MIB, 1024 * MIB]
    assert [one.value for one in unit.cpus] == [Fraction(3, 2), 2]
    assert [one.value for one in unit.pids] == [512]
    assert [one.value for one in unit.nofile] == [1024]
    assert unit.memory[1].label == "MemoryMax of web.slice"


def test_the_second_unit_is_taken_where_the_first_is_not_installed() -> None:
    host = a_systemd(
        apache2__service="LoadState=not-found\n",
        httpd__service="LoadState=loaded\nSlice=system.slice\nTasksMax=7\n",
    )
    unit = detect_unit(host, UNITS)
    assert unit is not None
    assert unit.unit == "httpd.service"


def test_no_unit_is_none() -> None:
    assert detect_unit(a_systemd(), UNITS) is None


def test_systemctl_is_not_started_where_systemd_is_not_booted() -> None:
    host = MemoryHost(files={SYSTEMCTL: ""})
    assert detect_unit(host, UNITS) is None
    assert host.ran == []


def test_an_answer_that_failed_counts_as_none() -> None:
    host = a_systemd(apache2__service="LoadState=loaded\n")
    host.answers = {key: Answer(1, said.stdout, b"") for key, said in host.answers.items()}
    assert detect_unit(host, UNITS) is None
