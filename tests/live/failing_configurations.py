"""Configurations that ``httpd -t`` accepts and that kill, or cripple, the server that reads them.

``{root}`` is the ServerRoot, ``{port}`` the port of the server, ``{other}`` one that another
process holds. What they need lies beneath ``{root}/made``, see ``prepare``.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.model.server import Mpm

if TYPE_CHECKING:
    from pathlib import Path

_SSL_HOST = """\
Listen 127.0.0.1:{tls}
<VirtualHost 127.0.0.1:{tls}>
    ServerName localhost
    SSLEngine on
    %s
</VirtualHost>"""
_PAIR = "SSLCertificateFile {root}/made/a.pem\n    SSLCertificateKeyFile {root}/made/a.key"


@dataclass(frozen=True)
class Tried:
    """A configuration that is tried.

    Attributes:
        name: What is special about it.
        directives: With marks, see above.
        modules: What it needs beside the usual.
        mpm: For which MPM.
    """

    name: str
    directives: str
    modules: tuple[str, ...] = ()
    mpm: Mpm = Mpm.EVENT

    def __str__(self) -> str:
        return f"{self.mpm.value}: {self.name}"


def _tls(name: str, lines: str, *more: str) -> Tried:
    return Tried(name, _SSL_HOST % lines, ("ssl", "socache_shmcb", *more))


_EVERYWHERE = (
    ("the error log is a directory", "ErrorLog {root}/made"),
    ("the error log of a virtual host is a directory",
     "<VirtualHost *:{port}>\nErrorLog {root}/made\n</VirtualHost>"),
    ("an access log is a directory", "CustomLog {root}/made common"),
    ("the program of the error log is missing", 'ErrorLog "|/nonexistent/logger"'),
    ("the directory of the pid file is missing", "PidFile {root}/missing/httpd.pid"),
    ("the pid file is a directory", "PidFile {root}/made"),
    ("the port is taken", "Listen 127.0.0.1:{other}"),
    ("an address is not of this machine", "Listen 192.0.2.77:{tls}"),
    ("one port twice", "Listen {port}"),
)  # fmt: skip
_THREADED = (
    ("the stacks are larger than the memory", "ThreadStackSize 70368744177664"),
    ("the scoreboard is larger than the memory", "ServerLimit 20000\nThreadLimit 20000"),
)
_ONCE = (
    Tried("the file of the media types is missing", "TypesConfig {root}/missing", ("mime",)),
    Tried("the program of an access log is missing", 'CustomLog "|/nonexistent/logger" common'),
    Tried("the transfer log is a directory", "TransferLog {root}/made"),
    Tried("the access log of a virtual host is a directory",
            "<VirtualHost *:{port}>\nCustomLog {root}/made common\n</VirtualHost>"),
    Tried("the forensic log is a directory", "ForensicLog {root}/made", ("log_forensic",)),
    Tried("the program of a rewrite map may not be run",
            "RewriteEngine on\nRewriteMap m prg:{root}/made/plain", ("rewrite",)),
    Tried("a balancer without shared memory",
            "<Proxy balancer://b>\nBalancerMember http://127.0.0.1:9\n</Proxy>\n"
            "ProxyPass /b balancer://b",
            ("proxy", "proxy_http", "proxy_balancer", "lbmethod_byrequests")),
    Tried("a balancer without a way to balance",
            "<Proxy balancer://b>\nBalancerMember http://127.0.0.1:9\n</Proxy>\n"
            "ProxyPass /b balancer://b",
            ("proxy", "proxy_http", "proxy_balancer", "slotmem_shm")),
    Tried("the log of all hosts is a directory", "GlobalLog {root}/made common"),
    Tried("the program of the error log may not be run", 'ErrorLog "|{root}/made/plain"'),
    Tried("the program of an access log may not be run",
            'CustomLog "|{root}/made/plain" common'),
    Tried("the program of the forensic log is missing",
            'ForensicLog "|/nonexistent/logger"', ("log_forensic",)),
    Tried("the pid file lies beneath a file", "PidFile {root}/made/plain/httpd.pid"),
    Tried("heartbeats without shared memory", "HeartbeatListen 239.0.0.1:27999",
            ("heartmonitor",)),
    Tried("a library for sessions that there is not", "SessionCryptoDriver none",
            ("session", "session_crypto")),
)  # fmt: skip
_TLS = (
    _tls("no certificate", ""),
    _tls("a key of another certificate",
         "SSLCertificateFile {root}/made/a.pem\n    SSLCertificateKeyFile {root}/made/b.key"),
    _tls("a certificate that is none",
         "SSLCertificateFile {root}/made/plain\n    SSLCertificateKeyFile {root}/made/a.key"),
    _tls("a key that is none",
         "SSLCertificateFile {root}/made/a.pem\n    SSLCertificateKeyFile {root}/made/plain"),
    _tls("a certificate alone", "SSLCertificateFile {root}/made/a.pem"),
    _tls("an encrypted key and nobody to ask",
         "SSLCertificateFile {root}/made/a.pem\n    SSLCertificateKeyFile {root}/made/locked.key"),
    _tls("no protocol", f"{_PAIR}\n    SSLProtocol -all"),
    _tls("a cipher that there is not", f"{_PAIR}\n    SSLCipherSuite NO-SUCH-CIPHER"),
    _tls("a cipher of TLS 1.3 that there is not", f"{_PAIR}\n    SSLCipherSuite TLSv1.3 NONE"),
    _tls("authorities that are none", f"{_PAIR}\n    SSLCACertificateFile {{root}}/made/plain"),
    _tls("a revocation list that is none",
         f"{_PAIR}\n    SSLCARevocationCheck chain\n    SSLCARevocationFile {{root}}/made/plain"),
    _tls("a ticket key that is too short",
         f"{_PAIR}\n    SSLSessionTicketKeyFile {{root}}/made/plain"),
    _tls("stapling without a cache", f"{_PAIR}\n    SSLUseStapling on"),
    _tls("authorities for proxies that are none",
         f"{_PAIR}\n    SSLProxyEngine on\n"
         "    SSLProxyCACertificateFile {root}/made/plain", "proxy"),
    _tls("no protocol for proxies",
         f"{_PAIR}\n    SSLProxyEngine on\n    SSLProxyProtocol -all", "proxy"),
    _tls("a cipher for proxies that there is not",
         f"{_PAIR}\n    SSLProxyEngine on\n    SSLProxyCipherSuite NO-SUCH-CIPHER", "proxy"),
    _tls("a cipher of TLS 1.3 for proxies that there is not",
         f"{_PAIR}\n    SSLProxyEngine on\n    SSLProxyCipherSuite TLSv1.3 NONE", "proxy"),
    _tls("a revocation list for proxies that is none",
         f"{_PAIR}\n    SSLProxyEngine on\n    SSLProxyCARevocationCheck chain\n"
         "    SSLProxyCARevocationFile {root}/made/plain", "proxy"),
    _tls("a key in the place of the certificate",
         "SSLCertificateFile {root}/made/a.key\n    SSLCertificateKeyFile {root}/made/a.key"),
    _tls("a curve that there is not", f"{_PAIR}\n    SSLOpenSSLConfCmd Curves none"),
    _tls("ciphers of TLS 1.3 for TLS 1.2",
         f"{_PAIR}\n    SSLProtocol TLSv1.2\n    SSLCipherSuite TLS_AES_256_GCM_SHA384"),
    _tls("a session cache that lies nowhere",
         f"{_PAIR}\n</VirtualHost>\nSSLSessionCache dbm:{{root}}/missing/c\n"
         "<VirtualHost 127.0.0.1:1>", "socache_dbm"),
    _tls("the program that gives the passphrase refuses",
         "SSLCertificateFile {root}/made/a.pem\n    SSLCertificateKeyFile {root}/made/locked.key\n"
         "</VirtualHost>\nSSLPassPhraseDialog exec:/bin/false\n<VirtualHost 127.0.0.1:1>"),
)  # fmt: skip

FAILING = (
    *(Tried(name, text, mpm=mpm) for name, text in _EVERYWHERE for mpm in (Mpm.EVENT, Mpm.PREFORK)),
    *(Tried(name, text, mpm=mpm) for name, text in _THREADED for mpm in (Mpm.EVENT, Mpm.WORKER)),
    *_ONCE,
    *_TLS,
)  # fmt: skip


def prepare(root: Path) -> None:
    """Make what the configurations name: two certificates, an encrypted key, a plain file."""
    made = root / "made"
    made.mkdir()
    (made / "plain").write_text("nothing of the kind\n")
    for name in ("a", "b"):
        _openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            "/CN=localhost", "-keyout", str(made / f"{name}.key"), "-out", str(made / f"{name}.pem"),
        )  # fmt: skip
    _openssl(
        "rsa", "-aes128", "-passout", "pass:secret", "-in", str(made / "a.key"),
        "-out", str(made / "locked.key"),
    )  # fmt: skip


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=60)
