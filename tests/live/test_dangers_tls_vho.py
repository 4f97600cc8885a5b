"""What the rules about TLS and virtual hosts warn of, seen on the real httpd; gone on good.

Each text is put to lint as well, as the file that httpd runs: the rule speaks of the bad one and is
silent on the good one. TLS404 is not here: no client of today leaves out what it is about.
"""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import pytest

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.local import LocalFiles
from mpmtune.httpd.targets import TARGETS
from mpmtune.lint.engine import Checks, Reading, check
from mpmtune.lint.listing import listing_of
from mpmtune.lint.registry import find
from mpmtune.model.httpd import Mpm
from tests.live.private_httpd import PrivateHttpd, binary, free_port, module_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.httpd,
    # Python warns of what TLS401 is about.
    pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated"),
]

MODULES = (
    *("alias", "authz_host", "dir", "headers", "rewrite", "ssl", "socache_shmcb"),
    *("proxy", "proxy_http"),
)
_AH = re.compile(r"\bAH\d{5}\b")
_NAMES = ("a.test", "b.test")


class Running(NamedTuple):
    """An httpd that serves a text, or what kept it from doing so.

    Attributes:
        httpd: The server.
        ports: Its port, and the two that a text may listen on.
        refused: What httpd said when it ended; empty while it runs.
    """

    httpd: PrivateHttpd
    ports: tuple[int, int, int]
    refused: str = ""


class Danger(NamedTuple):
    """A text that does harm, one that does not, and how the answers differ.

    In texts ``@root@`` is ServerRoot, ``@port@`` the server's port, ``@one@`` and ``@two@`` ports
    that nothing listens on, and ``@a@`` and ``@b@`` the certificate lines of two names.

    Attributes:
        code: The rule.
        bad: What it speaks of.
        good: What it leaves alone.
        ask: Asks the server.
        seen: What comes of bad.
        then: What comes of good.
    """

    code: str
    bad: str
    good: str
    ask: Callable[[Running], str]
    seen: str
    then: str


def host(*lines: str, at: str = "127.0.0.1:@port@", name: str = "a.test") -> str:
    """A virtual host that says in a header which one it is."""
    tag = name or "nameless"
    named = [f"ServerName {name}"] if name else []
    body = "\n".join([*named, f"Header always set X-Host {tag}", *lines])
    return f"<VirtualHost {at}>\n{body}\n</VirtualHost>\n"


def secure(*lines: str, at: str = "127.0.0.1:@port@", name: str = "a.test") -> str:
    return host("SSLEngine on", f"@{name[0]}@", *lines, at=at, name=name)


def plain(at: Running, name: str = "a.test", path: str = "/none", port: int = 0) -> str:
    """Ask by HTTP; give the status and the virtual host that answered."""
    try:
        with socket.create_connection(("127.0.0.1", at.ports[port]), 10) as client:
            return _answer(client, name, path)
    except ConnectionRefusedError:
        return "connection refused"


def by_tls(at: Running, name: str = "a.test", *, old: bool = False) -> str:
    """Ask by TLS; give the version, the name in the certificate, status and virtual host."""
    context = _client(ssl.TLSVersion.TLSv1_1 if old else None)
    try:
        with _talking(context, at, name) as talk:
            shown = _name_in(talk.getpeercert(binary_form=True) or b"", at.httpd.root)
            return f"{talk.version()} {shown} {_answer(talk, name, '/none')}"
    except ssl.SSLError:
        return "no TLS"


def resumes(at: Running) -> str:
    """Connect twice by TLS 1.2; tell whether a ticket came, and the second took up the session."""
    context = _client(ssl.TLSVersion.TLSv1_2)
    session: ssl.SSLSession | None = None
    reused, ticket = False, False
    for _ in range(2):
        with _talking(context, at, "a.test", session) as talk:
            _answer(talk, "a.test", "/")
            session, reused = talk.session, bool(talk.session_reused)
            ticket = ticket or bool(session and session.has_ticket)
    return f"{'ticket' if ticket else 'no ticket'}, {'resumed' if reused else 'whole handshake'}"


def starts(at: Running) -> str:
    """Give the numbers with which httpd refused to start."""
    numbers = sorted(set(_AH.findall(at.refused)) - {"AH01882", "AH00016", "AH02312", "AH00015"})
    return " ".join(numbers) if at.refused else "started"


def sets_hsts(at: Running) -> str:
    with _talking(_client(None), at, "a.test") as talk:
        talk.sendall(b"GET / HTTP/1.0\r\nHost: a.test\r\n\r\n")
        head = _all(talk)
    return "set" if b"Strict-Transport-Security: max-age=63072000" in head else "unset"


@contextmanager
def _talking(
    context: ssl.SSLContext, at: Running, name: str, session: ssl.SSLSession | None = None
) -> Iterator[ssl.SSLSocket]:
    with (
        socket.create_connection(("127.0.0.1", at.ports[0]), 10) as client,
        context.wrap_socket(client, server_hostname=name, session=session) as talk,
    ):
        yield talk


def _client(version: ssl.TLSVersion | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if version is not None:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
    return context


def _answer(client: socket.socket, name: str, path: str) -> str:
    client.sendall(f"GET {path} HTTP/1.0\r\nHost: {name}\r\n\r\n".encode("latin-1"))
    text = _all(client).decode("latin-1")
    by = re.search(r"^X-Host: (\S+)", text, re.MULTILINE)
    return " ".join([text[9:12], *([by[1]] if by else [])])


def _all(client: socket.socket) -> bytes:
    text = b""
    while piece := client.recv(65536):
        text += piece
    return text


def _name_in(certificate: bytes, root: Path) -> str:
    """Tell whose certificate it is."""
    for name in _NAMES:
        own = ssl.PEM_cert_to_DER_cert((root / f"{name}.pem").read_text())
        if own == certificate:
            return name
    return "another certificate"


A, B = partial(plain, name="a.test"), partial(plain, name="b.test")
TLS_B = partial(by_tls, name="b.test")
OLD = partial(by_tls, old=True)
TWO = "Listen 127.0.0.1:@one@\n"
LEVEL_0 = "SSLCipherSuite DEFAULT:@SECLEVEL=0"
BACKEND = TWO + host("SSLEngine on", "@b@", at="127.0.0.1:@one@", name="b.test")
FRONT = BACKEND + host("{}", "ProxyPass / https://127.0.0.1:@one@/")
ROOT = "DocumentRoot @root@/htdocs\n"
SHUT = "<Directory />\nRequire all denied\n</Directory>\n"
GRANT = '<Directory "@root@/htdocs">\nRequire all granted\n</Directory>\n'
TAKEN = host(name="a.test") + host("{}", name="b.test")

DANGERS = (
    Danger(
        "TLS401",
        secure("SSLProtocol all", LEVEL_0),
        secure("SSLProtocol -all +TLSv1.2 +TLSv1.3", LEVEL_0),
        OLD,
        "TLSv1.1 a.test 404 a.test",
        "no TLS",
    ),
    Danger(
        "TLS401",
        secure(LEVEL_0),
        secure(),
        OLD,
        "TLSv1.1 a.test 404 a.test",
        "no TLS",
    ),
    Danger(
        "TLS402",
        secure("SSLCipherSuite RC4-SHA", "SSLProtocol TLSv1.2"),
        secure("SSLCipherSuite HIGH:!aNULL", "SSLProtocol TLSv1.2"),
        starts,
        "AH01898",
        "started",
    ),
    Danger("TLS405", host("SSLEngine on"), secure(), starts, "AH02572", "started"),
    Danger(
        "TLS406",
        "Listen 127.0.0.1:@one@ https\n"
        + host(at="*:@one@ 127.0.0.1:@port@")
        + secure(at="*:@one@ 127.0.0.1:@port@", name="b.test"),
        "Listen 127.0.0.1:@one@ https\n"
        + secure(at="*:@one@ 127.0.0.1:@port@")
        + secure(at="*:@one@ 127.0.0.1:@port@", name="b.test"),
        TLS_B,
        "no TLS",
        "TLSv1.3 b.test 404 b.test",
    ),
    Danger(
        "TLS406",
        "Listen 127.0.0.1:@one@ https\n"
        + secure(at="*:@one@ 127.0.0.1:@port@")
        + host(at="*:@one@ 127.0.0.1:@port@", name="b.test"),
        "Listen 127.0.0.1:@one@ https\n"
        + secure(at="*:@one@ 127.0.0.1:@port@")
        + secure(at="*:@one@ 127.0.0.1:@port@", name="b.test"),
        TLS_B,
        "TLSv1.3 a.test 404 b.test",
        "TLSv1.3 b.test 404 b.test",
    ),
    Danger(
        "TLS406",
        "Listen 127.0.0.1:@one@ https\n" + host("@a@", at="*:@one@"),
        "Listen 127.0.0.1:@one@ https\n" + host("@a@", at="127.0.0.1:@one@"),
        partial(plain, port=1),
        "404 a.test",
        "400 a.test",
    ),
    Danger(
        "TLS407",
        "Listen 127.0.0.1:@one@ http\n" + secure(at="127.0.0.1:@one@"),
        "Listen 127.0.0.1:@one@ http\n" + host(at="127.0.0.1:@one@") + secure(name="b.test"),
        partial(plain, port=1),
        "400 a.test",
        "404 a.test",
    ),
    Danger(
        "TLS408",
        secure(),
        secure('Header always set Strict-Transport-Security "max-age=63072000"'),
        sets_hsts,
        "unset",
        "set",
    ),
    Danger(
        "TLS409",
        secure("SSLUseStapling on"),
        "SSLStaplingCache shmcb:stapling(32768)\n" + secure("SSLUseStapling on"),
        starts,
        "AH01958",
        "started",
    ),
    Danger(
        "TLS410",
        secure("SSLSessionCache shmcb:sessions(512000)"),
        "SSLSessionCache shmcb:sessions(512000)\n" + secure(),
        starts,
        "AH00526",
        "started",
    ),
    Danger(
        "TLS411",
        FRONT.format("SSLProxyCheckPeerName off"),
        FRONT.format("SSLProxyEngine on\nSSLProxyCheckPeerName off"),
        A,
        "500 a.test",
        "404 a.test",
    ),
    Danger(
        "TLS412",
        FRONT.format("SSLProxyEngine on\nSSLProxyVerify none\nSSLProxyCheckPeerName off"),
        FRONT.format(
            "SSLProxyEngine on\nSSLProxyVerify require\nSSLProxyCACertificateFile @root@/a.test.pem"
        ),
        A,
        "404 a.test",
        "500 a.test",
    ),
    Danger(
        "TLS413",
        secure("SSLSessionTickets off"),
        "SSLSessionCache shmcb:sessions(512000)\n" + secure("SSLSessionTickets off"),
        resumes,
        "no ticket, whole handshake",
        "no ticket, resumed",
    ),
    Danger(
        "TLS414",
        secure("SSLProtocol TLSv1.2"),
        secure("SSLProtocol TLSv1.2", "SSLSessionTickets off"),
        resumes,
        "ticket, resumed",
        "no ticket, whole handshake",
    ),
    Danger(
        "TLS415",
        "SSLPassPhraseDialog builtin\n" + secure("SSLCertificateKeyFile @root@/shut.key"),
        "SSLPassPhraseDialog exec:@root@/phrase\n"
        + secure("SSLCertificateKeyFile @root@/shut.key"),
        starts,
        "AH02564 AH02578",
        "started",
    ),
    Danger(
        "VHO701",
        host() + host(name=""),
        host() + host(name="b.test"),
        B,
        "404 a.test",
        "404 b.test",
    ),
    Danger(
        "VHO703",
        host() + host(name="A.test"),
        host() + host(name="b.test"),
        B,
        "404 a.test",
        "404 b.test",
    ),
    Danger(
        "VHO703",
        host("ServerAlias *.test") + host(name="b.test"),
        host(name="b.test") + host("ServerAlias *.test"),
        B,
        "404 a.test",
        "404 b.test",
    ),
    Danger(
        "VHO703",
        host(name="", at="*:@port@") + host(name="localhost", at="*:@port@"),
        host(name="b.test", at="*:@port@") + host(name="localhost", at="*:@port@"),
        partial(plain, name="localhost"),
        "404 nameless",
        "404 localhost",
    ),
    Danger(
        "VHO704",
        host(at="*:@one@"),
        TWO + host(at="*:@one@"),
        partial(plain, port=1),
        "connection refused",
        "404 a.test",
    ),
    Danger(
        "VHO705",
        "Listen @one@\n" + TWO,
        "Listen 127.0.0.1:@two@\n" + TWO,
        starts,
        "AH00072",
        "started",
    ),
    Danger(
        "VHO705",
        TWO + "Listen @one@\n",
        "Listen 0.0.0.0:@one@\nListen [::]:@one@\n",
        starts,
        "AH00072",
        "started",
    ),
    Danger("VHO705", TWO + TWO, TWO, starts, "AH00526", "started"),
    Danger(
        "VHO706",
        host(at="*:@port@") + host(name="b.test"),
        host() + host(name="b.test"),
        A,
        "404 b.test",
        "404 a.test",
    ),
    Danger(
        "VHO706",
        host(at="*") + host(at="*:@port@", name="b.test"),
        host(at="*:@port@") + host(at="*:@port@", name="b.test"),
        A,
        "404 b.test",
        "404 a.test",
    ),
    Danger(
        "VHO707", host(at="nowhere.invalid:@port@"), host(at="*:@port@"), A, "404", "404 a.test"
    ),
    Danger(
        "VHO708", host() + host(name="b.test/x"), TAKEN.format(""), B, "404 a.test", "404 b.test"
    ),
    Danger(
        "VHO708", host() + host(name="b.test."), TAKEN.format(""), B, "404 a.test", "404 b.test"
    ),
    Danger(
        "VHO708",
        host() + host("ServerAlias b.test:@port@", name="c.test"),
        host() + host("ServerAlias b.test", name="c.test"),
        B,
        "404 a.test",
        "404 c.test",
    ),
    Danger("VHO708", host(name="*.test"), host("ServerAlias *.test"), starts, "AH00526", "started"),
    Danger(
        "VHO709",
        host() + host("ServerAlias b.test,d.test", name="c.test"),
        host() + host("ServerAlias b.test d.test", name="c.test"),
        B,
        "404 a.test",
        "404 c.test",
    ),
    Danger(
        "VHO710",
        host(ROOT),
        host("Redirect 404 /", name="none.invalid") + host(ROOT),
        partial(plain, name="evil.test", path="/index.html"),
        "200 a.test",
        "404 none.invalid",
    ),
    Danger(
        "VHO711",
        SHUT + ROOT,
        SHUT + ROOT + GRANT,
        partial(plain, path="/index.html"),
        "403",
        "200",
    ),
    Danger("VHO712", "DocumentRoot @root@/none\n", ROOT, starts, "AH00526", "started"),
    Danger(
        "VHO712",
        host("DocumentRoot @root@/none"),
        host(ROOT),
        partial(plain, path="/index.html"),
        "404 a.test",
        "200 a.test",
    ),
)
CASES = [
    pytest.param(danger, id=f"{danger.code}-{number}") for number, danger in enumerate(DANGERS)
]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a key and a certificate for each name, and one key that is encrypted."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, and TLS needs certificates")
    directory = tmp_path_factory.mktemp("keys")
    for name in _NAMES:
        _openssl(
            directory,
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem"),
        )
    _openssl(
        directory,
        "rsa",
        "-aes128",
        "-passout",
        "pass:open",
        "-in",
        "a.test.key",
        "-out",
        "shut.key",
    )
    return directory


def _openssl(directory: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True)


@contextmanager
def running(text: str, keys: Path) -> Iterator[Running]:
    """Start httpd with a text, if it starts."""
    with PrivateHttpd(Mpm.EVENT, "", MODULES) as httpd:
        ports = (httpd.port, free_port(), free_port())
        lay_out(httpd.root, keys)
        httpd.directives = filled(text, httpd.root, ports)
        try:
            httpd.start()
        except RuntimeError as said:
            yield Running(httpd, ports, str(said) or "it ended")
        else:
            yield Running(httpd, ports)


def lay_out(root: Path, keys: Path) -> None:
    for file in keys.iterdir():
        shutil.copy(file, root)
    (root / "htdocs").mkdir()
    (root / "htdocs/index.html").write_text("a site\n")
    (root / "phrase").write_text("#!/bin/sh\necho open\n")
    (root / "phrase").chmod(0o755)


def filled(text: str, root: Path, ports: tuple[int, int, int]) -> str:
    for name in _NAMES:
        shut = f"SSLCertificateKeyFile {root}/{name}.key" if "shut.key" not in text else ""
        text = text.replace(f"@{name[0]}@", f"SSLCertificateFile {root}/{name}.pem\n{shut}")
    text = text.replace("@root@", str(root))
    for mark, port in zip(("@port@", "@one@", "@two@"), ports, strict=True):
        text = text.replace(mark, str(port))
    return text


def lint_says(code: str, at: Running) -> bool:
    """Put the file that httpd runs to one rule; its backends are taken to be elsewhere."""
    rule = find(code)
    assert rule is not None
    conf = at.httpd.root / "asked.conf"
    conf.write_text(at.httpd.conf.read_text().replace("https://127.0.0.1:", "https://192.0.2.1:"))
    target = replace(TARGETS["debian-12"], version=(2, 4, 71))
    tree = evaluate(LocalFiles(), Start(str(conf), target))
    one = listing_of(rule)
    return bool(check([Reading((tree,))], Checks((one,), (one,))).findings)


@pytest.mark.parametrize("danger", CASES)
def test_the_danger_is_there_on_bad_and_gone_on_good(danger: Danger, keys: Path) -> None:
    with running(danger.bad, keys) as at:
        assert danger.ask(at) == danger.seen, at.refused + at.httpd.error_log()
        assert lint_says(danger.code, at)
    with running(danger.good, keys) as at:
        assert danger.ask(at) == danger.then, at.refused + at.httpd.error_log()
        assert not lint_says(danger.code, at)


def test_every_rule_is_here_or_has_a_reason(keys: Path) -> None:
    del keys
    told = {danger.code for danger in DANGERS}
    rules = {f"TLS4{n:02}" for n in range(1, 16)} | {f"VHO7{n:02}" for n in range(1, 13)}
    assert rules - told == {"TLS403", "TLS404", "VHO702"}


def test_compression_is_refused_where_openssl_has_none(keys: Path) -> None:
    """TLS403: with a library that has it, the line is accepted, and CRIME is possible."""
    with running(secure("SSLCompression on"), keys) as at:
        assert starts(at) in {"AH00526", "started"}
        assert lint_says("TLS403", at)
    with running(secure("SSLCompression off"), keys) as at:
        assert starts(at) == "started"
        assert not lint_says("TLS403", at)


def test_without_a_name_httpd_asks_the_resolver(tmp_path: Path) -> None:
    """VHO702: AH00558 where nothing gives the machine a full name."""
    said = {}
    for name in ("", "ServerName localhost\n"):
        conf = tmp_path / "httpd.conf"
        modules = "".join(
            f"LoadModule {one}_module {module_directory()}/mod_{one}.so\n"
            for one in ("mpm_event", "authz_core")
        )
        conf.write_text(
            f"ServerRoot {tmp_path}\n{modules}ErrorLog {tmp_path}/error.log\n"
            f"Listen 127.0.0.1:{free_port()}\n{name}"
        )
        answer = subprocess.run(
            [binary(), "-f", str(conf), "-t"],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        said[bool(name)] = _AH.findall(answer.stderr)
    if not said[False]:
        pytest.skip("this machine has a full name, so httpd finds one")
    assert said == {False: ["AH00558"], True: []}
