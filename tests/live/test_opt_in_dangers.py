"""What the opt-in rules about security warn of, seen on the real httpd: on bad, and not on good."""

from __future__ import annotations

import base64
import http.client
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from mpmtune.model.httpd import Mpm
from tests.live.private_httpd import PrivateHttpd, version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

pytestmark = pytest.mark.httpd

AUTH = ("authn_core", "authn_file", "auth_basic", "authz_user", "authz_host", "access_compat")
SITE = "DocumentRoot @/htdocs\n<Directory @/htdocs>\nRequire all granted\n{}\n</Directory>\n"
BASIC = "AuthType Basic\nAuthName x\nAuthUserFile @/pw\n"
PASSWORD = {"Authorization": f"Basic {base64.b64encode(b'u:test').decode()}"}
LONG_AGO = 1_500_000_000  # a fresh file is not cached


@contextmanager
def serving(directives: str, *modules: str) -> Iterator[PrivateHttpd]:
    """Start httpd; ``@`` stands for its directory."""
    with PrivateHttpd(Mpm.EVENT, "", ("mime", *modules)) as server:
        private = server.root / "htdocs" / "private"
        private.mkdir(parents=True)
        (private / "page.html").write_text("SECRET")
        os.utime(private / "page.html", (LONG_AGO, LONG_AGO))
        (server.root / "htdocs" / "ssi.shtml").write_text('<!--#exec cmd="echo RAN" -->')
        repository = server.root / "htdocs" / ".git"
        repository.mkdir()
        (repository / "config").write_text("SECRET")
        script = server.root / "htdocs" / "upload.cgi"
        script.write_text("#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nRAN'\n")
        script.chmod(0o755)
        for name in ("cache", "writable"):
            (server.root / name).mkdir()
            (server.root / name).chmod(0o777)
        (server.root / "mime.types").write_text("text/html html shtml\n")
        (server.root / "pw").write_text("u:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n")
        server.directives = directives.replace("@", str(server.root))
        server.start()
        yield server


def asked(
    server: PrivateHttpd,
    path: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    client: str = "127.0.0.1",
) -> tuple[int, str]:
    connection = http.client.HTTPConnection(
        "127.0.0.1", server.port, timeout=10, source_address=(client, 0)
    )
    connection.request(method, path, body="x" if method == "PUT" else None, headers=headers or {})
    answer = connection.getresponse()
    text = answer.read().decode("latin-1")
    connection.close()
    return answer.status, text


def test_sec307_includes_run_commands_and_only_with_a_cgi_module() -> None:
    page = SITE.format("Options {}\nAddOutputFilter INCLUDES .shtml") + "ScriptSock @/sock\n"
    with serving(page.replace("{}", "Includes"), "include", "cgid") as server:
        assert asked(server, "/ssi.shtml") == (200, "RAN\n")
    with serving(page.replace("{}", "IncludesNOEXEC"), "include", "cgid") as server:
        assert "RAN" not in asked(server, "/ssi.shtml")[1]
    without = page.replace("{}", "Includes").replace("ScriptSock @/sock\n", "")
    with serving(without, "include") as server:
        assert "RAN" not in asked(server, "/ssi.shtml")[1]


def test_sec308_an_upload_among_the_pages_runs() -> None:
    handler = "AddHandler cgi-script .cgi\nOptions {}"
    bad = SITE.format(handler.format("+ExecCGI")) + "ScriptSock @/sock\n"
    with serving(bad, "cgid") as server:
        assert asked(server, "/upload.cgi") == (200, "RAN")
    with serving(bad.replace("+ExecCGI", "-ExecCGI"), "cgid") as server:
        assert asked(server, "/upload.cgi")[0] == 403


def test_sec318_a_repository_is_sent_until_something_denies_it() -> None:
    with serving(SITE.format("")) as server:
        assert asked(server, "/.git/config") == (200, "SECRET")
    guarded = 'RedirectMatch 404 "/\\.(?:git|svn|env)(?:/|$)"\n' + SITE.format("")
    with serving(guarded, "alias") as server:
        assert asked(server, "/.git/config")[0] == 404


@pytest.mark.parametrize("setter", ["SetEnvIf X-Forwarded-For ^10 in", "BrowserMatch Robot in"])
def test_sec329_a_header_opens_the_door(setter: str) -> None:
    forged = {"X-Forwarded-For": "10.0.0.1", "User-Agent": "Robot"}
    bad = f"{setter}\n{SITE.format('')}<Location /private>\nRequire env in\n</Location>\n"
    with serving(bad, "setenvif") as server:
        assert asked(server, "/private/page.html")[0] == 403
        assert asked(server, "/private/page.html", headers=forged) == (200, "SECRET")
    with serving(bad.replace("env in", "ip 192.0.2.1"), "setenvif", "authz_host") as server:
        assert asked(server, "/private/page.html", headers=forged)[0] == 403


def test_sec331_a_decoded_slash_leads_elsewhere_than_a_proxy_sees() -> None:
    if version() < (2, 4, 53):
        pytest.skip("older versions resolve an encoded slash differently")
    hidden = "/open%2F..%2Fprivate/page.html"
    with serving(f"AllowEncodedSlashes On\n{SITE.format('')}") as server:
        assert asked(server, hidden) == (200, "SECRET")
    with serving(f"AllowEncodedSlashes NoDecode\n{SITE.format('')}") as server:
        assert asked(server, hidden)[0] == 404


def test_sec332_one_more_slash_passes_a_pattern_but_not_a_plain_location() -> None:
    if version() < (2, 4, 39):
        pytest.skip("MergeSlashes came with 2.4.39")
    site = SITE.format("") + "Alias /files @/htdocs\n"
    pattern = site + '<LocationMatch "^/files/private">\nRequire all denied\n</LocationMatch>\n'
    plain = site + "<Location /files/private>\nRequire all denied\n</Location>\n"
    with serving(f"MergeSlashes Off\n{pattern}", "alias") as server:
        assert asked(server, "/files/private/page.html")[0] == 403
        assert asked(server, "/files//private/page.html") == (200, "SECRET")
    for good in (pattern, f"MergeSlashes Off\n{plain}"):
        with serving(good, "alias") as server:
            assert asked(server, "/files//private/page.html")[0] == 403


def test_sec334_anybody_writes_where_nothing_asks_who_it_is() -> None:
    dav = "DavLockDB @/writable/lock\nAlias /dav @/writable\n<Directory @/writable>\nDav On\n{}\n"
    bad = dav.replace("{}", "Require all granted") + "</Directory>\n"
    with serving(bad, "dav", "dav_fs", "alias") as server:
        assert asked(server, "/dav/new.html", "PUT")[0] == 201
    good = dav.replace("{}", f"{BASIC}Require valid-user") + "</Directory>\n"
    with serving(good, "dav", "dav_fs", "alias", *AUTH) as server:
        assert asked(server, "/dav/new.html", "PUT")[0] == 401


CACHED = "CacheRoot @/cache\nCacheEnable disk /private\n" + SITE.format("")


def test_sec335_the_cache_answers_those_who_may_not_see_the_page() -> None:
    guarded = f"{CACHED}<Location /private>\nRequire ip 127.0.0.1\n</Location>\n"
    for quick, expected in (("", 200), ("CacheQuickHandler Off\n", 403)):
        with serving(quick + guarded, "cache", "cache_disk", "authz_host") as server:
            assert asked(server, "/private/page.html", client="127.0.0.2")[0] == 403
            assert asked(server, "/private/page.html") == (200, "SECRET")
            assert asked(server, "/private/page.html", client="127.0.0.2")[0] == expected


def test_sec335_what_is_asked_for_with_a_password_is_not_cached() -> None:
    guarded = f"{CACHED}<Location /private>\n{BASIC}Require valid-user\n</Location>\n"
    with serving(guarded, "cache", "cache_disk", *AUTH) as server:
        assert asked(server, "/private/page.html", headers=PASSWORD)[0] == 200
        assert asked(server, "/private/page.html")[0] == 401


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ("Satisfy Any", 200),
        ("Satisfy Any\nAllow from 127.0.0.9", 200),
        ("Satisfy Any\nOrder allow,deny", 401),
        ("Satisfy Any\nOrder deny,allow\nDeny from all\nAllow from 127.0.0.9", 401),
        ("Satisfy All", 401),
        ("Require all granted", 200),
        ("<RequireAll>\nRequire all granted\nRequire valid-user\n</RequireAll>", 401),
    ],
)
def test_sec339_the_password_is_needless(lines: str, status: int) -> None:
    text = SITE.replace("Require all granted\n{}", f"{BASIC}Require valid-user\n{lines}")
    with serving(text, *AUTH) as server:
        assert asked(server, "/private/page.html")[0] == status


def test_sec340_a_request_for_many_pieces_is_answered_in_pieces() -> None:
    pieces = {"Range": "bytes=" + ",".join(f"{n}-{n}" for n in range(0, 600, 2))}
    for limits, status in (("MaxRanges unlimited\n", 206), ("", 200)):
        with serving(limits + SITE.format("")) as server:
            (server.root / "htdocs" / "long.html").write_text("x" * 1000)
            assert asked(server, "/long.html", headers=pieces)[0] == status
