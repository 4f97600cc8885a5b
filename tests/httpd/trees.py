"""Configurations for tests, read by the evaluator as if an httpd 2.4.71 had them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.model.config import Target
from mpmtune.model.server import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.model.config import Tree

CONF = "/srv/httpd.conf"
STATIC = ("core", "so", "http", "log_config", "logio", "version", "unixd", "watchdog")
SOURCES = {"core": "core.c", "http": "http_core.c"}


def a_target(*modules: str, version: tuple[int, int, int] = (2, 4, 71)) -> Target:
    """An httpd with the usual static modules and some more, no MPM among them."""
    names = (*STATIC, *modules)
    return Target(
        name="test",
        version=version,
        binary="/usr/sbin/apache2",
        server_root="/srv",
        conf=CONF,
        modules={f"{name}_module": SOURCES.get(name, f"mod_{name}.c") for name in names},
        static=tuple(f"{name}_module" for name in names),
        defines=(),
        environment={},
        mpm=Mpm.EVENT,
    )


def a_tree(
    text: str,
    mpm: Mpm | None = Mpm.EVENT,
    modules: Iterable[str] = (),
    version: tuple[int, int, int] = (2, 4, 71),
) -> Tree:
    """Read a text; without an MPM, its own LoadModule lines decide."""
    files = MemoryFiles({CONF: text.encode("latin-1")})
    target = a_target(*modules, version=version)
    return evaluate(files, Start(CONF, target, mpm=mpm, here=False))
