"""What the rules about performance say of the real httpd: what is opened, asked and refused."""

from __future__ import annotations

import urllib.error
from pathlib import Path

import pytest

from mpmtune.model.httpd import Mpm
from tests.live.private_httpd import PrivateHttpd

pytestmark = pytest.mark.httpd

ROOT = 'DocumentRoot "{root}/www"\n'


def started(text: str, *modules: str) -> PrivateHttpd:
    server = PrivateHttpd(Mpm.EVENT, "", ("dir", *modules))
    (server.root / "www").mkdir()
    (server.root / "www/page.txt").write_text("page")
    (server.root / "mime.types").touch()
    server.directives = text.replace("{root}", str(server.root)).replace("{port}", str(server.port))
    return server


def test_an_unsaid_allow_override_still_reads_htaccess_and_refuses_it() -> None:
    """PRF513."""
    with started(ROOT) as server:
        (server.root / "www/.htaccess").write_text("Options -Indexes\n")
        server.start()
        with pytest.raises(urllib.error.HTTPError, match="500") as refused:
            server.get("/page.txt")
        refused.value.close()
        assert "Options not allowed here" in server.error_log()


def test_allow_override_none_for_the_root_reads_none() -> None:
    """PRF513."""
    with started(ROOT + "<Directory />\nAllowOverride None\n</Directory>\n") as server:
        (server.root / "www/.htaccess").write_text("Options -Indexes\n")
        server.start()
        assert server.get("/page.txt") == "page"


def test_multiviews_answer_for_names_without_a_file() -> None:
    """PRF504."""
    text = ROOT + '<Directory "{root}/www">\nOptions MultiViews\n</Directory>\n'
    text += "AddType text/plain .txt\n"
    with started(text, "mime", "negotiation") as server:
        server.start()
        assert server.get("/page") == "page"


def test_each_access_log_is_opened_and_error_logs_of_one_name_once() -> None:
    """PRF511: what a child holds open."""
    host = '<VirtualHost *:{port}>\nErrorLog "{root}/e.log"\nCustomLog "{root}/a.log" %h\n</VirtualHost>\n'
    with started(ROOT + host * 5) as server:
        server.start()
        server.get("/page.txt")
        child = server.children()[0]
        held = [link.readlink() for link in Path(f"/proc/{child}/fd").iterdir()]
        assert held.count(server.root / "a.log") == 5
        assert held.count(server.root / "e.log") == 1


def test_a_shell_stands_between_httpd_and_a_program_with_a_dollar_sign() -> None:
    """PRF510."""
    with started(ROOT + 'CustomLog "|$/bin/cat -" %h\nCustomLog "|/bin/cat -u" %h\n') as server:
        server.start()
        names = {Path(f"/proc/{pid}/comm").read_text().strip() for pid in server.children()}
        assert "sh" in names
        assert "cat" in names
