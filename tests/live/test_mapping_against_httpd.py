"""The real httpd is asked which virtual host a request is for, and where its URL leads."""

from __future__ import annotations

import http.client
import random
from typing import TYPE_CHECKING

import pytest

from mpmtune.httpd.asked_url import AskedUrl, ask
from mpmtune.httpd.merged_view import MergedView
from mpmtune.httpd.rewriting import rule_of
from mpmtune.httpd.url_mapping import How
from mpmtune.httpd.words import split
from mpmtune.model.httpd import Mpm
from tests.live.merging_probe import look, read
from tests.live.private_httpd import PrivateHttpd, built, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.in_force import Configuration

pytestmark = pytest.mark.httpd

MODULES = ("alias", "headers", "proxy", "proxy_http", "rewrite", "access_compat")
HOSTS, URLS = 60, 5
PATHS = ("/a", "/a/", "/a/b", "/b", "/b/x.html", "/c", "/", "/ab", "/a//b", "/a/%62", "/c/../a")
NAMES = (
    "one.test",
    "two.test",
    "three.test",
    "any.two.test",
    "x.two.test",
    "none.test",
    "ONE.test.",
)


def asked(address: tuple[str, int], host: str, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.request("GET", path, headers={"Host": host, "Connection": "close"})
    answer = connection.getresponse()
    answer.read()
    return answer


def hosts(chance: random.Random, ports: tuple[int, int]) -> Iterator[str]:
    """Virtual hosts at addresses and names that overlap."""
    for _ in range(12):
        port = chance.choice([*ports, "*"])
        where = chance.choice(["*", "*", "_default_", "127.0.0.1", "127.0.0.2", "[::1]"])
        more = chance.choice(["", "", f" 127.0.0.2:{ports[1]}", f" *:{ports[0]}"])
        yield f"<VirtualHost {where}:{port}{more}>"
        if chance.random() < 0.8:
            name = chance.choice(["one.test", "two.test", "http://three.test:80", "127.0.0.1"])
            yield f"ServerName {name}"
        if chance.random() < 0.5:
            yield f"ServerAlias {chance.choice(['*.two.test', 'any.two.test ONE.test', 'x?two.*'])}"
        yield "</VirtualHost>"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_virtual_host_is_that_of_the_real_httpd(seed: int) -> None:
    chance, second = random.Random(seed), free_port()
    server = PrivateHttpd(Mpm.EVENT, "", MODULES)
    ports = (server.port, second)
    lines = [f"LoadModule met_module {built('mod_met')}"]
    lines += [f"Listen 127.0.0.2:{server.port}", f"Listen 127.0.0.1:{second}"]
    lines += [f"Listen 127.0.0.2:{second}", *hosts(chance, ports)]
    server.directives = "\n".join(lines)
    with server:
        server.start()
        view, differing = MergedView(read(server), look), []
        for name in (*NAMES, "127.0.0.1", "127.0.0.2"):
            for address in ("127.0.0.1", "127.0.0.2"):
                for port in ports:
                    met = int(asked((address, port), name, "/").headers["X-Host"])
                    host = view.hosts.select(name, port, address).host
                    predicted = host.occurrence.line if host else 0
                    if met != predicted:
                        differing.append((name, address, port, met, predicted))
    assert not differing


def mapped(chance: random.Random, backend: int) -> Iterator[str]:
    """Directives that lead URLs elsewhere."""
    number = chance.randrange(1000)
    at = chance.choice(["/a", "/a/", "/b", "/c", "/a/b"])
    to = f"http://127.0.0.1:{backend}/{number}"
    yield chance.choice(
        [
            f"Redirect {at} http://r.test/{number}",
            f"Redirect permanent {at} /r{number}",
            f"Redirect gone {at}",
            f"Redirect 410 {at}",
            f"<Location {at}>\nRedirect 410\n</Location>",
            f"RedirectMatch ^{at}(.*)$ http://r.test/{number}",
            f"RedirectMatch 410 {at}",
            f"Alias {at} /tmp/{number}",
            f"Alias {at} /tmp/{number}/",
            f"AliasMatch ^{at}$ /tmp/{number}",
            f"ProxyPass {at} {to}",
            f"ProxyPass {at} !",
            f"ProxyPassMatch ^{at}(/.*)$ {to}",
            f"<Location {at}>\nProxyPass {to}\n</Location>",
            f"<Location {at}>\nRedirect 302 http://r.test/{number}\n</Location>",
            f"<Location {at}>\nAlias /tmp/{number}\n</Location>",
            f"RewriteEngine On\nRewriteRule ^{at} http://w.test/{number} [R,L]",
            f"RewriteRule ^{at}$ /w{number} [R,L]",
            "RewriteEngine On",
            "RewriteOptions Inherit",
            f"DocumentRoot {chance.choice(['/usr', '/', '/tmp/'])}",
            f'<Proxy "http://127.0.0.1:{backend}/">\nHeader always append X-P {number}\n</Proxy>',
            f'<ProxyMatch "/{number}$">\nHeader always append X-P m{number}\n</ProxyMatch>',
            f'<Proxy "http://*/{str(number)[0]}*">\nHeader always append X-P g{number}\n</Proxy>',
        ]
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_url_leads_where_it_leads_in_the_real_httpd(seed: int) -> None:
    chance, backend = random.Random(seed), free_port()
    server = PrivateHttpd(Mpm.EVENT, "", MODULES)
    lines = [f"LoadModule met_module {built('mod_met')}", "DocumentRoot /tmp"]
    lines += [line for _ in range(4) for line in mapped(chance, backend)]
    for number in range(HOSTS):
        lines += [f"<VirtualHost *:{server.port}>", f"ServerName h{number}.test"]
        lines += [line for _ in range(5) for line in mapped(chance, backend)]
        lines.append("</VirtualHost>")
    server.directives = "\n".join(lines)
    judged, differing = 0, []
    with server:
        server.start()
        view = MergedView(read(server), look)
        for number in range(HOSTS):
            for path in chance.sample(PATHS, URLS):
                answer = asked(("127.0.0.1", server.port), f"h{number}.test", path)
                found = ask(view, AskedUrl("http", f"h{number}.test", server.port, path))
                told = told_of(found.configuration, answer)
                judged += told is not None
                if told is False:
                    mapping = found.configuration.mapping
                    differing.append((number, path, answer.status, dict(answer.headers), mapping))
    assert not differing
    assert judged >= 200


def told_of(found: Configuration, answer: http.client.HTTPResponse) -> bool | None:
    """Compare a prediction with an answer; None where it says that it cannot tell."""
    mapping = found.mapping
    assert mapping is not None
    file, location = answer.headers["X-File"], answer.headers["Location"]
    if mapping.unless:  # by a rule without conditions: it does lead elsewhere
        return location is not None and rule_of(mapping.unless[0]).substitution in location
    if mapping.how is How.UNKNOWN:
        return None
    if mapping.how is How.REDIRECT:
        leads = (
            answer.status == http.client.GONE if location is None else mapping.target in location
        )
        return leads and file is None
    if mapping.how is How.BACKEND:
        traced = tuple(split(line.args)[-1] for line in found.find("header").lines)
        shown = tuple((answer.headers["X-P"] or "").replace(",", " ").split())
        leads = file is not None and file.startswith("proxy:http:")
        return leads and (not mapping.target or (file[6:], shown) == (mapping.target, traced))
    return file == found.file
