"""The configuration that the meant httpd reads, read by ourselves: nothing is started for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.paths import kind_at
from mpmtune.confparse.start import Start
from mpmtune.detect.processors import parse_cpu_list
from mpmtune.host.configuration_files import ConfigurationFiles
from mpmtune.host.doorway import Absent
from mpmtune.httpd import effective
from mpmtune.model.unknown import Unknown

if TYPE_CHECKING:
    from mpmtune.detect.installation import Installation
    from mpmtune.host.doorway import Files
    from mpmtune.httpd.effective import EffectiveValues
    from mpmtune.model.config import Tree
    from mpmtune.model.server import Mpm

_WHAT = "httpd.effective"


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration as it was read, and what it comes to."""

    tree: Tree
    values: EffectiveValues


def read_configuration(
    files: Files, installation: Installation, mpm: Mpm | None
) -> Configuration | Unknown:
    """Read the configuration and work out the values in force.

    Args:
        files: The machine.
        installation: Which configuration, and how httpd is started with it.
        mpm: The MPM that is known to run; assumed where the configuration loads none.
    """
    conf, target = installation.conf, installation.target
    if isinstance(conf, Unknown):
        return Unknown(_WHAT, conf.why)
    content = files.read(conf)
    if isinstance(content, Absent) or target is None:
        why = content.why if isinstance(content, Absent) else "its httpd is not known"
        return Unknown(_WHAT, f"{conf}: {why}")
    options = installation.options
    start = Start(conf, target, server_root=options.server_root, defines=options.defines)
    tree = evaluate(ConfigurationFiles(files), start)
    values = effective.of(
        tree,
        mpm=mpm,
        online_cpus=_online_cpus(files) if "listencoresbucketsratio" in tree.by_name else None,
        look=lambda path: kind_at(files, path),
    )
    return Configuration(tree, values)


def _online_cpus(files: Files) -> int | None:
    """Count the processors as sysconf(_SC_NPROCESSORS_ONLN) does."""
    content = files.read("/sys/devices/system/cpu/online")
    try:
        return None if isinstance(content, Absent) else parse_cpu_list(content.decode("ascii"))
    except ValueError:
        return None
