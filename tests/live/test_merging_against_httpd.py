"""The real httpd is asked which directives are in force, for configurations made by chance."""

from __future__ import annotations

import http.client
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from mpmtune.httpd.authorization import Verdict, of_provider, possible
from mpmtune.httpd.handlers import PathKind
from mpmtune.httpd.merge_keys import keys_of
from mpmtune.httpd.merged_view import MergedView
from mpmtune.httpd.words import split
from mpmtune.model.httpd import Mpm
from tests.live.generated_sections import DIRECTORIES, FILES, MODULES, VARIABLES, made
from tests.live.merging_probe import look, read
from tests.live.private_httpd import PrivateHttpd, built

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.in_force import Configuration

pytestmark = pytest.mark.httpd

HOSTS, URLS = 60, 6
_BITS = {"indexes": 1, "includes": 2, "followsymlinks": 4, "execcgi": 8, "exec": 32}
_BITS |= {"symlinksifownermatch": 64, "multiviews": 128}
_RELATIVE = 16  # OPT_UNSET: all lines had signs


class Answer(NamedTuple):
    """What one request shows, as answered or as predicted; None for what does not show."""

    status: int
    host: int
    file: str
    options: int
    trace: tuple[str, ...]
    handler: str | None
    type: str | None
    variables: tuple[str | None, ...]


@pytest.fixture
def root() -> Iterator[Path]:
    """Directories and files to ask for."""
    made_here = Path(tempfile.mkdtemp(prefix="mpmtune-www-"))
    made_here.chmod(0o755)
    for directory in DIRECTORIES:
        (made_here / directory[1:]).mkdir(exist_ok=True, parents=True)
        for name in FILES:
            (made_here / directory[1:] / name).write_text("")
    yield made_here
    shutil.rmtree(made_here)


def asked(server: PrivateHttpd, host: str, path: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    body = answer.read().decode("latin-1")
    connection.close()
    handler = re.match(r"(?:probe|error)-\d+", body)
    given = answer.headers
    variables = tuple(given.get(f"X-{name}") for name in VARIABLES)
    served = answer.status == http.client.OK
    return Answer(
        answer.status,
        int(given["X-Host"]),
        given["X-File"],
        int(given["X-Options"]) & ~_RELATIVE,
        tuple(given.get("X-Trace", "").replace(",", " ").split()),
        handler[0] if handler else None,
        given.get("Content-Type") if served else None,
        tuple(None if value == "(null)" else value for value in variables) if served else (),
    )


def predicted(view: MergedView, host: str, port: int, path: str, status: int) -> Answer:
    """Predict an answer; ``status`` tells found from not found, which only files decide."""
    selection = view.hosts.select(host, port, "127.0.0.1")
    found = view.url(selection.host, path)
    assert not found.perhaps
    if not admits(found):
        status = 403
    elif status == http.client.FORBIDDEN:
        status = 200
    served = status == http.client.OK
    traced = (line for line in found.find("header").lines if "append" in line.args)
    return Answer(
        status,
        selection.host.occurrence.line if selection.host else 0,
        found.file,
        sum(_BITS[word] for word in bits_of(found)),
        tuple(split(line.args)[-1] for line in traced),
        handler_of(found) if served else error_of(found, status),
        type_of(found) if served else None,
        tuple(variable(found, name) for name in VARIABLES) if served else (),
    )


def admits(found: Configuration) -> bool:
    required = found.authorization.required
    if required is None:
        return True
    return possible(required, "GET", of_local_client) == {Verdict.GRANTED}


def of_local_client(words: tuple[str, ...]) -> frozenset[Verdict]:
    passes = words in {("method", "GET"), ("ip", "127.0.0.1")}
    if words[0] == "all":
        return of_provider(words)
    return frozenset({Verdict.GRANTED if passes else Verdict.DENIED})


def bits_of(found: Configuration) -> set[str]:
    words = set(found.options)
    if "includesnoexec" in words:
        return words - {"includesnoexec"} | {"includes"}
    return words | {"exec"} if "includes" in words else words


def handler_of(found: Configuration) -> str | None:
    last = found.find("sethandler").last
    return last.args if last is not None else None


def error_of(found: Configuration, status: int) -> str | None:
    lines = found.find("errordocument").lines
    return next((split(o.args)[1] for o in lines if keys_of(o) == (str(status),)), None)


def type_of(found: Configuration) -> str | None:
    forced = found.find("forcetype").last
    if forced is not None:
        return forced.args
    if look(found.file) is PathKind.DIRECTORY:
        return "httpd/unix-directory"
    extensions = found.file.rpartition("/")[2].split(".")[1:]
    for line in found.find("addtype").lines:
        if extensions and keys_of(line) == (extensions[-1],):
            return split(line.args)[0] if line.name == "addtype" else None
    return None


def variable(found: Configuration, name: str) -> str | None:
    for line in found.find("setenv").lines:
        if keys_of(line) == (name.lower(),):
            return split(line.args)[1] if line.name == "setenv" else None
    return None


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_merged_view_is_that_of_the_real_httpd(root: Path, seed: int) -> None:
    with PrivateHttpd(Mpm.EVENT, "", MODULES) as server:
        generated = made(seed, str(root), server.port, hosts=HOSTS, urls=URLS)
        server.directives = f"LoadModule met_module {built('mod_met')}\n{generated.text}"
        server.start()
        view = MergedView(read(server), look)
        differing = []
        for host, path in generated.asked:
            answer = asked(server, host, path)
            expected = predicted(view, host, server.port, path, answer.status)
            if answer != expected:
                differing.append((host, path, answer, expected))
        assert len(generated.asked) >= 200
        assert not differing
