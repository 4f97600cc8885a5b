"""The real httpd is asked about the rarer ways of merging, one virtual host for each."""

from __future__ import annotations

import http.client
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from mpmtune.httpd.asked_url import AskedUrl, ask
from mpmtune.httpd.merged_view import MergedView
from mpmtune.httpd.rewriting import rule_of
from mpmtune.httpd.words import split
from mpmtune.model.httpd import Mpm
from tests.live.merging_probe import look, read
from tests.live.private_httpd import PrivateHttpd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mpmtune.httpd.in_force import Configuration

pytestmark = pytest.mark.httpd

MODULES = (
    "access_compat",
    "authz_host",
    "autoindex",
    "dir",
    "env",
    "expires",
    "headers",
    "mime",
    "rewrite",
    "setenvif",
)
MAIN = """\
TypesConfig /dev/null
AddType text/plain .txt
AddType text/html .html
DocumentRoot "{0}"
CustomLog "{1}/main.log" "%v"
RewriteEngine On
RewriteRule ^/from-main$ /main-rule [R,L]
"""


class Case(NamedTuple):
    """A virtual host, a path to ask, and what its answer shows."""

    name: str
    text: str
    path: str
    shows: Callable[[http.client.HTTPResponse, str], object]
    predicted: Callable[[Configuration], object]


def status(answer: http.client.HTTPResponse, _body: str) -> int:
    return answer.status


def target(answer: http.client.HTTPResponse, _body: str) -> str:
    return (answer.headers["Location"] or "none").rpartition("/")[2]


def first_rule(found: Configuration) -> str:
    rules = found.find("rewriterule").lines
    return rule_of(rules[0]).substitution.lstrip("/") if rules else "none"


def restricted(found: Configuration) -> int:
    """Whether Deny is in force decides here."""
    return 403 if found.find("deny").lines else 200


def age(answer: http.client.HTTPResponse, _body: str) -> str:
    return (answer.headers["Cache-Control"] or "").partition("=")[2]


def age_of_text(found: Configuration) -> str:
    words = [split(line.args) for line in found.find("expiresbytype").lines]
    return next(seconds[1:] for kind, seconds in words if kind == "text/plain")


def index(_answer: http.client.HTTPResponse, body: str) -> str:
    return body.strip()


def first_index(found: Configuration) -> str:
    words = [word for line in found.find("directoryindex").lines for word in split(line.args)]
    return words[-1]


def has_table(_answer: http.client.HTTPResponse, body: str) -> bool:
    return "<table" in body


def wants_table(found: Configuration) -> bool:
    return "htmltable" in (found.find("indexoptions").words or ())


def variable(answer: http.client.HTTPResponse, _body: str) -> str | None:
    return answer.headers["X-V"]


def last_variable(found: Configuration) -> str:
    return found.find("setenvif").lines[-1].args.rpartition("=")[2]


def rules(outer: str, inner: str) -> str:
    return (
        f'<Directory "{{0}}/a">\nRewriteEngine On\n{outer}\nRewriteRule ^ /outer [R,L]\n</Directory>\n'
        f'<Directory "{{0}}/a/b">\n{inner}\n</Directory>'
    )


INNER = "RewriteEngine On\nRewriteRule ^ /inner [R,L]"
CASES = [
    Case("rules", rules("", INNER), "/a/b/f.txt", target, first_rule),
    Case("no-rules", rules("", "RewriteEngine On"), "/a/b/f.txt", target, first_rule),
    Case(
        "unsaid",
        rules("", "Options None\nOptions +FollowSymLinks"),
        "/a/b/f.txt",
        target,
        first_rule,
    ),
    Case(
        "inherit", rules("", f"RewriteOptions Inherit\n{INNER}"), "/a/b/f.txt", target, first_rule
    ),
    Case(
        "before",
        rules("", f"RewriteOptions InheritBefore\n{INNER}"),
        "/a/b/f.txt",
        target,
        first_rule,
    ),
    Case(
        "down",
        rules("RewriteOptions InheritDown", "RewriteEngine On"),
        "/a/b/f.txt",
        target,
        first_rule,
    ),
    Case(
        "down-before",
        rules("RewriteOptions InheritDownBefore", INNER),
        "/a/b/f.txt",
        target,
        first_rule,
    ),
    Case(
        "ignored",
        rules("RewriteOptions InheritDown", "RewriteEngine On\nRewriteOptions IgnoreInherit"),
        "/a/b/f.txt",
        target,
        first_rule,
    ),
    Case("main-rule", "RewriteOptions Inherit", "/from-main", target, first_rule),
    Case("no-main-rule", "RewriteEngine On", "/from-main", target, first_rule),
    Case("nothing-said", "", "/from-main", target, first_rule),
    Case(
        "denied",
        '<Directory "{0}/a">\nDeny from all\n</Directory>\n<Directory "{0}/a/b">\nOptions None\n</Directory>',
        "/a/b/f.txt",
        status,
        restricted,
    ),
    Case(
        "ordered",
        '<Directory "{0}/a">\nDeny from all\n</Directory>\n'
        '<Directory "{0}/a/b">\nOrder deny,allow\n</Directory>',
        "/a/b/f.txt",
        status,
        restricted,
    ),
    Case(
        "expires",
        "ExpiresActive On\nExpiresByType text/plain A10\nExpiresByType text/html A20\n"
        '<Directory "{0}/a">\nExpiresByType text/html A30\n</Directory>',
        "/a/b/f.txt",
        age,
        age_of_text,
    ),
    Case(
        "expires-inner",
        "ExpiresActive On\nExpiresByType text/plain A10\n"
        '<Directory "{0}/a">\nExpiresByType text/plain A30\n</Directory>',
        "/a/b/f.txt",
        age,
        age_of_text,
    ),
    Case("index", "DirectoryIndex no.txt\nDirectoryIndex f.txt", "/a/b/", index, first_index),
    Case(
        "index-inner",
        'DirectoryIndex f.txt\n<Directory "{0}/a">\nDirectoryIndex no.txt g.txt\n</Directory>',
        "/a/b/",
        index,
        first_index,
    ),
    *(
        Case(
            f"listing-{number}",
            f"DirectoryIndex disabled\nOptions +Indexes\nIndexOptions {outer}\n"
            f'<Directory "{{0}}/a">\nIndexOptions {middle}\n</Directory>\n'
            f'<Location "/a/b">\nIndexOptions {inner}\n</Location>',
            "/a/b/",
            has_table,
            wants_table,
        )
        for number, (outer, middle, inner) in enumerate(
            [
                ("FancyIndexing HTMLTable", "+FoldersFirst", "+FoldersFirst"),
                ("FancyIndexing HTMLTable", "-HTMLTable", "+FoldersFirst"),
                ("FancyIndexing HTMLTable", "-HTMLTable", "+HTMLTable"),
                ("FancyIndexing HTMLTable", "FancyIndexing", "+FoldersFirst"),
                ("FancyIndexing", "+HTMLTable", "FancyIndexing"),
                ("FancyIndexing", "+HTMLTable", "-FoldersFirst"),
                ("None", "+HTMLTable +FancyIndexing", "+FoldersFirst"),
            ]
        )
    ),
    Case(
        "environment",
        'Header set X-V "%{{V}}e"\nSetEnvIf Host . V=server\n'
        '<Directory "{0}/a">\nSetEnvIf Host . V=directory\n</Directory>\n'
        '<Location "/a">\nSetEnvIf Host . V=location\n</Location>',
        "/a/b/f.txt",
        variable,
        last_variable,
    ),
]


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="mpmtune-www-"))
    (made / "a" / "b").mkdir(parents=True)
    for directory in (made, made / "a", made / "a" / "b"):
        directory.chmod(0o755)
    for name in ("f.txt", "g.txt"):
        (made / "a" / "b" / name).write_text(name)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def server(root: Path) -> Iterator[PrivateHttpd]:
    made = PrivateHttpd(Mpm.EVENT, "", MODULES)
    lines = [MAIN.format(root, made.root)]
    for case in CASES:
        lines += [f"<VirtualHost *:{made.port}>", f"ServerName {case.name}.test"]
        lines += [case.text.format(root), "</VirtualHost>"]
    lines += [f"<VirtualHost *:{made.port}>", "ServerName own-log.test"]
    lines += [f'CustomLog "{made.root}/own.log" "%v"', "</VirtualHost>"]
    made.directives = "\n".join(lines)
    with made:
        made.start()
        yield made


@pytest.fixture(scope="module")
def view(server: PrivateHttpd) -> MergedView:
    return MergedView(read(server), look)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_merges_as_in_the_real_httpd(server: PrivateHttpd, view: MergedView, case: Case) -> None:
    name = f"{case.name}.test"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", case.path, headers={"Host": name, "Connection": "close"})
    answer = connection.getresponse()
    shown = case.shows(answer, answer.read().decode("latin-1"))
    found = ask(view, AskedUrl("http", name, server.port, case.path)).configuration
    assert shown == case.predicted(found)


def logged(log: Path, name: str) -> bool:
    """Wait for a line: httpd writes it after the answer."""
    deadline = time.monotonic() + 5
    while name not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    return name in log.read_text()


def test_a_log_of_its_own_keeps_a_virtual_host_out_of_the_log_of_the_server(
    server: PrivateHttpd, view: MergedView
) -> None:
    for name in ("own-log.test", "rules.test"):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", "/", headers={"Host": name, "Connection": "close"})
        connection.getresponse().read()
        (log,) = (
            ask(view, AskedUrl("http", name, server.port, "/"))
            .configuration.find("customlog")
            .lines
        )
        assert logged(Path(split(log.args)[0]), name)
    assert "own-log.test" not in (server.root / "main.log").read_text()
