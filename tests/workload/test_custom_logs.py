"""Which format a log has, by the configuration that writes it."""

from __future__ import annotations

import pytest

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd.targets import TARGETS
from mpmtune.workload.custom_logs import CustomLog, custom_logs, log_of, nicknames

CONF = r"""ServerRoot "/srv"
LogFormat "%h %t main" combined
LogFormat "%h %t \"%r\" %D" timed
LogFormat "%h %t transfer"
CustomLog logs/access_log combined
CustomLog "|/usr/bin/rotatelogs -l /var/log/httpd/piped.%Y%m%d 86400" timed env=!quiet
CustomLog "|$/usr/bin/logger" timed
CustomLog syslog:local1 timed
CustomLog /var/log/direct.log "%h %t %>s" "expr=%{REQUEST_STATUS} -ge 400"
CustomLog /var/log/incomplete.log
TransferLog /var/log/transfer.log
<VirtualHost *:80>
LogFormat "%h %t vhost" combined
CustomLog /var/log/vhost.log combined
CustomLog /var/log/vhost-timed.log timed
</VirtualHost>
<VirtualHost *:81>
CustomLog /var/log/other.log combined
</VirtualHost>
"""


def read(text: str = CONF) -> tuple[CustomLog, ...]:
    files = MemoryFiles({"/srv/httpd.conf": text.encode("latin-1")})
    return custom_logs(evaluate(files, Start("/srv/httpd.conf", TARGETS["source"], here=False)))


def test_each_log_has_its_format_and_place() -> None:
    found = {log.path: log for log in read()}
    assert {path: log.text for path, log in found.items()} == {
        "/srv/logs/access_log": "%h %t main",
        "/var/log/httpd/piped.%Y%m%d": '%h %t "%r" %D',
        "/var/log/direct.log": "%h %t %>s",
        "/var/log/transfer.log": "%h %t transfer",
        "/var/log/vhost.log": "%h %t vhost",
        "/var/log/vhost-timed.log": '%h %t "%r" %D',
        "/var/log/other.log": "%h %t main",
    }
    assert found["/srv/logs/access_log"].place == "/srv/httpd.conf:5"
    assert [path for path, log in found.items() if log.partial] == [
        "/var/log/httpd/piped.%Y%m%d",
        "/var/log/direct.log",
    ]


def test_a_transfer_log_without_a_format_has_httpd_s_own() -> None:
    (log,) = read('ServerRoot "/srv"\nTransferLog t.log\n')
    assert log.text == '%h %l %u %t "%r" %>s %b'


def test_names_of_formats_are_told() -> None:
    files = MemoryFiles({"/srv/httpd.conf": CONF.encode()})
    tree = evaluate(files, Start("/srv/httpd.conf", TARGETS["source"], here=False))
    assert nicknames(tree) == {"combined": "%h %t vhost", "timed": '%h %t "%r" %D'}


@pytest.mark.parametrize(
    ("path", "of"),
    [
        ("/srv/logs/access_log", "/srv/logs/access_log"),
        ("/srv/logs/access_log.1", "/srv/logs/access_log"),
        ("/srv/logs/access_log.2.gz", "/srv/logs/access_log"),
        ("/srv/logs/access_log-20250916", "/srv/logs/access_log"),
        ("/srv/logs/access_log-20250916.gz", "/srv/logs/access_log"),
        ("/srv/logs/access_log-2025-09-16-1757980800.xz", "/srv/logs/access_log"),
        ("/srv/logs/access_log.1757980800", "/srv/logs/access_log"),
        ("/var/log/httpd/piped.20250916", "/var/log/httpd/piped.%Y%m%d"),
        ("/home/me/vhost.log.14.gz", "/var/log/vhost.log"),
        ("/home/me/unknown.log", None),
    ],
)
def test_a_log_is_known_by_its_name_rotated_or_moved(path: str, of: str | None) -> None:
    found = log_of(path, read())
    assert (found.path if found else None) == of


def test_a_name_that_two_formats_share_tells_nothing() -> None:
    logs = (CustomLog("/a/x.log", "%t 1", False, ""), CustomLog("/b/x.log", "%t 2", False, ""))
    assert log_of("/c/x.log", logs) is None
    assert log_of("/b/x.log", logs) == logs[1]
    same = (logs[0], CustomLog("/b/x.log", "%t 1", False, ""))
    assert log_of("/c/x.log", same) == same[0]
