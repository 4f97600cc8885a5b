"""A small Debian with httpd, for tests: files, and what its binary answers."""

from __future__ import annotations

from mpmtune.host.doorway import Answer, Process
from tests.detect.a_host import ROLLUP, SERVING, AHost, a_process
from tests.detect.test_build import DEBIAN as VERSION

BINARY = "/usr/sbin/apache2"
MODULES = "/usr/lib/apache2/modules"
IDENTITY = f"{BINARY} -d / -f /dev/null -V"
ASKED = f"{BINARY} -d /etc/apache2 -f /etc/apache2/apache2.conf"
DUMP = f"{ASKED} -C LoadModule info_module {MODULES}/mod_info.so -t -D DUMP_CONFIG"
STATIC = (
    "core.c mod_so.c mod_watchdog.c http_core.c mod_log_config.c mod_logio.c mod_version.c"
    " mod_unixd.c"
)
CONF = """DefaultRuntimeDir ${APACHE_RUN_DIR}
Timeout 300
IncludeOptional mods-enabled/*.load
IncludeOptional mods-enabled/*.conf
Listen 80
"""
STATUS_CONF = "<Location /server-status>\nSetHandler server-status\n</Location>\n"
ENVVARS = "export APACHE_RUN_DIR=/var/run/apache2\nexport APACHE_RUN_USER=www-data\n"


def said(stdout: str = "", stderr: str = "", status: int = 0) -> Answer:
    """What a command answers."""
    return Answer(status, stdout.encode(), stderr.encode())


def listed(*shared: str) -> str:
    """What ``-M`` prints: the static modules of Debian, and these."""
    static = "core so watchdog http log_config logio version unixd"
    lines = [f" {name}_module (static)" for name in static.split()]
    lines += [f" {name}_module (shared)" for name in shared]
    return "Loaded Modules:\n" + "\n".join(lines) + "\n"


def a_debian(mpm: str = "event", *modules: str, conf: str = "") -> AHost:
    """Debian 12 with a stopped httpd that accepts its configuration."""
    loads = "".join(f"LoadModule {m}_module {MODULES}/mod_{m}.so\n" for m in modules)
    files: dict[str, str | bytes] = {
        "/etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12"\n',
        "/etc/apache2/apache2.conf": CONF + conf,
        "/etc/apache2/envvars": ENVVARS,
        "/etc/apache2/mods-enabled/mpm.load": f"LoadModule mpm_{mpm}_module {MODULES}/mod_mpm_{mpm}.so\n",
        "/etc/apache2/mods-enabled/more.load": loads,
        "/var/run/utmp": "",
        BINARY: "",
        "/proc/uptime": "100000.00 1\n",
        "/proc/sys/kernel/pid_max": "32768\n",
        **{f"{MODULES}/mod_{name}.so": "" for name in (f"mpm_{mpm}", *modules)},
    }
    answers = {
        IDENTITY: said(VERSION.replace("event", ""), status=1),
        f"{BINARY} -l": said(
            "Compiled in modules:\n" + "".join(f"  {s}\n" for s in STATIC.split())
        ),
        f"{ASKED} -V": said(VERSION.replace("event", mpm)),
        f"{ASKED} -M": said(listed(*modules, f"mpm_{mpm}")),
    }
    return AHost(files, answers=answers)


def running(host: AHost, mpm: str = "event", *more: Process, ticks: int = 500) -> AHost:
    """Let the httpd of a host run: parent 10, children 11 and 12."""
    host.processes_ = (a_process(10), a_process(11, 10), a_process(12, 10), *more)
    host.files["/proc/10/maps"] = f"0-1 r-xp 0 08:01 2 {MODULES}/mod_mpm_{mpm}.so\n"
    for pid in (10, 11, 12):
        host.files[f"/proc/{pid}/status"] = SERVING
        host.files[f"/proc/{pid}/smaps_rollup"] = ROLLUP
        host.files[f"/proc/{pid}/stat"] = (
            f"{pid} (apache2) S 1 1 1 0 -1 0 0 0 0 0 {ticks} 0 0 0 20 0 27 0 100 1 1"
        )
    return host
