"""What lint costs on large configurations, as ratios to ``httpd -t`` and to a tenth of the size."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.measuring import MPMTUNE, measure_in_turns, row

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEARCH = "/usr/sbin:/usr/local/apache2/bin:/usr/bin"
_MODULES = Path("/usr/lib/apache2/modules")
_LOADED = (
    *("mpm_event", "authz_core", "authz_host", "alias", "dir", "mime", "reqtimeout", "rewrite"),
    *("setenvif", "headers", "proxy", "proxy_http", "socache_shmcb", "ssl"),
)
_ROUNDS = 3
_HOSTS = 10_000
_HEAD = """\
ServerRoot "{root}"
DefaultRuntimeDir "{root}"
PidFile "{root}/pid"
ErrorLog "{root}/error.log"
ServerName localhost
Listen 127.0.0.1:18999
Listen 127.0.0.1:18443 https
KeepAliveTimeout 5
Timeout 60
SSLSessionCache "shmcb:{root}/cache(512000)"
SSLSessionTickets off
SSLProtocol -all +TLSv1.2 +TLSv1.3
SSLCipherSuite HIGH:!aNULL:!MD5
<Directory />
    AllowOverride None
    Require all denied
</Directory>
<Directory {root}/htdocs/static>
    Require all granted
</Directory>
"""


class Kind(NamedTuple):
    """A virtual host that a configuration repeats: a name for it, and its text."""

    name: str
    text: str

    @property
    def lines(self) -> int:
        """Lines of a virtual host."""
        return self.text.count("\n")


# Something for every family of rules, and nothing that any of them reports in each host.
MIXED = Kind(
    "directives of all families",
    """\
<VirtualHost *:18443>
    ServerName www{0}.example.com
    DocumentRoot {1}/htdocs/{0}
    SSLEngine on
    SSLCertificateFile {1}/cert.pem
    SSLCertificateKeyFile {1}/key.pem
    Header always set Strict-Transport-Security "max-age=31536000"
    <Directory {1}/htdocs/{0}>
        Require all granted
    </Directory>
    ProxyPass /app/ http://127.0.0.1:8080/{0}/
    ProxyPassReverse /app/ http://127.0.0.1:8080/{0}/
    Alias /static/ {1}/htdocs/static/
    RewriteEngine On
    RewriteCond %{{REQUEST_URI}} ^/old/
    RewriteRule ^/old/(.*)$ /new/$1 [L]
</VirtualHost>
""",
)
# The profile strict says of each that RedirectMatch would do.
REPORTED = Kind(
    "a finding in each virtual host of the profile strict",
    """\
<VirtualHost *:18999>
    ServerName www{0}.example.com
    ServerAlias a{0}.example.com
    DocumentRoot {1}/htdocs
    DirectoryIndex index.html
    <Directory {1}/htdocs>
        Options FollowSymLinks
        AllowOverride None
        Require all granted
    </Directory>
    RewriteEngine On
    RewriteRule ^/old$ /new [R=301,L]
</VirtualHost>
""",
)


def configuration(root: Path, kind: Kind, hosts: int) -> Iterator[str]:
    """Give a server of virtual hosts."""
    for name in _LOADED:
        yield f"LoadModule {name}_module {_MODULES}/mod_{name}.so\n"
    yield _HEAD.format(root=root)
    if os.geteuid() == 0:
        yield "User #65534\nGroup #65534\n"
    for number in range(hosts):
        yield kind.text.format(number, root)


def write(root: Path, kind: Kind, hosts: int) -> Path:
    """Write a configuration."""
    conf = root / f"{kind.lines}-{hosts}.conf"
    conf.write_text("".join(configuration(root, kind, hosts)))
    return conf


def lint(conf: Path, profile: str) -> list[str]:
    """Give the command that checks a configuration by a profile."""
    return [*MPMTUNE, "lint", str(conf), "--profile", profile, "--target", "debian-12"]


def against_httpd(binary: str | None, conf: Path) -> None:
    """Print what both profiles cost beside ``httpd -t``."""
    theirs = [[binary, "-f", str(conf), "-t"]] if binary and _MODULES.is_dir() else []
    commands = [lint(conf, "default"), lint(conf, "strict"), *theirs]
    default, strict, *httpd = measure_in_turns(commands, _ROUNDS)
    for name, ours in (("default", default), ("strict", strict)):
        wall = f"{ours.wall / httpd[0].wall:.2f} x" if httpd else "no httpd"
        cpu = f"{ours.cpu / httpd[0].cpu:.2f} x" if httpd else "no httpd"
        row(f"{name}: wall time as a multiple of httpd -t", wall, "at most 2")
        row("  CPU time as a multiple", cpu, "-")
        row("  CPU time, peak memory", f"{ours.cpu:.2f} s, {ours.peak_mib:.0f} MiB", "350 MiB")


def a_million_lines(root: Path, kind: Kind) -> None:
    """Print what a million lines cost beside a hundred thousand."""
    sizes = [lines // kind.lines for lines in (100_000, 1_000_000)]
    commands = [lint(write(root, kind, hosts), "strict") for hosts in sizes]
    smaller, larger = measure_in_turns(commands, 1)
    row("CPU time", f"{larger.cpu / smaller.cpu:.1f} x", "at most 12")
    row("  peak memory", f"{larger.peak_mib:.0f} MiB", "-")


def main() -> None:
    binary = shutil.which("apache2", path=_SEARCH) or shutil.which("httpd", path=_SEARCH)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for file in ("cert.pem", "key.pem"):
            (root / file).write_text("httpd -t asks only whether it is there\n")
        for name in ("static", *map(str, range(_HOSTS))):
            (root / "htdocs" / name).mkdir(parents=True)
        for kind in (MIXED, REPORTED):
            print(f"lint of 10,000 virtual hosts of {kind.lines} lines: {kind.name}")
            against_httpd(binary, write(root, kind, _HOSTS))
        for kind in (MIXED, REPORTED):
            print(f"strict, a million lines against a hundred thousand: {kind.name}")
            a_million_lines(root, kind)


if __name__ == "__main__":
    main()
