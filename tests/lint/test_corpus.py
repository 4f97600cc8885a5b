"""Public configuration files, and those that distributions install: no crash, no wrong error."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mpmtune.confparse.fragments import read_alone
from mpmtune.confparse.inputs import read_inputs
from mpmtune.confparse.wholes import Assumptions
from mpmtune.confparse.written import written
from mpmtune.host.local import LocalFiles
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.lint.engine import Checks, Reading, check
from mpmtune.model.finding import Severity
from mpmtune.report.finding_formats import Format, render
from mpmtune.report.findings_text import lines
from tests.confparse.test_corpus import CORPUS, content, index, read_wrapped
from tests.lint.example_readings import LISTINGS, WRITTEN

if TYPE_CHECKING:
    from mpmtune.lint.engine import Report
    from mpmtune.model.finding import Finding

EVERY = Checks(LISTINGS, LISTINGS)
CENTOS = (
    "certbot+certbot/certbot/src/certbot/_internal/tests/plugins/apache/testdata/centos7_apache"
)
STOCK = "apache+httpd/docs/conf/httpd.conf.in"
STOCK_MODULES = (
    "mpm_event authn_file authn_core authz_host authz_groupfile authz_user authz_core"
    " access_compat auth_basic reqtimeout filter mime log_config env headers setenvif version unixd"
    " status autoindex dir alias"
)


def errors(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.severity is Severity.ERROR]


def names() -> list[tuple[str, str, bool]]:
    """Name, kind, and whether httpd accepts it in the recorded surroundings."""
    return [(f"{r['repo']}/{r['path']}", r["kind"], r["verdict"] == "ok") for r in index()]


def alone(name: str, kind: str) -> Report:
    path = f"/c/{name}" + ("/.htaccess" if kind == "htaccess" else "")
    files = MemoryFiles({path: content(name)})
    return check([read_alone(files, path, Assumptions("/c", written_names=WRITTEN))], EVERY)


@pytest.mark.shared
def test_no_file_makes_a_rule_or_a_format_fail() -> None:
    for name, kind, _ in names():
        report = alone(name, kind)
        lines(report, verbose=True)
        for chosen in set(Format) - {Format.TEXT, Format.SARIF}:
            render(chosen, report, LISTINGS)


# Findings of severity error on files that httpd accepts: each was looked at, and is right.
RIGHT_IN_A_FRAGMENT = {"SEC314": 1, "SEC324": 3}
RIGHT_IN_THE_WHOLE = {"SYN910": 26, "MOD118": 4, "SEC314": 1, "SEC324": 3, "TLS405": 7}
# Rules for a .htaccess that has switched the engine on elsewhere, and for a directory.
RIGHT_IN_THE_WHOLE |= {"RWR601": 2, "RWR603": 1}


@pytest.mark.shared
def test_a_file_that_httpd_accepts_has_as_a_fragment_only_errors_that_are_right() -> None:
    found: Counter[str] = Counter()
    for name, kind, accepted in names():
        if accepted:
            found.update(f.code for f in errors(alone(name, kind)))
    assert found == RIGHT_IN_A_FRAGMENT


@pytest.mark.shared
def test_in_a_whole_configuration_only_what_httpd_never_checks_is_an_error() -> None:
    """The surroundings have no log format, no PHP and no certificate: each is right there."""
    found: Counter[str] = Counter()
    for name, kind, accepted in names():
        if accepted:
            tree = read_wrapped(name, kind)
            tree = replace(tree, written=written(tree.sources, WRITTEN), is_directory=None)
            report = check([Reading((tree,))], EVERY)
            found.update(f.code for f in errors(report) if f.file == f"/corpus/{name}")
    assert found == RIGHT_IN_THE_WHOLE


def whole(directory: str) -> Report:
    readings = read_inputs(LocalFiles(), ["."], Assumptions(directory, written_names=WRITTEN))
    return check(readings, EVERY)


@pytest.mark.shared
def test_what_a_distribution_installs_has_no_error() -> None:
    index()
    report = whole(str(CORPUS / "files/debian12-local/etc/apache2"))
    assert report.directives > 30
    assert not errors(report)


@pytest.mark.shared
def test_the_one_error_of_a_distribution_is_what_was_taken_out_of_it() -> None:
    """CentOS 7 as certbot tests with it: its ssl.conf without the certificate."""
    index()
    report = whole(str(CORPUS / "files" / CENTOS / "apache/httpd"))
    assert report.directives > 30
    assert [(f.code, f.file) for f in errors(report)] == [("TLS405", "conf.d/ssl.conf")]


def test_what_this_machine_has_installed_has_no_error() -> None:
    place = Path("/etc/apache2")
    sites = {path.name for path in (place / "sites-enabled").glob("*")}
    if sites != {"000-default.conf"}:
        pytest.skip("Debian's apache2 is not here as it was installed")
    report = whole(str(place))
    assert report.directives > 30
    assert not errors(report)


@pytest.mark.shared
def test_httpds_own_default_has_no_error(tmp_path: Path) -> None:
    """What httpd's build puts in for its placeholders, with the modules it loads by default."""
    index()
    text = content(STOCK).decode()
    loaded = "".join(
        f"LoadModule {name}_module modules/mod_{name}.so\n" for name in STOCK_MODULES.split()
    )
    for mark, value in {
        "@@LoadModule@@": loaded,
        "@@ServerRoot@@": "/usr/local/apache2",
        "@@Port@@": "80",
        "@rel_logfiledir@": "logs",
        "@exp_htdocsdir@": "/usr/local/apache2/htdocs",
        "@exp_cgidir@": "/usr/local/apache2/cgi-bin",
        "@rel_sysconfdir@": "conf",
    }.items():
        text = text.replace(mark, value)
    (tmp_path / "conf/extra").mkdir(parents=True)
    (tmp_path / "conf/extra/proxy-html.conf").touch()
    (tmp_path / "conf/httpd.conf").write_text(text)
    report = whole(str(tmp_path))
    assert report.directives == 29
    assert not errors(report)
