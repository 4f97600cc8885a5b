"""Which format a log is read in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.errors import InputError, UsageError
from mpmtune.workload.choosing import Choosing
from mpmtune.workload.custom_logs import CustomLog
from mpmtune.workload.logformat import WELL_KNOWN
from mpmtune.workload.logs import STDIN, Log, look_at
from tests.workload.generated import COMBINED, TIMED, log

if TYPE_CHECKING:
    from pathlib import Path


def a_log(directory: Path, content: bytes, name: str = "access.log") -> Log:
    path = directory / name
    path.write_bytes(content)
    return look_at([str(path)])[0]


def configured(*logs: CustomLog) -> Choosing:
    return Choosing(None, logs, {})


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (COMBINED, COMBINED),
        ("combined", COMBINED),
        (" combined ", COMBINED),
        ("mine", "%t %D"),
        (r"%h %t \"%r\"", '%h %t "%r"'),
        (r'"%h %t \"%r\" %D"', '%h %t "%r" %D'),
        (r'LogFormat "%h %t \"%r\" %D" timed', '%h %t "%r" %D'),
        ("%h\\t%t", "%h\\t%t"),
    ],
)
def test_what_people_give_is_understood(tmp_path: Path, given: str, text: str) -> None:
    chosen = Choosing(given, (), {"mine": "%t %D"}).choose(a_log(tmp_path, b""))
    assert (chosen.reader.text, chosen.why) == (text, "--log-format")


def test_an_unknown_name_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UsageError, match="neither a format nor a known name") as error:
        Choosing("combimed\x1b", (), {"mine": "%t"})
    assert "combined, combinedio, common, mine, vhost_combined" in error.value.hint
    assert "\x1b" not in error.value.sentence


def test_the_configuration_tells_by_name_and_says_where(tmp_path: Path) -> None:
    one = a_log(tmp_path, b"", "access.log.1")
    other = CustomLog(str(tmp_path / "access.log"), TIMED, True, "/etc/x.conf:7")
    chosen = configured(CustomLog("/other.log", COMBINED, False, ""), other).choose(one)
    assert (chosen.reader.text, chosen.why, chosen.partial) == (TIMED, "/etc/x.conf:7", True)


def test_a_log_is_known_by_the_link_and_by_where_it_leads(tmp_path: Path) -> None:
    path = a_log(tmp_path, b"", "real.log").path
    (tmp_path / "link.log").symlink_to(path)
    (link,) = look_at([str(tmp_path / "link.log")])
    for name in ("real.log", "link.log"):
        known = CustomLog(str(tmp_path / name), TIMED, False, "here")
        assert configured(known).choose(link).why == "here"


def test_the_only_configured_format_that_fits_is_taken(tmp_path: Path) -> None:
    logs = (
        CustomLog("/a.log", TIMED, False, "a:1"),
        CustomLog("/b.log", COMBINED, False, "b:1"),
        CustomLog("/c.log", "no time", False, "c:1"),
    )
    chosen = configured(*logs).choose(a_log(tmp_path, log(5)))
    assert (chosen.reader.text, chosen.why) == (TIMED, "a:1, which fits its lines")


def test_nobody_guesses_whether_a_number_is_seconds_or_not(tmp_path: Path) -> None:
    logs = (
        CustomLog("/a.log", COMBINED + " %D", False, "a:1"),
        CustomLog("/b.log", COMBINED + " %T", False, "b:1"),
    )
    with pytest.raises(InputError, match="any of several formats of the configuration: a:1, b:1"):
        configured(*logs).choose(a_log(tmp_path, log(5, COMBINED + " %D")))
    with pytest.raises(InputError, match="is not known"):
        configured().choose(a_log(tmp_path, log(5, COMBINED + " %D %k")))


@pytest.mark.parametrize(
    ("name", "fits"),
    [("combined", "combined"), ("vhost_combined", "combined"), ("common", "common")],
)
def test_without_a_configuration_a_well_known_format_is_recognised(
    tmp_path: Path, name: str, fits: str
) -> None:
    chosen = configured().choose(a_log(tmp_path, b"nonsense\n" + log(5, WELL_KNOWN[name])))
    assert chosen.why == f"its lines fit {fits}, and no configuration says otherwise"


def test_standard_input_needs_to_be_told() -> None:
    with pytest.raises(InputError, match="The format of standard input is not known") as error:
        configured().choose(Log(STDIN, 0))
    assert "--log-format" in error.value.hint
    assert Choosing("combined", (), {}).choose(Log(STDIN, 0)).reader.text == COMBINED


def test_logs_of_one_format_have_one_reader(tmp_path: Path) -> None:
    choosing = Choosing("combined", (), {})
    readers = {
        id(choosing.choose(a_log(tmp_path, b"", name)).reader) for name in ("a.log", "b.log")
    }
    assert len(readers) == 1
