"""Small configurations laid out as Debian and as RHEL do it, in a directory of the test's own."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.local import LocalFiles
from mpmtune.httpd import effective
from mpmtune.httpd.targets import TARGETS
from mpmtune.plan.planner import plan
from tests.builders import a_machine, a_server, facts

if TYPE_CHECKING:
    from pathlib import Path

    from mpmtune.host.doorway import Files
    from mpmtune.model.config import Tree
    from mpmtune.model.httpd import Mpm
    from mpmtune.model.plan import Plan
    from mpmtune.model.server import Server

MODULES = "/usr/lib/apache2/modules"
# Without a guard, as Debian ships them: each MPM refuses what is the other's.
VALUES = {
    "prefork": "StartServers 5\nMinSpareServers 5\nMaxSpareServers 10\nMaxRequestWorkers 150\n",
    "worker": "StartServers 2\nMinSpareThreads 25\nThreadsPerChild 25\nMaxRequestWorkers 150\n",
    "event": "StartServers 2\nMinSpareThreads 25\nThreadsPerChild 25\nMaxRequestWorkers 150\n",
}
_DEBIAN_CONF = """\
ServerRoot "{root}"
DefaultRuntimeDir "{root}"
PidFile "{root}/httpd.pid"
ErrorLog "{root}/error.log"
ServerName localhost
{more}
IncludeOptional mods-enabled/*.load
IncludeOptional mods-enabled/*.conf
IncludeOptional conf-enabled/*.conf
IncludeOptional sites-enabled/*.conf
"""
_CHOOSER = """\
# Uncomment one of these lines.
# prefork
#LoadModule mpm_prefork_module modules/mod_mpm_prefork.so
# worker
#LoadModule mpm_worker_module modules/mod_mpm_worker.so
# event
LoadModule mpm_event_module modules/mod_mpm_event.so
"""
_RED_HAT_CONF = """\
ServerRoot "{root}"
DefaultRuntimeDir "{root}"
PidFile "{root}/httpd.pid"
ErrorLog "{root}/error.log"
ServerName localhost
{more}
Include conf.modules.d/*.conf
IncludeOptional conf.d/*.conf
"""


def debian(root: Path, mpm: str = "prefork", more: str = "") -> Path:
    """Make a Debian layout; give its main file."""
    for name in ("mods", "conf", "sites"):
        (root / f"{name}-available").mkdir(parents=True)
        (root / f"{name}-enabled").mkdir()
    for name, values in VALUES.items():
        load = f"LoadModule mpm_{name}_module {MODULES}/mod_mpm_{name}.so\n"
        (root / f"mods-available/mpm_{name}.load").write_text(f"# Conflicts: others\n{load}")
        (root / f"mods-available/mpm_{name}.conf").write_text(values)
    for suffix in ("load", "conf"):
        link = root / f"mods-enabled/mpm_{mpm}.{suffix}"
        link.symlink_to(f"../mods-available/mpm_{mpm}.{suffix}")
    conf = root / "apache2.conf"
    conf.write_text(_DEBIAN_CONF.format(root=root, more=more))
    return conf


def red_hat(root: Path, more: str = "") -> Path:
    """Make a RHEL layout with event; give its main file."""
    for name in ("conf", "conf.d", "conf.modules.d"):
        (root / name).mkdir(parents=True)
    (root / "modules").symlink_to(MODULES)
    (root / "conf.modules.d/00-mpm.conf").write_text(_CHOOSER)
    conf = root / "conf/httpd.conf"
    conf.write_text(_RED_HAT_CONF.format(root=root, more=more))
    return conf


def read(conf: Path, root: Path, files: Files | None = None) -> Tree:
    """Read a configuration."""
    target = TARGETS["debian-12"]
    return evaluate(files or LocalFiles(), Start(str(conf), target, server_root=str(root)))


def server(conf: Path, root: Path) -> Server:
    """The stopped httpd of a configuration."""
    tree = read(conf, root)
    values = effective.of(tree)
    made = a_server(values.mpm, server_root=str(root), conf=str(conf), tree=tree)
    return replace(made, settings=values.settings, configured_mpm=values.mpm)


def planned(mpm: Mpm, memory_mib: int = 2048) -> Plan:
    """A plan for a machine of that size."""
    return plan(mpm, "you asked for it", facts(a_machine(memory_mib)))


def contents(root: Path) -> dict[str, str]:
    """Give all that lies below a directory: path → text, or ``→ target`` of a link."""
    found = {}
    for above, directories, names in os.walk(root):
        for name in (*names, *directories):
            path = os.path.join(above, name)
            if os.path.islink(path):
                found[os.path.relpath(path, root)] = f"→ {os.readlink(path)}"
            elif os.path.isfile(path):
                with open(path, encoding="latin-1") as file:
                    found[os.path.relpath(path, root)] = file.read()
    return found
