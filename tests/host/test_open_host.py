from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.errors import InputError
from mpmtune.host.bare_tree import BareTree
from mpmtune.host.local import LocalHost
from mpmtune.host.open_host import open_host

if TYPE_CHECKING:
    from pathlib import Path


def test_no_directory_is_this_machine() -> None:
    assert isinstance(open_host(None), LocalHost)


@pytest.mark.parametrize("name", ["proc", "sys", "etc"])
def test_a_directory_that_looks_like_a_machine_is_a_bare_tree(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert isinstance(open_host(str(tmp_path)), BareTree)


def test_an_empty_directory_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no machine: no answers") as refused:
        open_host(str(tmp_path))
    assert refused.value.hint


@pytest.mark.parametrize("name", ["none", "file", "a\x1bb"])
def test_what_is_no_directory_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is not a directory") as refused:
        open_host(str(tmp_path / name))
    assert "\x1b" not in refused.value.sentence


def test_a_foreign_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "proc").write_text("a file of that name")
    with pytest.raises(InputError, match="holds no machine"):
        open_host(str(tmp_path))


def test_answers_that_are_garbage_are_refused(tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text("[]")
    with pytest.raises(InputError, match="is no record of a machine"):
        open_host(str(tmp_path))
