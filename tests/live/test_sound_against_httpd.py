"""The sound configurations are accepted by the real httpd, wherever it has their modules."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mpmtune.httpd.words import split
from tests.lint.sound_configurations import FILES
from tests.live.private_httpd import binary, module_directory

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.httpd

_LINE = re.compile(r"^(?P<blanks>\s*)(?P<name>[A-Za-z]+)\s+(?P<args>.*)$")
_DIRECTORIES = frozenset({"serverroot", "documentroot", "defaultruntimedir"})
_WRITTEN = frozenset({"pidfile", "errorlog", "customlog", "transferlog"})
_READ = {
    "sslcertificatefile": "cert.pem",
    "sslcertificatekeyfile": "key.pem",
    "sslcacertificatefile": "cert.pem",
    "sslproxycacertificatefile": "cert.pem",
    "typesconfig": "mime.types",
}
_NOBODY = 65534
_ENVIRONMENT = {"PATH": os.environ.get("PATH", "/usr/bin"), "LANG": "C"}


class Place:
    """A directory of our own in which all paths of a configuration are made to exist.

    Args:
        root: The directory; it holds a certificate, its key, a program and a table of types.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def local(self, text: str) -> str:
        """Put the paths of this place into a configuration."""
        for name in re.findall(r"^Use \w+ (\S+)$", text, re.MULTILINE):
            for path in re.findall(r"DocumentRoot (\S+\$name)$", text, re.MULTILINE):
                self._inside(path.replace("$name", name)).mkdir(parents=True, exist_ok=True)
        return "".join(f"{self._line(line)}\n" for line in text.splitlines())

    def _line(self, line: str) -> str:
        match = _LINE.match(line)
        if match is None:
            return line
        name, words = match["name"].lower(), split(match["args"])
        if name == "loadmodule":
            return self._module(*words)
        if name in {"user", "group"}:
            return f"{match['name']} #{_NOBODY}"
        path = self._path(name, words[0])
        rest = " ".join(words[1:]) if path is not None else ""
        return line if path is None else f'{match["name"]} "{path}" {rest}'

    def _path(self, name: str, word: str) -> str | None:
        if word.startswith("exec:/"):
            return f"exec:{self.root}/program"
        if name in _READ:
            return f"{self.root}/{_READ[name]}"
        if name not in _DIRECTORIES | _WRITTEN or not word.startswith(
            ("/etc", "/var", "/srv", "/usr", "/home", "/run")
        ):
            return None
        inside = self._inside(word)
        (inside if name in _DIRECTORIES else inside.parent).mkdir(parents=True, exist_ok=True)
        if name == "serverroot":
            (inside / "logs").mkdir(exist_ok=True)
        return str(inside)

    def _inside(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def _module(self, identifier: str, path: str) -> str:
        """Load a module from where it is here; one that is compiled in needs no line."""
        name = "libphp*.so" if identifier == "php_module" else Path(path).name
        found = next(Path(module_directory()).glob(name), None)
        if found is None and name not in compiled_in():
            pytest.skip(f"{name} is not installed here")
        return f"# {name} is compiled in" if found is None else f"LoadModule {identifier} {found}"


@cache
def compiled_in() -> set[str]:
    """Give the files of the modules that are part of the binary: ``mod_log_config.so``."""
    said = subprocess.run([binary(), "-l"], capture_output=True, text=True, check=True, timeout=20)
    return {f"{word.removesuffix('.c')}.so" for word in said.stdout.split() if word.endswith(".c")}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, and TLS needs a certificate")
    root = tmp_path_factory.mktemp("sound")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *(
                "-subj",
                "/CN=www.example.com",
                "-keyout",
                root / "key.pem",
                "-out",
                root / "cert.pem",
            ),
        ],
        check=True,
        capture_output=True,
    )
    (root / "program").write_text("#!/bin/sh\necho open\n")
    (root / "program").chmod(0o755)
    (root / "mime.types").write_text("text/html html\n")
    yield Place(root)
    shutil.rmtree(root, ignore_errors=True)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_httpd_accepts_it(file: Path, place: Place) -> None:
    conf = place.root / "httpd.conf"
    conf.write_text(place.local(file.read_text()))
    answer = subprocess.run(
        [binary(), "-f", str(conf), "-t"],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        env={**_ENVIRONMENT, "APACHE_RUN_DIR": str(place.root)},
    )
    assert answer.returncode == 0, answer.stderr
    warned = [line for line in answer.stderr.splitlines() if line != "Syntax OK"]
    assert not warned
