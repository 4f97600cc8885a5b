"""What the rules about rewriting and proxying warn of, seen on the real httpd; and gone on good.

Each case is put to lint as well: the rule speaks of the bad text and is silent on the good one.
"""

from __future__ import annotations

import http.client
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest

from mpmtune.lint.engine import Checks, Reading, check
from mpmtune.lint.listing import listing_of
from mpmtune.lint.registry import find
from mpmtune.model.httpd import Mpm
from tests.live.backends import backend
from tests.live.merging_probe import read
from tests.live.private_httpd import PrivateHttpd

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.httpd

MODULES = (
    *("alias", "dir", "authz_host", "rewrite", "proxy", "proxy_http", "proxy_fcgi"),
    *("proxy_balancer", "lbmethod_byrequests", "slotmem_shm"),
)
PAGES = {
    "index.html": "home",
    "new.html": "new",
    "secret.txt": "secret",
    "s.php": "script",
    "x/page": "deep",
    "err.html": "sorry",
}
ON = "RewriteEngine On\n"
ROOT = "DocumentRoot @www@\n"
DIRECTORY = (
    ROOT + "<Directory />\nAllowOverride None\n</Directory>\n"
    '<Directory "@www@">\nRequire all granted\nOptions FollowSymLinks\n' + ON
)
END = "</Directory>\n"


class Danger(NamedTuple):
    """A text that does harm, one that does not, and how the answers differ.

    In the texts ``@www@`` is DocumentRoot, ``@one@`` and ``@two@`` are ports of two backends, and
    ``@port@`` is that of the server.
    """

    code: str
    bad: str
    good: str
    path: str
    seen: tuple[int, str]
    then: tuple[int, str]
    logged: str = ""


DANGERS = (
    Danger(
        "RWR601",
        ROOT + "RewriteRule ^/secret - [F]\n",
        ROOT + ON + "RewriteRule ^/secret - [F]\n",
        "/secret.txt",
        (200, "secret"),
        (403, ""),
    ),
    Danger(
        "RWR602",
        DIRECTORY + "RewriteRule ^/secret - [F]\n" + END,
        DIRECTORY + "RewriteRule ^secret - [F]\n" + END,
        "/secret.txt",
        (200, "secret"),
        (403, ""),
    ),
    Danger(
        "RWR602",
        DIRECTORY + "RewriteRule ^/secret - [F]\n" + END,
        '<Directory "@root@/w*">\n' + ON + "RewriteRule ^/.*/secret - [F]\n</Directory>\n" + ROOT,
        "/secret.txt",
        (200, "secret"),
        (403, ""),
    ),
    Danger(
        "RWR603",
        ROOT + ON + "RewriteRule ^secret - [F]\n",
        ROOT + ON + "RewriteRule ^/secret - [F]\n",
        "/secret.txt",
        (200, "secret"),
        (403, ""),
    ),
    Danger(
        "RWR603",
        ROOT + ON + "RewriteRule !^new - [F]\n",
        ROOT + ON + "RewriteRule !^/new - [F]\n",
        "/new.html",
        (403, ""),
        (200, "new"),
    ),
    Danger(
        "RWR604",
        ROOT + ON + "RewriteRule ^/secret - [F]\n<VirtualHost *:@port@>\n</VirtualHost>\n",
        ROOT
        + ON
        + "RewriteOptions InheritDown\nRewriteRule ^/secret - [F]\n"
        + "<VirtualHost *:@port@>\nRewriteEngine On\n</VirtualHost>\n",
        "/secret.txt",
        (200, "secret"),
        (403, ""),
    ),
    Danger(
        "RWR605",
        ROOT + ON + "RewriteCond %{REMOTE_ADDR} =192.0.2.1 [OR]\nRewriteRule ^/new /secret.txt\n",
        ROOT + ON + "RewriteCond %{REMOTE_ADDR} =192.0.2.1\nRewriteRule ^/new /secret.txt\n",
        "/new.html",
        (200, "secret"),
        (200, "new"),
    ),
    Danger(
        "RWR606",
        ROOT + ON + "RewriteRule ^/s\\.php\\?debug=1 - [F]\n",
        ROOT + ON + "RewriteCond %{QUERY_STRING} ^debug=1\nRewriteRule ^/s\\.php$ - [F]\n",
        "/s.php?debug=1",
        (200, "script"),
        (403, ""),
    ),
    Danger(
        "RWR606",
        ROOT + "Redirect 403 /s.php?debug=1\n",
        ROOT + ON + "RewriteCond %{QUERY_STRING} ^debug=1\nRewriteRule ^/s\\.php$ - [F]\n",
        "/s.php?debug=1",
        (200, "script"),
        (403, ""),
    ),
    Danger(
        "RWR607",
        DIRECTORY + "RewriteRule ^(.*)$ /x/$1 [L]\n" + END,
        DIRECTORY + "RewriteRule ^(.*)$ /x/$1 [END]\n" + END,
        "/page",
        (500, ""),
        (200, "deep"),
        "AH00124",
    ),
    Danger(
        "RWR607",
        DIRECTORY + "RewriteRule ^ /index.html [L]\n" + END,
        DIRECTORY + "RewriteRule ^ index.html [L]\n" + END,
        "/page",
        (500, ""),
        (200, "home"),
        "AH00124",
    ),
    Danger(
        "RWR607",
        DIRECTORY + "RewriteCond %{HTTP_HOST} local\nRewriteRule ^(.*)$ $1.html [L]\n" + END,
        DIRECTORY + "RewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^(.*)$ $1.html [L]\n" + END,
        "/new",
        (500, ""),
        (200, "new"),
        "AH00124",
    ),
    Danger(
        "RWR608",
        ROOT + ON + "RewriteRule ^/u/(.*)$ /$1.php [UnsafeAllow3F,L]\n",
        ROOT + ON + "RewriteRule ^/u/(.*)$ /$1.php [L]\n",
        "/u/secret.txt%3f",
        (200, "secret"),
        (403, ""),
    ),
    Danger(
        "RWR609",
        ROOT + ON + "RewriteRule ^(.*)\\.html$ $1.txt [UnsafePrefixStat]\n",
        ROOT + ON + "RewriteRule ^(.*)\\.html$ $1.txt\n",
        "@root@/outside.html",
        (200, "outside"),
        (404, ""),
    ),
    Danger(
        "RWR610",
        "Redirect permanent / https://a.test\n",
        "Redirect permanent / https://a.test/\n",
        "/.evil.test/",
        (301, "https://a.test.evil.test/"),
        (301, "https://a.test/.evil.test/"),
    ),
    Danger(
        "RWR610",
        "Redirect permanent / https://a.test\n",
        "Redirect permanent / https://a.test/\n",
        "/@evil.test/",
        (301, "https://a.test@evil.test/"),
        (301, "https://a.test/@evil.test/"),
    ),
    Danger(
        "RWR610",
        ON + "RewriteRule ^/(.*)$ https://%{HTTP_HOST}$1 [R]\n",
        ON + "RewriteRule ^(.*)$ https://%{HTTP_HOST}$1 [R]\n",
        "/.evil.test/",
        (302, "https://localhost:@port@.evil.test/"),
        (302, "https://localhost:@port@/.evil.test/"),
    ),
    Danger(
        "RWR610",
        DIRECTORY + "RewriteRule ^(.*)$ https://a.test$1 [R]\n" + END,
        DIRECTORY + "RewriteRule ^(.*)$ https://a.test/$1 [R]\n" + END,
        "/.evil.test/",
        (302, "https://a.test.evil.test/"),
        (302, "https://a.test/.evil.test/"),
    ),
    Danger(
        "RWR610",
        "RedirectMatch ^/(.*)$ https://a.test$1\n",
        "RedirectMatch ^(/.*)$ https://a.test$1\n",
        "/.evil.test/",
        (302, "https://a.test.evil.test/"),
        (302, "https://a.test/.evil.test/"),
    ),
    Danger(
        "RWR611",
        ROOT + ON + "RewriteRule ^/s/(.*)$ http://127.0.0.1:@one@/s?q=$1 [P]\n",
        ROOT + ON + "RewriteRule ^/s/(.*)$ http://127.0.0.1:@one@/s?q=$1 [P,B]\n",
        "/s/a%26admin=1",
        (200, "one: /s?q=a&admin=1"),
        (200, "one: /s?q=a%26admin%3d1"),
    ),
    Danger(
        "RWR611",
        ROOT + ON + "RewriteRule ^/s/(.*)$ /s.php?q=$1 [BNP,L]\n",
        ROOT + ON + "RewriteRule ^/s/(.*)$ /s.php?q=$1 [B,L]\n",
        "/s/a%20b",
        (403, ""),
        (200, "script"),
        "AH10410",
    ),
    Danger(
        "RWR612",
        ROOT + "<Location /secret.txt>\n" + ON + "RewriteRule ^secret - [F]\n</Location>\n",
        ROOT + ON + "RewriteRule ^/secret - [F]\n",
        "/secret.txt",
        (200, "secret"),
        (403, ""),
    ),
    Danger(
        "RWR612",
        ROOT + "<Files secret.txt>\n" + ON + "RewriteRule ^secret - [F]\n</Files>\n",
        ROOT + ON + "RewriteRule ^/secret - [F]\n",
        "/secret.txt",
        (200, "secret"),
        (403, ""),
    ),
    Danger(
        "RWR614",
        "ProxyPass /app/ http://127.0.0.1:@one@\n",
        "ProxyPass /app/ http://127.0.0.1:@one@/\n",
        "/app/@127.0.0.1:@two@/secret",
        (200, "two: /secret"),
        (200, "one: /@127.0.0.1:@two@/secret"),
    ),
    Danger(
        "RWR614",
        "<Location /app/>\nProxyPass unix:@root@/none.sock|http://localhost\n</Location>\n",
        "<Location /app/>\nProxyPass http://127.0.0.1:@one@/\n</Location>\n",
        "/app/@127.0.0.1:@two@/secret",
        (200, "two: /secret"),
        (200, "one: /@127.0.0.1:@two@/secret"),
    ),
    Danger(
        "RWR614",
        '<Proxy "balancer://app">\nBalancerMember http://127.0.0.1:@one@\n</Proxy>\n'
        "ProxyPass / balancer://app\n",
        '<Proxy "balancer://app">\nBalancerMember http://127.0.0.1:@one@\n</Proxy>\n'
        "ProxyPass / balancer://app/\n",
        "/x",
        (500, ""),
        (200, "one: /x"),
        "AH01144",
    ),
    Danger(
        "RWR614",
        "ProxyPass /app http://127.0.0.1:@one@/\n",
        "ProxyPass /app http://127.0.0.1:@one@\n",
        "/app/x",
        (200, "one: //x"),
        (200, "one: /x"),
    ),
    Danger(
        "RWR614",
        "ProxyPass /img/ http://127.0.0.1:@one@/img\n",
        "ProxyPass /img/ http://127.0.0.1:@one@/img/\n",
        "/img/-private",
        (200, "one: /img-private"),
        (200, "one: /img/-private"),
    ),
    Danger(
        "RWR615",
        ROOT + "ProxyPass / http://127.0.0.1:@one@/\nProxyPass /x !\n",
        ROOT + "ProxyPass /x !\nProxyPass / http://127.0.0.1:@one@/\n",
        "/x/page",
        (200, "one: /x/page"),
        (200, "deep"),
    ),
    Danger(
        "RWR615",
        "ProxyPass / http://127.0.0.1:@one@/\n"
        "<VirtualHost *:@port@>\nProxyPass /x http://127.0.0.1:@two@/x\n</VirtualHost>\n",
        "<VirtualHost *:@port@>\nProxyPass /x http://127.0.0.1:@two@/x\n</VirtualHost>\n",
        "/x/page",
        (200, "one: /x/page"),
        (200, "two: /x/page"),
    ),
    Danger(
        "RWR616",
        "ProxyPass /app/ http://127.0.0.1:@one@/\n",
        "ProxyPass /app/ http://127.0.0.1:@one@/\nProxyPassReverse /app/ http://127.0.0.1:@one@/\n",
        "/app/redirect",
        (302, "http://127.0.0.1:@one@/elsewhere"),
        (302, "http://localhost:@port@/app/elsewhere"),
    ),
    Danger(
        "RWR617",
        ROOT
        + '<Directory "@www@">\nRequire all denied\n</Directory>\n'
        + "ProxyPassMatch ^/(.*\\.php)$ fcgi://127.0.0.1:1@www@/$1\n",
        ROOT
        + '<Directory "@www@">\nRequire all denied\n</Directory>\n'
        + '<FilesMatch "\\.php$">\nSetHandler proxy:fcgi://127.0.0.1:1\n</FilesMatch>\n',
        "/s.php",
        (503, ""),
        (403, ""),
        "AH00957",
    ),
    Danger(
        "RWR618",
        ROOT + "<Files s.php>\nSetHandler proxy:unix:@root@/none.sock\n</Files>\n",
        ROOT + "<Files s.php>\nSetHandler proxy:unix:@root@/none.sock|fcgi://localhost\n</Files>\n",
        "/s.php",
        (200, "script"),
        (503, ""),
    ),
    Danger(
        "RWR620",
        ROOT + "ErrorDocument 503 /err.html\nProxyPass / http://127.0.0.1:1/\n",
        ROOT
        + "ErrorDocument 503 /err.html\nProxyPass /err.html !\nProxyPass / http://127.0.0.1:1/\n",
        "/x",
        (503, "Service Unavailable"),
        (503, "sorry"),
    ),
    Danger(
        "RWR621",
        "ProxyPass /a/ unix:@root@/a.sock|http://localhost/\n"
        "ProxyPass /b/ unix:@root@/b.sock|http://localhost/\n",
        "ProxyPass /a/ unix:@root@/a.sock|http://a/\nProxyPass /b/ unix:@root@/b.sock|http://b/\n",
        "/b/x",
        (503, ""),
        (503, ""),
        "/a.sock (localhost:80) failed",
    ),
)
IDS = [f"{danger.code}-{number}" for number, danger in enumerate(DANGERS)]


class Answer(NamedTuple):
    """What came back: where a redirect leads to stands in place of its body."""

    status: int
    text: str
    wanted: str
    log: str
    said: frozenset[str]


@contextmanager
def started(text: str, ports: tuple[int, int]) -> Iterator[PrivateHttpd]:
    server = PrivateHttpd(Mpm.EVENT, "", MODULES)
    for name, body in PAGES.items():
        page = server.root / "www" / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(body)
    (server.root / "outside.txt").write_text("outside")
    server.directives = filled(text, server, ports)
    with server:
        server.start()
        yield server


def filled(text: str, server: PrivateHttpd, ports: tuple[int, int]) -> str:
    marks = {
        "www": server.root / "www",
        "root": server.root,
        "port": server.port,
        "one": ports[0],
        "two": ports[1],
    }
    return re.sub("@([a-z]+)@", lambda mark: str(marks[mark[1]]), text)


def asked(danger: Danger, text: str, wanted: str) -> Answer:
    with backend("one") as one, backend("two") as two, started(text, (one, two)) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.putrequest("GET", filled(danger.path, server, (one, two)), skip_host=True)
        connection.putheader("Host", f"localhost:{server.port}")
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read().decode("latin-1")
        connection.close()
        found = answer.headers.get("Location") or body
        wanted = filled(wanted, server, (one, two))
        return Answer(answer.status, found, wanted, server.error_log(), said(server, danger.code))


def said(server: PrivateHttpd, code: str) -> frozenset[str]:
    """Give the code when its rule speaks of the configuration that the server runs with."""
    rule = find(code)
    assert rule is not None
    listing = listing_of(rule)
    report = check([Reading((read(server),))], Checks((listing,), (listing,)))
    return frozenset(finding.code for finding in report.findings)


@pytest.mark.parametrize("danger", DANGERS, ids=IDS)
def test_the_danger_is_there_on_bad_and_gone_on_good(danger: Danger) -> None:
    bad, good = (
        asked(danger, danger.bad, danger.seen[1]),
        asked(danger, danger.good, danger.then[1]),
    )
    assert (bad.status, good.status) == (danger.seen[0], danger.then[0])
    assert bad.wanted in bad.text
    assert good.wanted in good.text
    assert danger.logged in bad.log
    assert not danger.logged or danger.logged not in good.log
    assert bad.said == {danger.code}
    assert not good.said
