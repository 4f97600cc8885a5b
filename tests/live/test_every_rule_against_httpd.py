"""The examples of every rule, put to the real httpd: what it says of bad, and that it takes good."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mpmtune.lint.registry import all_rules
from mpmtune.lint.rule import Scope
from tests.lint.example_readings import MODULES, SERVER_ROOT, load_module, modules_of
from tests.live.private_httpd import binary, free_port, module_directory, version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.rule import AnyRule, Example

pytestmark = pytest.mark.httpd

_AH = re.compile(r"\bAH\d{5}\b")
_CERTIFICATE = (
    *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
    *("-subj", "/CN=www.example.com"),
)
PUT_TO_HTTPD = [
    (rule, number, example)
    for rule in all_rules()
    for number, example in enumerate(rule.examples)
    if example.scope is Scope.WHOLE
]
BAD = [
    pytest.param(rule, example, id=f"{rule.code}-bad-{number}")
    for rule, number, example in PUT_TO_HTTPD
    if example.bad and example.mpm and rule.httpd_ids.get(example.mpm)
]
GOOD = [
    pytest.param(rule, example, text, id=f"{rule.code}-good-{number}-{at}")
    for rule, number, example in PUT_TO_HTTPD
    for at, text in enumerate(example.all_good)
]


class Server:
    """A ServerRoot of our own, in which one text after the other is checked."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.www = root / "www"
        for name in ("htdocs", "logs", "run"):
            (self.www / name).mkdir(parents=True)
        key, certificate = self.www / "key.pem", self.www / "cert.pem"
        subprocess.run(
            [*_CERTIFICATE, "-keyout", key, "-out", certificate],
            check=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
        )
        (root / "modules").symlink_to(module_directory())
        self.port = free_port()

    def check(self, example: Example, text: str) -> subprocess.CompletedProcess[str]:
        """Ask ``httpd -t`` about a text in the configuration that its example asks for."""
        modules = [name for name in modules_of(example) if self.is_shared(name)]
        lines = [
            f"ServerRoot {self.root}",
            f"DefaultRuntimeDir {self.root}",
            f"PidFile {self.root}/httpd.pid",
            f"ErrorLog {self.root}/error.log",
            "ServerName localhost",
            f"Listen 127.0.0.1:{self.port}",
            *(self.local(load_module(name)) for name in modules),
            *(("User #65534", "Group #65534") if os.geteuid() == 0 else ()),
            "Include example.conf",
        ]
        for path, body in (
            ("httpd.conf", "\n".join([*lines, ""])),
            ("example.conf", text),
            *example.files,
        ):
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(self.local(body).encode("utf-8", "surrogateescape"))
        try:
            return self.configtest()
        finally:
            for path, _ in example.files:
                (self.root / path).unlink()

    def configtest(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [binary(), "-f", str(self.root / "httpd.conf"), "-t"],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
            env={"PATH": os.environ["PATH"], "LANG": "C"},
        )

    def local(self, text: str) -> str:
        """Put the paths of this server into a text."""
        text = text.replace(MODULES, module_directory())
        return text.replace("/srv/www", str(self.www)).replace(SERVER_ROOT, str(self.root))

    def is_shared(self, name: str) -> bool:
        """Whether a module is there to be loaded; one that is compiled in needs no loading."""
        file = Path(module_directory(), load_module(name).rpartition("/")[2])
        if name.startswith("php") and not file.exists():
            pytest.skip(f"{file.name} is not installed here")
        return file.exists()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if version() < (2, 4, 71):
        pytest.skip("the examples are written for httpd 2.4.71")
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, and the examples need a certificate")
    root = tmp_path_factory.mktemp("httpd")
    root.chmod(0o755)
    yield Server(root)
    shutil.rmtree(root, ignore_errors=True)


def claimed(rule: AnyRule, example: Example) -> set[str]:
    return set(rule.httpd_ids.get(example.mpm, ())) if example.mpm else set()


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_httpd_says_of_bad_what_the_rule_claims(
    rule: AnyRule, example: Example, server: Server
) -> None:
    said = server.check(example, example.bad).stderr
    assert claimed(rule, example) & set(_AH.findall(said)), said


@pytest.mark.parametrize(("rule", "example", "text"), GOOD)
def test_httpd_accepts_good_and_says_none_of_it(
    rule: AnyRule, example: Example, text: str, server: Server
) -> None:
    answer = server.check(example, text)
    assert answer.returncode == 0, answer.stderr
    assert not claimed(rule, example) & set(_AH.findall(answer.stderr)), answer.stderr
