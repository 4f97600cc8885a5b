from __future__ import annotations

import pytest

from mpmtune.detect.command_line import parse_start_options
from mpmtune.model.server import StartOptions


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/usr/sbin/apache2 -k start", StartOptions()),
        ("httpd -DFOREGROUND", StartOptions(defines=("FOREGROUND",))),
        (
            "httpd -D A -d /srv -f conf/x.conf -DB -k start",
            StartOptions("/srv", "conf/x.conf", ("A", "B")),
        ),
        ("httpd -f one -f two", StartOptions(conf="two")),
        ("httpd -Xf/one", StartOptions(conf="/one")),
        ("httpd -X -- -f /one", StartOptions()),
        ("httpd - -f /one", StartOptions()),
        ("httpd -f", StartOptions()),
        ("httpd", StartOptions()),
        ("", StartOptions()),
        ("httpd -C before -c after", StartOptions(before=("before",), after=("after",))),
        ("httpd -e info -E /dev/stderr -DX", StartOptions(defines=("X",))),
    ],
)
def test_options_are_read_as_httpd_reads_them(line: str, expected: StartOptions) -> None:
    assert parse_start_options(line.split()) == expected


@pytest.mark.parametrize(
    "line",
    ["httpd -t", "httpd -f x -M", "httpd -V", "httpd -tD X", "httpd -k graceful", "httpd -kstop"],
)
def test_a_process_that_only_asks_or_signals_is_no_server(line: str) -> None:
    assert parse_start_options(line.split()) is None
