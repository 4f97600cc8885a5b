"""What the security rules that are on by default warn of, seen on the real httpd; gone on good.

Each case is put to lint as well: the rule speaks of the bad text and is silent on the good one.
"""

from __future__ import annotations

import http.client
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.lint.engine import Checks, Reading, check
from mpmtune.lint.listing import listing_of, written_names
from mpmtune.lint.registry import find
from mpmtune.model.httpd import Mpm
from tests.httpd.trees import a_target
from tests.live.backends import backend
from tests.live.private_httpd import PrivateHttpd

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.httpd

MODULES = (
    *("alias", "dir", "mime", "authz_host", "autoindex", "cgi", "status", "headers", "setenvif"),
    *("env", "rewrite", "proxy", "proxy_http", "remoteip", "access_compat"),
    *("authn_core", "authn_file", "auth_basic", "authz_user"),
)
SCRIPT = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nRAN'\n"
FILES = {
    "www/index.html": "home",
    "www/pub/dump.sql": "dump",
    "www/.htpasswd": "u:hash",
    "www/users": "u:hash",
    "www/photo.cgi.jpg": SCRIPT,
    "www/photo.cgi.backup": SCRIPT,
    "www/script.cgi": SCRIPT,
    "www/upload/note.txt": SCRIPT,
    "www/upload/.htaccess": "SetHandler cgi-script\nOptions +ExecCGI\n",
    "img/a.txt": "picture",
    "img-old/secret.txt": "secret",
    "outside/secret.txt": "secret",
    "mime.types": "image/jpeg jpg\ntext/plain txt sql\ntext/html html\n",
}
SITE = 'DocumentRoot "@root@/www"\nTypesConfig "@root@/mime.types"\n'
GRANT = '<Directory "@root@/{}">\nRequire all granted\n{}</Directory>\n'
ROOT = "<Directory />\nAllowOverride None\nRequire all {}\n</Directory>\n"
SHUT = '<FilesMatch "^\\.ht">\nRequire all denied\n</FilesMatch>\n'
WWW = SITE + GRANT.format("www", "{}")
STATUS = "<Location /server-status>\nSetHandler server-status\n{}</Location>\n"
PROXY = 'ProxyRequests On\n<Proxy "*">\nRequire {}\n</Proxy>\n'
ORIGIN = (
    'SetEnvIf Origin "{}" ORIGIN=$0\n'
    'Header set Access-Control-Allow-Origin "%{{ORIGIN}}e" env=ORIGIN\n'
    "Header set Access-Control-Allow-Credentials true\n"
)
FORGED = (
    "<Location />\nRequire ip 203.0.113.5\n</Location>\nRemoteIPHeader X-Forwarded-For\n" + SITE
)
LOGIN = "AuthType Basic\nAuthName x\nAuthUserFile @root@/outside/users\nRequire valid-user\n"


class Danger(NamedTuple):
    """A text that does harm, one that does not, and how the answers differ.

    In texts and paths ``@root@`` is ServerRoot, ``@port@`` the server's port, and ``@one@`` and
    ``@two@`` are ports of two backends.

    Attributes:
        code: The rule.
        bad: What it speaks of.
        good: What it leaves alone.
        path: What is asked for.
        seen: Status on bad, and what head and body hold there.
        then: The same on good, where that is not held any more.
        method: Of the request.
        headers: Of the request.
    """

    code: str
    bad: str
    good: str
    path: str
    seen: tuple[int, str]
    then: int
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()


def by_name(handler: str, opening: str) -> str:
    closing = opening.split(maxsplit=1)[0].replace("<", "</")
    return WWW.format("Options +ExecCGI\n") + f"{opening}\n{handler}\n{closing}>\n"


DANGERS = (
    Danger(
        "SEC301",
        SITE + "Alias /x/ @root@/outside/\n",
        ROOT.format("denied") + WWW.format("") + "Alias /x/ @root@/outside/\n",
        "/x/secret.txt",
        (200, "secret"),
        403,
    ),
    Danger(
        "SEC302",
        ROOT.format("granted") + SITE + "Alias /x/ @root@/outside/\n",
        ROOT.format("denied") + WWW.format("") + "Alias /x/ @root@/outside/\n",
        "/x/secret.txt",
        (200, "secret"),
        403,
    ),
    Danger(
        "SEC303",
        WWW.format("") + SHUT + "<Location />\nRequire all granted\n</Location>\n",
        WWW.format("") + SHUT,
        "/.htpasswd",
        (200, "u:hash"),
        403,
    ),
    Danger(
        "SEC304",
        WWW.format("AllowOverride All\n"),
        WWW.format("AllowOverride None\n"),
        "/upload/note.txt",
        (200, "\r\n\r\nRAN"),
        200,
    ),
    Danger(
        "SEC305",
        WWW.format("Options Indexes\n"),
        WWW.format("Options None\n"),
        "/pub/",
        (200, "dump.sql"),
        403,
    ),
    Danger(
        "SEC309",
        WWW.format("Options +ExecCGI\nAddHandler cgi-script .cgi\n"),
        by_name("SetHandler cgi-script", '<FilesMatch "\\.cgi$">'),
        "/photo.cgi.jpg",
        (200, "\r\n\r\nRAN"),
        200,
    ),
    Danger(
        "SEC309",
        WWW.format("Options +ExecCGI\nAddType application/x-httpd-cgi .cgi\n"),
        by_name("SetHandler cgi-script", '<FilesMatch "\\.cgi$">'),
        "/photo.cgi.backup",
        (200, "\r\n\r\nRAN"),
        200,
    ),
    Danger(
        "SEC310",
        by_name("SetHandler cgi-script", '<FilesMatch "\\.cgi">'),
        by_name("SetHandler cgi-script", '<FilesMatch "\\.cgi$">'),
        "/photo.cgi.jpg",
        (200, "\r\n\r\nRAN"),
        200,
    ),
    Danger("SEC311", SITE, SITE + "ServerTokens Prod\n", "/", (200, "Server: Apache/2.4."), 200),
    Danger(
        "SEC312",
        SITE + "ServerSignature On\n",
        SITE + "ServerSignature Off\n",
        "/missing",
        (404, "<address>Apache/2.4."),
        404,
    ),
    Danger(
        "SEC313",
        SITE,
        SITE + "TraceEnable Off\n",
        "/",
        (200, "X-Token: from-proxy"),
        405,
        method="TRACE",
        headers=(("X-Token", "from-proxy"),),
    ),
    Danger(
        "SEC314",
        SITE + STATUS.format(""),
        SITE + STATUS.format("Require ip 192.0.2.0/24\n"),
        "/server-status",
        (200, "Apache Server Status"),
        403,
    ),
    Danger(
        "SEC315",
        SITE + PROXY.format("all granted"),
        SITE + PROXY.format("ip 192.0.2.0/24"),
        "http://127.0.0.1:@one@/inside",
        (200, "one: /inside"),
        403,
    ),
    Danger(
        "SEC316",
        SITE + "RewriteEngine On\nRewriteRule ^/app(.*)$ http://127.0.0.1:@one@$1 [P]\n",
        SITE + "RewriteEngine On\nRewriteRule ^/app(/.*)?$ http://127.0.0.1:@one@$1 [P]\n",
        "/app@127.0.0.1:@two@/inside",
        (200, "two: /inside"),
        404,
    ),
    Danger(
        "SEC316",
        SITE + 'ProxyPassMatch "^/app(.*)$" "http://127.0.0.1:@one@$1"\n',
        SITE + 'ProxyPassMatch "^/app(/.*)?$" "http://127.0.0.1:@one@$1"\n',
        "/app@127.0.0.1:@two@/inside",
        (200, "two: /inside"),
        404,
    ),
    Danger(
        "SEC316",
        SITE + "RewriteEngine On\nRewriteRule ^ http://%{HTTP:X-To}/ [P]\n",
        SITE + "RewriteEngine On\nRewriteCond %{HTTP:X-To} ^(www)$\n"
        "RewriteRule ^ http://%{HTTP:X-To}/ [P]\n",
        "/",
        (200, "two: /"),
        200,
        headers=(("X-To", "127.0.0.1:@two@"),),
    ),
    Danger(
        "SEC317",
        WWW.format("AllowOverride AuthConfig\n"),
        WWW.format("AllowOverride AuthConfig\n") + SHUT,
        "/.htpasswd",
        (200, "u:hash"),
        403,
    ),
    Danger(
        "SEC321",
        by_name(
            "SetHandler cgi-script\n<Limit GET POST>\nRequire all denied\n</Limit>", "<Files *.cgi>"
        ),
        by_name("SetHandler cgi-script\nRequire all denied", "<Files *.cgi>"),
        "/script.cgi",
        (200, "RAN"),
        403,
        method="PATCH",
    ),
    Danger(
        "SEC322",
        SITE + f"<Location />\n{LOGIN}</Location>\n",
        SITE + "Redirect / https://www.example.com/\n",
        "/",
        (401, "WWW-Authenticate: Basic"),
        302,
    ),
    Danger(
        "SEC323",
        SITE + "<Location /adm>\nAuthUserFile @root@/www/users\n</Location>\n",
        SITE + "<Location /adm>\nAuthUserFile @root@/outside/users\n</Location>\n"
        "<Files users>\nRequire all denied\n</Files>\n",
        "/users",
        (200, "u:hash"),
        403,
    ),
    Danger(
        "SEC324",
        SITE + "Alias /img/ @root@/img\n",
        SITE + "Alias /img/ @root@/img/\n",
        "/img/-old/secret.txt",
        (200, "secret"),
        404,
    ),
    Danger(
        "SEC325",
        SITE + "Alias /all/ @root@/\n",
        SITE + "Alias /all/ @root@/img/\n",
        "/all/httpd.conf",
        (200, "PidFile"),
        404,
    ),
    Danger(
        "SEC327",
        SITE + ORIGIN.format("^.*$"),
        SITE + ORIGIN.format("^https://app\\.example\\.com$"),
        "/",
        (200, "Access-Control-Allow-Origin: https://evil.example"),
        200,
        headers=(("Origin", "https://evil.example"),),
    ),
    Danger(
        "SEC328",
        FORGED,
        FORGED + "RemoteIPInternalProxy 192.0.2.1\n",
        "/",
        (200, "home"),
        403,
        headers=(("X-Forwarded-For", "203.0.113.5"),),
    ),
    Danger(
        "SEC333",
        SITE
        + "<Location /pub>\n<IfModule mod_gone.c>\nRequire all denied\n</IfModule>\n</Location>\n",
        SITE + "<Location /pub>\nRequire all denied\n</Location>\n",
        "/pub/dump.sql",
        (200, "dump"),
        403,
    ),
)


@contextmanager
def started(text: str) -> Iterator[tuple[PrivateHttpd, dict[str, object]]]:
    """Start httpd with a text, two backends at its side."""
    with (
        backend("one") as one,
        backend("two") as two,
        PrivateHttpd(Mpm.PREFORK, "", MODULES) as server,
    ):
        for name, body in FILES.items():
            file = server.root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(body)
            file.chmod(0o755)
        marks = {"root": server.root, "port": server.port, "one": one, "two": two}
        server.directives = filled(text, marks)
        server.start()
        yield server, marks


def filled(text: str, marks: dict[str, object]) -> str:
    return re.sub("@([a-z]+)@", lambda mark: str(marks[mark[1]]), text)


class Answer(NamedTuple):
    """What came of a text: status, head and body as sent, and whether lint speaks of it."""

    status: int
    text: str
    said: bool


def asked(danger: Danger, text: str) -> Answer:
    with started(text) as (server, marks):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.putrequest(danger.method, filled(danger.path, marks), skip_host=True)
        connection.putheader("Host", f"localhost:{server.port}")
        for name, value in danger.headers:
            connection.putheader(name, filled(value, marks))
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read().decode("latin-1")
        connection.close()
        head = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
        return Answer(
            answer.status, f"{answer.reason}\r\n{head}\r\n{body}", speaks(server, danger.code)
        )


def speaks(server: PrivateHttpd, code: str) -> bool:
    """Tell whether a rule speaks of what the server runs with, did it listen to the world."""
    rule = find(code)
    assert rule is not None
    listing = listing_of(rule)
    path = str(server.conf)
    text = server.conf.read_bytes().replace(b"Listen 127.0.0.1:", b"Listen ")
    names = written_names((listing,))
    start = Start(path, a_target(), here=False, keep_written=True, written_names=names)
    tree = evaluate(MemoryFiles({path: text}), start)
    return bool(check([Reading((tree,))], Checks((listing,), (listing,))).findings)


@pytest.mark.parametrize(
    "danger", DANGERS, ids=[f"{one.code}-{number}" for number, one in enumerate(DANGERS)]
)
def test_the_danger_is_there_on_bad_and_gone_on_good(danger: Danger) -> None:
    bad, good = asked(danger, danger.bad), asked(danger, danger.good)
    assert (bad.status, danger.seen[1] in bad.text) == (danger.seen[0], True)
    assert (good.status, danger.seen[1] in good.text) == (danger.then, False)
    assert (bad.said, good.said) == (True, False)


def test_an_error_goes_out_without_a_header_that_is_not_sent_always() -> None:
    text = SITE + "Header {} X-Frame-Options DENY\n"
    danger = Danger(
        "SEC326", text.format("set"), text.format("always set"), "/missing", (404, ""), 404
    )
    bad, good = asked(danger, danger.bad), asked(danger, danger.good)
    assert (bad.status, "X-Frame-Options" in bad.text, bad.said) == (404, False, True)
    assert (good.status, "X-Frame-Options: DENY" in good.text, good.said) == (404, True, False)


def test_a_last_extension_with_a_type_of_its_own_takes_a_script_type_back() -> None:
    text = WWW.format("Options +ExecCGI\nAddType application/x-httpd-cgi .cgi\n")
    danger = Danger("SEC309", text, "", "/photo.cgi.jpg", (200, ""), 200)
    answer = asked(danger, text)
    assert (answer.status, "Content-Type: image/jpeg" in answer.text) == (200, True)
