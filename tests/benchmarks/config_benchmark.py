"""Reading a large configuration: against ``httpd -t``, apacheconfig and augeas on the same file."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measuring import MPMTUNE, Cost, measure, row

HOSTS = 10_000
LINES_PER_HOST = 13
VIRTUAL_HOST = """\
<VirtualHost *:80>
    ServerName www{n}.example.com
    ServerAlias h{n}.example.com
    DocumentRoot "{root}"
    DirectoryIndex index.html
    <Directory "{root}">
        Options FollowSymLinks
        AllowOverride None
        Require all granted
    </Directory>
    SetEnv TENANT t{n}
    # host {n}
</VirtualHost>
"""
MODULES = ("mpm_event", "authz_core", "alias", "env", "dir")
MODULE_DIRECTORY = "/usr/lib/apache2/modules"

# Reads once, and prints the processor's time of the reader alone and of reader and evaluator.
READ = """
import gc, sys, time
from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.reader import read
from mpmtune.confparse.start import Start
from mpmtune.host.local import LocalFiles
from mpmtune.httpd.targets import TARGETS
text = open(sys.argv[1], encoding="latin-1", newline="").read()
gc.disable()
best = float("inf")
for _ in range(3):
    start = time.process_time(); read(text, sys.argv[1])
    best = min(best, time.process_time() - start)
start = time.process_time()
tree = evaluate(LocalFiles(limit=1 << 30), Start(sys.argv[1], TARGETS["debian-12"], here=False))
print(len(text) / 1e6 / best, best, time.process_time() - start, len(tree.occurrences))
"""
APACHECONFIG = """
import sys, time
from apacheconfig import flavors, make_loader
text = open(sys.argv[1], encoding="latin-1", newline="").read()
start = time.process_time()
with make_loader(writable=True, **flavors.NATIVE_APACHE, ) as loader:
    loader.loads(text)
print(len(text) / 1e6 / (time.process_time() - start))
"""


def write(directory: Path, hosts: int) -> Path:
    """Write a main file of so many virtual hosts, ready for httpd -t."""
    (directory / "logs").mkdir(exist_ok=True)
    loads = "".join(f"LoadModule {m}_module {MODULE_DIRECTORY}/mod_{m}.so\n" for m in MODULES)
    head = f'ServerRoot "{directory}"\nServerName localhost\nListen 127.0.0.1:8099\n{loads}'
    body = "".join(VIRTUAL_HOST.format(n=n, root=directory) for n in range(hosts))
    path = directory / f"{hosts}.conf"
    path.write_text(head + body)
    return path


def figures(script: str, path: Path) -> list[float]:
    """Run a measuring script; give the numbers that it prints."""
    import subprocess

    answer = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    )
    return [float(word) for word in answer.stdout.split()]


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        path = write(directory, HOSTS)
        size = path.stat().st_size / 1e6
        print(f"config: {HOSTS} virtual hosts, {HOSTS * LINES_PER_HOST} lines, {size:.1f} MB")
        ours = measure([*MPMTUNE, "config", "-f", "json", str(path)])
        against_httpd(ours, path)
        row("  peak memory", f"{ours.peak_mib:.0f} MiB", "at most 250 MiB")
        speed, _, _, kept = figures(READ, path)
        row("reader alone", f"{speed:.1f} MB/s", "at least 10 MB/s of CPU")
        row("  directives in force", f"{kept:.0f}", "-")
        linear(directory)
        others(directory)


def against_httpd(ours: Cost, path: Path) -> None:
    """Compare with httpd's own reading of the same file."""
    row("mpmtune config -f json, wall", f"{ours.wall:.2f} s", "-")
    httpd = shutil.which("apache2", path="/usr/sbin") or shutil.which("httpd", path="/usr/sbin")
    if httpd is None:
        row("httpd -t", "not installed", "-")
        return
    theirs = measure([httpd, "-t", "-f", str(path)])
    row("httpd -t, wall", f"{theirs.wall:.2f} s", "-")
    row("mpmtune config ÷ httpd -t, wall", f"{ours.wall / theirs.wall:.2f} x", "at most 3")
    row("mpmtune config ÷ httpd -t, CPU", f"{ours.cpu / theirs.cpu:.2f} x", "-")


def linear(directory: Path) -> None:
    """Compare a tenth with the whole: ten times the lines must not take much more than ten times."""
    small = write(directory, 100_000 // LINES_PER_HOST)
    large = write(directory, 1_000_000 // LINES_PER_HOST)
    times = [figures(READ, path)[2] for path in (small, large)]
    row(
        "reading 1,000,000 lines ÷ 100,000 lines, CPU", f"{times[1] / times[0]:.1f} x", "at most 12"
    )
    row("  1,000,000 lines", f"{times[1]:.1f} s", "-")


def others(directory: Path) -> None:
    """Measure the readers that others use, on a size that they can do."""
    path = write(directory, 16_000 // LINES_PER_HOST)
    speed = figures(READ, path)[0]
    row("on 16,000 lines: our reader", f"{speed:.1f} MB/s", "-")
    try:
        theirs = figures(APACHECONFIG, path)[0]
        row("  apacheconfig", f"{theirs:.2f} MB/s", "-")
    except Exception as error:  # noqa: BLE001 - it is not what is measured here
        row("  apacheconfig", type(error).__name__, "-")
    augtool = shutil.which("augtool")
    if augtool is None:
        row("  augeas", "not installed", "-")
        return
    script = f"set /augeas/load/Httpd/lens Httpd.lns\nset /augeas/load/Httpd/incl {path}\nload\n"
    (directory / "augeas").write_text(script)
    cost = measure([augtool, "-A", "-f", str(directory / "augeas")], rounds=1)
    row("  augeas", f"{path.stat().st_size / 1e6 / cost.cpu:.2f} MB/s", "-")


if __name__ == "__main__":
    main()
