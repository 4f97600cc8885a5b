"""The verdicts on modules, against the real httpd."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mpmtune.httpd.compatibility import verdicts
from mpmtune.httpd.module_verdicts import BUNDLED, BUNDLED_SOURCE
from mpmtune.model.compatibility import Notice, Verdict
from mpmtune.model.server import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.httpd

BINARY = Path("/usr/sbin/apache2")
MODULES = Path("/usr/lib/apache2/modules")
# Other modules link against these, or look for them when they are loaded.
FIRST = ("authn_core", "authz_core", "proxy", "session", "dav", "cache", "dbd", "slotmem_shm")
PATIENCE = 10.0


@dataclass(frozen=True)
class PrivateHttpd:
    """An httpd in a directory of its own, on a port of the loopback."""

    root: Path
    port: int

    def write(self, mpm: Mpm, modules: list[str], *lines: str) -> None:
        loads = [f"LoadModule {mpm.module} {MODULES}/mod_mpm_{mpm.value}.so"]
        loads += [f"LoadModule {stem}_module {MODULES}/mod_{stem}.so" for stem in modules]
        user = ["User www-data", "Group www-data"] if os.geteuid() == 0 else []
        mine = [
            f'ServerRoot "{self.root}"',
            f"Listen 127.0.0.1:{self.port}",
            "ServerName localhost",
            f'PidFile "{self.root}/pid"',
            f'ErrorLog "{self.root}/error_log"',
            f'DefaultRuntimeDir "{self.root}"',
        ]
        (self.root / "httpd.conf").write_text("\n".join([*mine, *loads, *user, *lines, ""]))

    def ask(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [BINARY, "-f", self.root / "httpd.conf", *options],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def log(self) -> str:
        path = self.root / "error_log"
        return path.read_text() if path.is_file() else ""

    @contextmanager
    def running(self) -> Iterator[int]:
        """Start it, wait until it listens, give the parent's pid; end it by that pid."""
        with subprocess.Popen(
            [BINARY, "-f", self.root / "httpd.conf", "-DFOREGROUND"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a parent that ends sends SIGTERM to its whole process group
        ) as process:
            try:
                self.wait(process)
                yield process.pid
            finally:
                if process.poll() is None:
                    os.kill(process.pid, signal.SIGTERM)
                process.wait(PATIENCE)

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError(f"httpd does not listen: {self.log}")

    def wait_for_log(self, text: str, times: int) -> None:
        """Wait for a line: httpd listens before it takes signals."""
        deadline = time.monotonic() + PATIENCE
        while self.log.count(text) < times:
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)


@pytest.fixture
def httpd() -> Iterator[PrivateHttpd]:
    if not BINARY.is_file():
        pytest.skip("no /usr/sbin/apache2 on this machine")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Not tmp_path: the children, another user, have to read what lies in here.
    with tempfile.TemporaryDirectory(prefix="mpmtune-") as directory:
        root = Path(directory)
        root.chmod(0o755)
        yield PrivateHttpd(root, port)


def shared_modules() -> list[str]:
    """The stems of all modules in the directory that are no MPM, in an order that loads."""
    stems = sorted(path.stem.removeprefix("mod_") for path in MODULES.glob("mod_*.so"))
    rest = [stem for stem in stems if not stem.startswith("mpm_") and stem not in FIRST]
    return [stem for stem in FIRST if stem in stems] + rest


@pytest.mark.parametrize("mpm", list(Mpm))
def test_every_bundled_module_is_accepted_and_none_is_called_refused(
    httpd: PrivateHttpd, mpm: Mpm
) -> None:
    httpd.write(mpm, shared_modules())
    answer = httpd.ask("-t")
    assert answer.returncode == 0, answer.stderr
    loaded = re.findall(r"^ (\S+) \((?:static|shared)\)$", httpd.ask("-M").stdout, re.MULTILINE)
    assert len(loaded) > 100
    mine = [verdict for verdict in verdicts(loaded, None) if verdict.mpm is mpm]
    wrong = {Verdict.REFUSED, Verdict.UNSAFE, Verdict.UNKNOWN}
    assert [v.module for v in mine if v.verdict in wrong] == []


def test_the_table_of_bundled_modules_names_them_as_httpd_does(httpd: PrivateHttpd) -> None:
    httpd.write(Mpm.EVENT, shared_modules())
    loaded = set(re.findall(r"^ (\S+) \(", httpd.ask("-M").stdout, re.MULTILINE))
    plain = {v.module for v in verdicts(loaded, None) if v.source == BUNDLED_SOURCE}
    assert len(plain) > 70
    assert plain <= {f"{stem}_module" for stem in BUNDLED}


@pytest.mark.parametrize("mpm", [Mpm.WORKER, Mpm.EVENT])
def test_mod_cgi_starts_under_threads_and_has_a_way_out(httpd: PrivateHttpd, mpm: Mpm) -> None:
    httpd.write(mpm, ["authz_core", "cgi"])
    with httpd.running():
        pass
    (verdict,) = (v for v in verdicts(("cgi_module",), None) if v.mpm is mpm)
    assert verdict.verdict is Verdict.OK
    assert verdict.way_out


def test_http2_under_prefork_starts_and_says_ah10034_at_start_only(httpd: PrivateHttpd) -> None:
    httpd.write(Mpm.PREFORK, ["authz_core", "http2"], "Protocols h2c http/1.1")
    tested = httpd.ask("-t")
    assert tested.returncode == 0
    assert "AH10034" not in tested.stderr
    with httpd.running():
        assert "AH10034" in httpd.log
    verdict = verdicts(("http2_module",), None)[0]
    assert (verdict.mpm, verdict.notice) == (Mpm.PREFORK, Notice.START)
    assert "AH10034" in verdict.why


@pytest.mark.parametrize("mpm", [Mpm.WORKER, Mpm.EVENT])
def test_http2_under_threads_has_nothing_to_say(httpd: PrivateHttpd, mpm: Mpm) -> None:
    httpd.write(mpm, ["authz_core", "http2"], "Protocols h2c http/1.1")
    with httpd.running():
        assert "AH10034" not in httpd.log


@pytest.mark.parametrize(("mpm", "code"), [(Mpm.PREFORK, 0), (Mpm.WORKER, 0), (Mpm.EVENT, 1)])
def test_only_event_has_no_accept_mutex(httpd: PrivateHttpd, mpm: Mpm, code: int) -> None:
    httpd.write(mpm, ["authz_core"], "Mutex pthread mpm-accept")
    answer = httpd.ask("-t")
    assert answer.returncode == code
    assert ("AH00526" in answer.stderr) is bool(code)


def test_two_mpms_do_not_start(httpd: PrivateHttpd) -> None:
    second = f"LoadModule mpm_worker_module {MODULES}/mod_mpm_worker.so"
    httpd.write(Mpm.EVENT, ["authz_core"], second)
    answer = httpd.ask("-t")
    assert answer.returncode == 1
    assert "AH00534" in answer.stderr


def libphp(directory: Path) -> Path:
    """Find mod_php: in httpd's module directory, else in the distribution's package, unpacked."""
    for path in sorted(MODULES.glob("libphp*.so")):
        return path
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        pytest.skip("no mod_php on this machine, and no apt-get to fetch its package")
    depends = subprocess.run(
        ["apt-cache", "depends", "libapache2-mod-php"], capture_output=True, text=True, check=False
    ).stdout
    package = re.search(r"Depends: (libapache2-mod-php[0-9.]+)", depends)
    if package is None:
        pytest.skip("no mod_php on this machine, and apt knows no package of it")
    fetch = ["apt-get", "-qq", "-o", "Acquire::Retries=0", "-o", "APT::Sandbox::User=root"]
    subprocess.run(
        [*fetch, "download", package[1]],
        cwd=directory,
        capture_output=True,
        timeout=60,
        check=False,
    )
    for archive in directory.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", archive, directory], check=True)
    for path in directory.rglob("libphp*.so"):
        return path
    pytest.skip("no mod_php on this machine, and its package could not be fetched")


def test_mod_php_is_refused_under_threads_and_accepted_under_prefork(
    httpd: PrivateHttpd, tmp_path_factory: pytest.TempPathFactory
) -> None:
    module = libphp(tmp_path_factory.mktemp("php"))
    load = f"LoadModule php_module {module}"
    httpd.write(Mpm.PREFORK, ["authz_core"], load)
    accepted = httpd.ask("-t")
    if "Cannot load" in accepted.stderr:
        pytest.skip("mod_php is here, but not the libraries that it needs")
    assert accepted.returncode == 0, accepted.stderr
    for mpm in (Mpm.WORKER, Mpm.EVENT):
        httpd.write(mpm, ["authz_core"], load)
        refused = httpd.ask("-t")
        assert refused.returncode == 1
        assert "not compiled to be threadsafe" in refused.stderr
        assert "AH00013" in refused.stderr
    found = verdicts(("php_module",), None)
    assert [v.verdict for v in found] == [Verdict.OK, Verdict.REFUSED, Verdict.REFUSED]


def test_php_source_is_sent_once_mod_php_is_gone(httpd: PrivateHttpd) -> None:
    (httpd.root / "htdocs").mkdir()
    (httpd.root / "htdocs/x.php").write_text("<?php $password = 'S3CRET'; ?>")
    httpd.write(
        Mpm.EVENT,
        ["authz_core", "mime"],
        f'DocumentRoot "{httpd.root}/htdocs"',
        "TypesConfig /etc/mime.types",
        '<FilesMatch "\\.php$">',
        "SetHandler application/x-httpd-php",
        "</FilesMatch>",
    )
    assert httpd.ask("-t").returncode == 0
    with httpd.running():
        answer = urllib.request.urlopen(f"http://127.0.0.1:{httpd.port}/x.php", timeout=5)
        assert answer.status == 200
        assert b"S3CRET" in answer.read()


def backlog(port: int) -> int:
    """The backlog that the kernel holds for a listening socket."""
    listening = subprocess.run(["ss", "-ltn"], capture_output=True, text=True, check=True).stdout
    found = re.search(rf"^LISTEN\s+\d+\s+(\d+)\s+127\.0\.0\.1:{port}\s", listening, re.MULTILINE)
    assert found is not None
    return int(found[1])


@pytest.mark.parametrize("restart", [signal.SIGUSR1, signal.SIGHUP])
def test_a_reload_keeps_the_old_listen_backlog(
    httpd: PrivateHttpd, restart: signal.Signals
) -> None:
    if shutil.which("ss") is None:
        pytest.skip("no ss on this machine to read a socket's backlog with")
    httpd.write(Mpm.EVENT, ["authz_core"], "ListenBacklog 10")
    with httpd.running() as parent:
        httpd.wait_for_log("resuming normal operations", times=1)
        assert backlog(httpd.port) == 10
        httpd.write(Mpm.EVENT, ["authz_core"], "ListenBacklog 20")
        os.kill(parent, restart)
        httpd.wait_for_log("resuming normal operations", times=2)
        assert backlog(httpd.port) == 10
