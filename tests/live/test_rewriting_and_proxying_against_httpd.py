"""Generated patterns and ProxyPass lists: what the rules call dead is dead on the real httpd."""

from __future__ import annotations

import http.client
import random
import re
from typing import TYPE_CHECKING

import pytest

from mpmtune.lint.engine import Checks, Reading, check
from mpmtune.lint.listing import listing_of
from mpmtune.lint.registry import find
from mpmtune.model.httpd import Mpm
from tests.live.backends import backend
from tests.live.merging_probe import read
from tests.live.private_httpd import PrivateHttpd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.model.finding import Finding

pytestmark = pytest.mark.httpd

ATOMS = (
    "a",
    "b",
    "/",
    ".",
    "[^a]",
    "[ab]",
    "(a|/)",
    "(^/|b)",
    "(?:a)",
    "(|/)",
    "\\.",
    "[^/]",
    "/?",
)
PATHS = ("", "a", "b", "ab", "a/b", "b/a", "aa", "a.b", "ba", "bb/")
PASSES = ("/", "/a", "/a/", "/a/b", "/a/b/", "/ab", "/b", "//a", "/b//a")
PROBES = ("/", "/a", "/a/", "/a/x", "/a/b", "/a/b/", "/a/b/x", "/ab", "/ab/x", "/b", "/b/a", "/x")


def findings(server: PrivateHttpd, code: str) -> list[Finding]:
    rule = find(code)
    assert rule is not None
    listing = listing_of(rule)
    report = check([Reading((read(server),))], Checks((listing,), (listing,)))
    return list(report.findings)


def flagged(server: PrivateHttpd, code: str) -> set[int]:
    """Lines of the directives that a rule speaks of; 0 is their first."""
    return {finding.line - server.first_line for finding in findings(server, code)}


def headers(server: PrivateHttpd, path: str, host: str = "localhost") -> Mapping[str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", path, headers={"Host": host, "Connection": "close"})
    answer = connection.getresponse()
    body = answer.read().decode("latin-1")
    connection.close()
    return {**dict(answer.headers.items()), "body": body}


def a_pattern(chance: random.Random) -> str:
    atoms = [
        atom + ("" if atom.endswith("?") else chance.choice(["", "", "", "?", "*", "+"]))
        for atom in chance.choices(ATOMS, k=chance.randint(0, 3))
    ]
    begins = chance.choice(["^", "^", "^", "", "!^", "^/", "^/"])
    return begins + "".join(atoms) + chance.choice(["", "$"])


@pytest.mark.parametrize("code", ["RWR602", "RWR603"])
def test_a_pattern_that_is_called_dead_matches_no_path(code: str) -> None:
    """And one with ``!`` before it matches each."""
    chance = random.Random(6)
    patterns = [a_pattern(chance) for _ in range(150)]
    rules = [f'RewriteRule "{p}" "-" [E=M{n}:1]' for n, p in enumerate(patterns)]
    marks = [f"Header always set X-{n} 1 \"expr=-n env('M{n}')\"" for n in range(len(patterns))]
    server = PrivateHttpd(Mpm.EVENT, "", ("rewrite", "headers"))
    root = server.root / "www"
    for path in PATHS:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
    inside = code == "RWR602"
    lines = [f'<Directory "{root}">' if inside else "", "RewriteEngine On", *rules]
    lines += ["</Directory>" if inside else "", *marks, f'DocumentRoot "{root}"']
    server.directives = "\n".join(lines)
    with server:
        server.start()
        matched: dict[int, set[str]] = {n: set() for n in range(len(patterns))}
        for path in PATHS:
            for name in headers(server, f"/{path}"):
                if name.startswith("X-"):
                    matched[int(name[2:])].add(path)
        dead = {line - 2 for line in flagged(server, code)}
    assert len(dead) > 20
    assert sum(map(bool, matched.values())) > 50
    for number in dead:
        expected = set(PATHS) if patterns[number].startswith("!") else set()
        assert matched[number] == expected, patterns[number]


def test_of_passes_just_those_are_called_shadowed_that_no_request_comes_to() -> None:
    chance = random.Random(7)
    count = 25
    with backend("one") as port:
        server = PrivateHttpd(Mpm.EVENT, "", ("proxy", "proxy_http"))
        lines, place = [], {}
        for host in range(count):
            lines += [f"<VirtualHost *:{server.port}>", f"ServerName h{host}.test"]
            for path in chance.choices(PASSES, k=5):
                place[len(lines)] = (host, f"{host}.{len(lines)}")
                end = "/" if path.endswith("/") else ""
                url = f"http://127.0.0.1:{port}/T{host}.{len(lines)}{end}"
                lines.append(f"ProxyPass {path} {url}")
            lines.append("</VirtualHost>")
        server.directives = "\n".join(lines)
        with server:
            server.start()
            reached: set[str] = set()
            for host in range(count):
                for path in PROBES:
                    answer = re.search(
                        r"/T([0-9.]+)", headers(server, path, f"h{host}.test")["body"]
                    )
                    if answer:
                        reached.add(answer[1].rstrip("."))
            shadowed = {place[line][1] for line in flagged(server, "RWR615")}
    every = {mark for _, mark in place.values()}
    assert len(shadowed) > 20
    assert every - reached == shadowed


def test_the_parameters_called_ignored_are_those_that_httpd_says_it_ignores() -> None:
    chance = random.Random(8)
    hosts = ("http://localhost:9", "http://LOCALHOST:9", "http://127.0.0.1:9")
    tails = ("", "/", "/a", "/ab", "/a/b", "/A", "/a/")
    said: set[int] = set()
    called: set[int] = set()
    for _ in range(8):
        server = PrivateHttpd(Mpm.EVENT, "", ("proxy", "proxy_http"))
        lines = [
            f"ProxyPass /p{n} {chance.choice(hosts)}{chance.choice(tails)} timeout={n + 1}"
            for n in range(12)
        ]
        server.directives = "\n".join(lines)
        with server:
            answer = server.check()
            ignored = {
                int(n) - 1 for n in re.findall(r"Ignoring parameter 'timeout=(\d+)'", answer.stderr)
            }
            found = flagged(server, "RWR621")
        assert found == ignored, lines
        said |= ignored
        called |= found
    assert len(said) > 8
    assert said == called
