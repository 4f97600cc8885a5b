"""Forty configurations as careful administrators write them, in the styles of five distributions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.httpd.targets import TARGETS

if TYPE_CHECKING:
    from mpmtune.model.config import Target

DIRECTORY = Path(__file__).parent / "sound"
FILES = sorted(DIRECTORY.glob("*.conf"))
STYLES = {
    "debian": TARGETS["debian-12"],
    "rhel": TARGETS["rhel-9"],
    "alpine": TARGETS["alpine"],
    "docker": TARGETS["docker-httpd"],
    "cpanel": TARGETS["cpanel-ea4"],
}


def target_of(file: Path) -> Target:
    """Give the distribution in whose style a configuration is."""
    return STYLES[file.name.partition("-")[0]]
