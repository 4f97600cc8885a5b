"""What lint costs on large configurations, as ratios to ``httpd -t`` and to a tenth of the size."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.measuring import MPMTUNE, Cost, measure, row

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEARCH = "/usr/sbin:/usr/local/apache2/bin:/usr/bin"
_MODULES = Path("/usr/lib/apache2/modules")
_LOADED = ("mpm_event", "authz_core", "alias", "dir", "mime", "reqtimeout", "rewrite", "setenvif")
_ROUNDS = 3
_HOST = """\
<VirtualHost *:18999>
    ServerName www{0}.example.com
    ServerAlias a{0}.example.com
    DocumentRoot {1}
    DirectoryIndex index.html
    <Directory {1}>
        Options FollowSymLinks
        AllowOverride None
        Require all granted
    </Directory>
    RewriteEngine On
    RewriteRule ^/old$ /new [R=301,L]
</VirtualHost>
"""


def configuration(root: Path, hosts: int) -> Iterator[str]:
    """Give a server of virtual hosts, 13 lines each."""
    for name in _LOADED:
        yield f"LoadModule {name}_module {_MODULES}/mod_{name}.so\n"
    yield f'ServerRoot "{root}"\nDefaultRuntimeDir "{root}"\nPidFile "{root}/pid"\n'
    yield f'ErrorLog "{root}/error.log"\nServerName localhost\nListen 127.0.0.1:18999\n'
    yield "KeepAliveTimeout 5\nTimeout 60\n"
    if os.geteuid() == 0:
        yield "User #65534\nGroup #65534\n"
    for number in range(hosts):
        yield _HOST.format(number, root / "htdocs")


def cost_of_lint(root: Path, hosts: int) -> tuple[Cost, Path]:
    """Write a configuration and check it with all rules."""
    (root / "htdocs").mkdir(exist_ok=True)
    conf = root / f"{hosts}.conf"
    conf.write_text("".join(configuration(root, hosts)))
    lint = [*MPMTUNE, "lint", str(conf), "--profile", "strict", "--target", "debian-12"]
    return measure(lint, _ROUNDS), conf


def main() -> None:
    binary = shutil.which("apache2", path=_SEARCH) or shutil.which("httpd", path=_SEARCH)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        ours, conf = cost_of_lint(root, 10_000)
        print("lint with all rules, 10,000 virtual hosts in one file of 130,000 lines")
        if binary is None or not _MODULES.is_dir():
            row("wall time as a multiple of httpd -t", "no httpd", "at most 1.5")
        else:
            theirs = measure([binary, "-f", str(conf), "-t"], _ROUNDS)
            ratio = f"{ours.wall / theirs.wall:.2f} x"
            row("wall time as a multiple of httpd -t", ratio, "at most 1.5")
            row("  ours, theirs", f"{ours.wall:.2f} s, {theirs.wall:.2f} s", "-")
        row("peak memory", f"{ours.peak_mib:.0f} MiB", "at most 300")
        larger, _ = cost_of_lint(root, 77_000)
        smaller, _ = cost_of_lint(root, 7_700)
        print("lint with all rules, a million lines against a hundred thousand")
        row("CPU time", f"{larger.cpu / smaller.cpu:.1f} x", "at most 12")
        row("  peak memory", f"{larger.peak_mib:.0f} MiB", "-")


if __name__ == "__main__":
    main()
