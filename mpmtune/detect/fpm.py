"""PHP-FPM beside httpd: its pools, how far each may grow, and what it holds now."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mpmtune.detect.children import detect_process
from mpmtune.host.doorway import Absent
from mpmtune.model.server import FpmPool

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.host.doorway import Files, Host, Process

# Debian and Ubuntu; Red Hat and its Software Collections (Remi); docker-library's image and
# FreeBSD; Alpine; openSUSE; cPanel's EasyApache; Plesk.
_POOL_FILES = (
    "/etc/php/*/fpm/pool.d/*.conf",
    "/etc/php-fpm.d/*.conf",
    "/etc/opt/remi/php*/php-fpm.d/*.conf",
    "/usr/local/etc/php-fpm.d/*.conf",
    "/etc/php*/php-fpm.d/*.conf",
    "/etc/php*/fpm/php-fpm.d/*.conf",
    "/opt/cpanel/ea-php*/root/etc/php-fpm.d/*.conf",
    "/opt/plesk/php/*/etc/php-fpm.d/*.conf",
)
_SECTION = re.compile(r"\[(?P<name>[^\]]+)\]")
_SETTING = re.compile(r"(?P<key>[\w.]+)\s*=\s*(?P<value>.*?)\s*(?:;.*)?")
_NO_POOL = "global"
_CHILD_TITLE = re.compile(r"php-fpm: pool (?P<pool>\S+)\s*")
_MASTER_TITLE = re.compile(r"php-fpm: master process \((?P<directory>.*)/[^/]*\)\s*")
_MOST_CHILDREN = 10**6


def parse_pools(file: str, text: str) -> tuple[FpmPool, ...]:
    """Read the pools of a PHP-FPM configuration file, in its order.

    A pool without ``pm.max_children`` is left out: FPM refuses it. Children and PSS are not known
    from a file.
    """
    pools: dict[str, dict[str, str]] = {}
    section: dict[str, str] = {}
    for line in text.splitlines():
        stripped = line.strip()
        if opened := _SECTION.match(stripped):
            section = pools.setdefault(opened["name"].strip(), {})
        elif not stripped.startswith((";", "#")) and (set_ := _SETTING.fullmatch(stripped)):
            section[set_["key"]] = set_["value"].strip("\"'")
    made = (_pool(file, name, settings) for name, settings in pools.items() if name != _NO_POOL)
    return tuple(pool for pool in made if pool is not None)


def _pool(file: str, name: str, settings: dict[str, str]) -> FpmPool | None:
    most = settings.get("pm.max_children", "")
    if not most.isascii() or not most.isdigit() or not 0 < int(most[:9]) <= _MOST_CHILDREN:
        return None
    listen = settings.get("listen", "").replace("$pool", name)
    return FpmPool(name, file, listen, int(most[:9]), children=None, pss=None)


def pool_children(processes: Sequence[Process]) -> dict[tuple[str, str], list[int]]:
    """Group the pids of FPM's children by (directory of the master's configuration, pool).

    FPM titles its processes ``php-fpm: pool www`` and ``php-fpm: master process (FILE)``. Several
    versions of PHP may each have a pool of the same name.
    """
    titles = {one.pid: one.arguments[0] for one in processes if one.arguments}
    found: dict[tuple[str, str], list[int]] = {}
    for process in processes:
        if pool := _CHILD_TITLE.fullmatch(titles.get(process.pid, "")):
            master = _MASTER_TITLE.fullmatch(titles.get(process.parent, ""))
            key = (master["directory"] if master else "", pool["pool"])
            found.setdefault(key, []).append(process.pid)
    return found


def _pids_of(pool: FpmPool, children: dict[tuple[str, str], list[int]]) -> list[int]:
    """Find a pool's children: those of the master whose directory is nearest above its file."""
    above = [
        (len(directory), pids)
        for (directory, name), pids in children.items()
        if name == pool.name and pool.file.startswith(f"{directory}/")
    ]
    return max(above)[1] if above else []


def detect_fpm_pools(host: Host, processes: Sequence[Process] | None) -> tuple[FpmPool, ...]:
    """Find the pools, each with its children and their memory.

    Args:
        host: The machine.
        processes: Its processes; None where they could not be listed.
    """
    pools = _written_pools(host)
    if processes is None:
        return tuple(pools)
    children = pool_children(processes)
    found = []
    for pool in pools:
        pids = _pids_of(pool, children)
        pss, peak = held_by(host, pids)
        found.append(replace(pool, children=len(pids), pss=pss, peak=peak))
    return tuple(found)


def _written_pools(files: Files) -> Iterator[FpmPool]:
    seen = set()
    for pattern in _POOL_FILES:
        for path in files.glob(pattern):
            content = files.read(path)
            if path not in seen and not isinstance(content, Absent):
                seen.add(path)
                yield from parse_pools(path, content.decode("utf-8", "replace"))


def held_by(files: Files, pids: Sequence[int]) -> tuple[int | None, int | None]:
    """Add up what they hold now and at their peaks; None when one of them may not be read.

    One that has ended meanwhile holds nothing.
    """
    found = [one for pid in pids if (one := detect_process(files, pid)) is not None]
    held = [one.pss for one in found if one.pss is not None]
    if len(held) < len(found):
        return None, None
    return sum(held), sum(held) + sum(max(0, one.peak_rss - one.rss) for one in found)
