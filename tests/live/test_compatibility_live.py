"""The verdicts on modules, and what ``explain`` claims beside them, against the real httpd."""

from __future__ import annotations

import re
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest

from mpmtune.httpd.compatibility import verdicts
from mpmtune.httpd.module_verdicts import BUNDLED, BUNDLED_SOURCE
from mpmtune.model.compatibility import Compatibility, Notice, Verdict
from mpmtune.model.server import Mpm
from tests.live.private_httpd import PrivateHttpd, binary, module_directory

pytestmark = pytest.mark.httpd

THREADED = [Mpm.WORKER, Mpm.EVENT]
# Other modules link against these, or look for them when they are loaded.
FIRST = ("authn_core", "proxy", "session", "dav", "cache", "dbd", "slotmem_shm")
LOADED_ANYWAY = {"unixd", "log_config", "authz_core", "mpm_event", "mpm_worker", "mpm_prefork"}


def under(module: str, mpm: Mpm) -> Compatibility:
    return next(verdict for verdict in verdicts((module,), None) if verdict.mpm is mpm)


def shared_modules() -> list[str]:
    """Every module in the directory that the private httpd does not load by itself."""
    files = Path(module_directory()).glob("mod_*.so")
    stems = {path.stem.removeprefix("mod_") for path in files} - LOADED_ANYWAY
    return [stem for stem in FIRST if stem in stems] + sorted(stems.difference(FIRST))


def loaded_modules(httpd: PrivateHttpd) -> list[str]:
    """Ask httpd for the identifiers (``-M``), without the one that shows values to the tests."""
    httpd.write()
    said = subprocess.run(
        [binary(), "-f", str(httpd.conf), "-M"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    names = re.findall(r"^ (\S+) \((?:static|shared)\)$", said.stdout, re.MULTILINE)
    return [name for name in names if name != "inforce_module"]


@pytest.mark.parametrize("mpm", list(Mpm))
def test_every_bundled_module_is_accepted_and_none_is_called_refused(mpm: Mpm) -> None:
    with PrivateHttpd(mpm, "", shared_modules()) as httpd:
        answer = httpd.check()
        assert answer.exit == 0, answer.stderr
        loaded = loaded_modules(httpd)
    assert len(loaded) > 100
    mine = [verdict for verdict in verdicts(loaded, None) if verdict.mpm is mpm]
    wrong = {Verdict.REFUSED, Verdict.UNSAFE, Verdict.UNKNOWN}
    assert [v.module for v in mine if v.verdict in wrong] == []


def test_bundled_modules_are_named_as_httpd_names_them() -> None:
    with PrivateHttpd(Mpm.EVENT, "", shared_modules()) as httpd:
        loaded = loaded_modules(httpd)
    unremarked = {v.module for v in verdicts(loaded, None) if v.source == BUNDLED_SOURCE}
    assert len(unremarked) > 70
    assert unremarked <= {f"{stem}_module" for stem in BUNDLED}


@pytest.mark.parametrize("mpm", THREADED)
def test_mod_cgi_starts_under_threads_and_has_a_way_out(mpm: Mpm) -> None:
    with PrivateHttpd(mpm, "", ["cgi"]) as httpd:
        httpd.start()
        httpd.get()
    assert under("cgi_module", mpm).verdict is Verdict.OK
    assert "cgid" in under("cgi_module", mpm).way_out


def test_http2_under_prefork_starts_and_says_ah10034_at_start_only() -> None:
    with PrivateHttpd(Mpm.PREFORK, "Protocols h2c http/1.1", ["http2"]) as httpd:
        tested = httpd.check()
        httpd.start()
        started = httpd.error_log()
    assert tested.exit == 0
    assert "AH10034" not in tested.stderr
    assert "AH10034" in started
    verdict = under("http2_module", Mpm.PREFORK)
    assert (verdict.verdict, verdict.notice) == (Verdict.FALLBACK, Notice.START)


@pytest.mark.parametrize("mpm", THREADED)
def test_http2_under_threads_says_nothing_and_has_threads_of_its_own(mpm: Mpm) -> None:
    one_child = "StartServers 1\nServerLimit 1\nThreadsPerChild 5\nMaxRequestWorkers 5\n"
    tasks = []
    for modules in ([], ["http2"]):
        with PrivateHttpd(mpm, one_child + "MinSpareThreads 1", modules) as httpd:
            httpd.start()
            httpd.get()
            tasks.append(
                max(len(list(Path(f"/proc/{p}/task").iterdir())) for p in httpd.children())
            )
            assert "AH10034" not in httpd.error_log()
    assert tasks == [7, 12]


@pytest.mark.parametrize(("mpm", "code"), [(Mpm.PREFORK, 0), (Mpm.WORKER, 0), (Mpm.EVENT, 1)])
def test_only_event_has_no_accept_mutex(mpm: Mpm, code: int) -> None:
    with PrivateHttpd(mpm, "Mutex pthread mpm-accept") as httpd:
        answer = httpd.check()
    assert answer.exit == code
    assert ("AH00526" in answer.stderr) is bool(code)


def test_two_mpms_do_not_start() -> None:
    second = f"LoadModule mpm_worker_module {module_directory()}/mod_mpm_worker.so"
    with PrivateHttpd(Mpm.EVENT, second) as httpd:
        answer = httpd.check()
    assert answer.exit == 1
    assert "AH00534" in answer.stderr


def libphp(directory: Path) -> Path:
    """Find mod_php: in httpd's module directory, else in the distribution's package, unpacked."""
    for path in sorted(Path(module_directory()).glob("libphp*.so")):
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
        ["timeout", "60", *fetch, "download", package[1]],
        cwd=directory,
        capture_output=True,
        check=False,
    )
    for archive in directory.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", archive, directory], check=True)
    for path in directory.rglob("libphp*.so"):
        return path
    pytest.skip("no mod_php on this machine, and its package could not be fetched")


def test_mod_php_is_refused_under_threads_and_accepted_under_prefork(tmp_path: Path) -> None:
    load = f"LoadModule php_module {libphp(tmp_path)}"
    with PrivateHttpd(Mpm.PREFORK, load) as httpd:
        accepted = httpd.check()
    if "Cannot load" in accepted.stderr:
        pytest.skip("mod_php is here, but not the libraries that it needs")
    assert accepted.exit == 0, accepted.stderr
    for mpm in THREADED:
        with PrivateHttpd(mpm, load) as httpd:
            refused = httpd.check()
        assert refused.exit == 1
        assert "not compiled to be threadsafe" in refused.stderr
        assert "AH00013" in refused.stderr
    found = verdicts(("php_module",), None)
    assert [v.verdict for v in found] == [Verdict.OK, Verdict.REFUSED, Verdict.REFUSED]
    assert [v.notice for v in found[1:]] == [Notice.CONFIGTEST, Notice.CONFIGTEST]


def test_php_source_is_sent_once_mod_php_is_gone() -> None:
    handler = '<FilesMatch "\\.php$">\nSetHandler application/x-httpd-php\n</FilesMatch>'
    with PrivateHttpd(Mpm.EVENT, f'DocumentRoot "."\n{handler}') as httpd:
        (httpd.root / "x.php").write_text("<?php $password = 'S3CRET'; ?>")
        assert httpd.check().exit == 0
        httpd.start()
        url = f"http://127.0.0.1:{httpd.port}/x.php"
        with urllib.request.urlopen(url, timeout=5) as answer:
            assert answer.status == 200
            assert b"S3CRET" in answer.read()


def backlog(port: int) -> int:
    """The backlog that the kernel holds for a listening socket."""
    listening = subprocess.run(["ss", "-ltn"], capture_output=True, text=True, check=True).stdout
    found = re.search(rf"^LISTEN\s+\d+\s+(\d+)\s+127\.0\.0\.1:{port}\s", listening, re.MULTILINE)
    assert found is not None
    return int(found[1])


@pytest.mark.parametrize("graceful", [True, False])
def test_a_reload_keeps_the_old_listen_backlog(graceful: bool) -> None:
    if shutil.which("ss") is None:
        pytest.skip("no ss on this machine to read a socket's backlog with")
    with PrivateHttpd(Mpm.EVENT, "ListenBacklog 10") as httpd:
        httpd.start()
        assert backlog(httpd.port) == 10
        httpd.reload("ListenBacklog 20", graceful=graceful)
        assert backlog(httpd.port) == 10
