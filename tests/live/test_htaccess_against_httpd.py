"""A .htaccess and what AllowOverride says of it: an error is found where the real httpd says 500."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING

import pytest

from mpmtune.confparse.inputs import read_inputs
from mpmtune.confparse.wholes import Assumptions
from mpmtune.host.local import LocalFiles
from mpmtune.lint.engine import Checks, check
from mpmtune.lint.registry import listings
from mpmtune.model.finding import Severity
from mpmtune.model.httpd import Mpm
from tests.live.private_httpd import PrivateHttpd

if TYPE_CHECKING:
    from mpmtune.model.finding import Finding

pytestmark = pytest.mark.httpd

MODULES = ("mime", "alias", "authz_host", "dir")
TEXTS = (
    "",
    "# a comment alone",
    "Options -Indexes",
    "Options None",
    "Options All",
    "Options FollowSymLinks",
    "<Files x.html>\nOptions FollowSymLinks\n</Files>",
    "ErrorDocument 404 /x",
    "RewriteEngine On",
    "<IfModule mod_rewrite.c>\nRewriteEngine On\n</IfModule>",
    "Nonsense",
    "Require all granted",
    "<Limit GET>\nRequire all granted\n</Limit>",
    "<If true>\nRequire all granted\n</If>",
    "<RequireAll>\nRequire all granted\n</RequireAll>",
    "DirectoryIndex x.html",
    "Timeout 5",
    "<Directory />\n</Directory>",
    "ErrorDocument 404 /x\nRequire all granted\n",
    "Options -Nonsense",
)
ALLOWED = (
    "",
    "AllowOverride None",
    "AllowOverride None\nAllowOverrideList None",
    "AllowOverride None\nAllowOverrideList Options Require",
    "AllowOverride All",
    "AllowOverride AuthConfig",
    "AllowOverride Limit",
    "AllowOverride FileInfo Indexes",
    "AllowOverride FileInfo\nAllowOverride AuthConfig",
    "AllowOverride Options=Indexes",
    "AllowOverride Options=Indexes,FollowSymLinks",
    "AllowOverride Options=All",
    "AllowOverride None Nonfatal=All",
    "AllowOverride Nonfatal=Override AuthConfig",
    "AllowOverride Nonfatal=Unknown FileInfo",
)


def status(server: PrivateHttpd) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/x.html", headers={"Connection": "close"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def findings(server: PrivateHttpd) -> list[Finding]:
    """What lint says of the .htaccess, given with the configuration of the server."""
    # A directive of no known module may be one of our own, which nobody knows.
    known = [line for line in server.conf.read_text().splitlines() if "inforce" not in line]
    (server.root / "apache2.conf").write_text("\n".join(known))
    paths = (str(server.root / "apache2.conf"), str(server.root / "htdocs"))
    readings = read_inputs(LocalFiles(), paths, Assumptions("/"))
    report = check(readings, Checks(listings()))
    return [one for one in report.findings if one.file.endswith(".htaccess")]


@pytest.mark.parametrize("allowed", ALLOWED)
def test_an_error_is_found_where_httpd_answers_500(allowed: str) -> None:
    with PrivateHttpd(Mpm.EVENT, "", MODULES) as server:
        documents = server.root / "htdocs"
        documents.mkdir()
        (documents / "x.html").write_text("x")
        (server.root / "mime.types").write_text("")
        server.directives = (
            f"DocumentRoot {documents}\n<Directory {documents}>\nRequire all granted\n{allowed}\n"
            "</Directory>\n"
        )
        server.start()
        differing = []
        for text in TEXTS:
            (documents / ".htaccess").write_text(f"{text}\n")
            answered, found = status(server), findings(server)
            refused = any(one.severity is Severity.ERROR for one in found)
            if refused != (answered == 500):
                differing.append((text, answered, [(one.code, one.message) for one in found]))
        assert not differing


def test_a_file_that_httpd_never_reads_shuts_nothing() -> None:
    with PrivateHttpd(Mpm.EVENT, "", MODULES) as server:
        documents = server.root / "htdocs"
        documents.mkdir()
        (documents / "x.html").write_text("x")
        (documents / ".htaccess").write_text("Require all denied\n")
        (server.root / "mime.types").write_text("")
        section = f"DocumentRoot {documents}\n<Directory {documents}>\nAllowOverride {{}}\n"
        server.directives = f"{section.format('None')}Require all granted\n</Directory>\n"
        server.start()
        assert status(server) == 200
        assert [(one.code, one.severity) for one in findings(server)] == [
            ("SYN918", Severity.WARNING)
        ]
        server.reload(f"{section.format('AuthConfig')}Require all granted\n</Directory>\n")
        assert status(server) == 403
        assert findings(server) == []
