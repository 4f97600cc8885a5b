"""The scene of an attack, for root alone has something to lose."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.attacks.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def make_scene() -> Iterator[Callable[[], Scene]]:
    """Make layouts of root's; they are gone when the tests of a file are done."""
    if os.geteuid() != 0:
        pytest.skip("only root can be made to do what others may not")
    made: list[Path] = []

    def make() -> Scene:
        made.append(Path(tempfile.mkdtemp(prefix="mpmtune-attack-")))
        return Scene(made[-1])

    yield make
    for top in made:
        shutil.rmtree(top, ignore_errors=True)


@pytest.fixture
def scene(make_scene: Callable[[], Scene]) -> Scene:
    """A layout of root's, made anew."""
    return make_scene()
