"""Recorded machines that come from somebody else: refused where they lead out of themselves."""

from __future__ import annotations

import io
import json
import os
import resource
import shutil
import tarfile
import time
from typing import TYPE_CHECKING

import pytest

from tests.attacks.scene import HOSTS, Scene, mpmtune

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MEGABYTES = 1 << 20


def answers(snapshot: Path, change: Callable[[dict[str, object]], None]) -> None:
    path = snapshot / "answers.json"
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def leading_to(place: str) -> Callable[[Path, Scene], None]:
    def change(snapshot: Path, scene: Scene) -> None:
        where = place.replace("SHADOW", str(scene.shadow))
        answers(snapshot, lambda document: document["files"].update({"/etc/a": where}))  # type: ignore[attr-defined]  # a dict

    return change


def linked(target: str) -> Callable[[Path, Scene], None]:
    def change(snapshot: Path, scene: Scene) -> None:
        where = target.replace("SHADOW", str(scene.shadow))
        (snapshot / "root/etc/extra").symlink_to(where)

    return change


def main_file_linked(snapshot: Path, scene: Scene) -> None:
    path = snapshot / "root/etc/apache2/apache2.conf"
    path.unlink()
    path.symlink_to(scene.shadow)


def device(snapshot: Path, scene: Scene) -> None:
    os.mknod(snapshot / "root/etc/zero", 0o20666, os.makedev(1, 5))


def pipe(snapshot: Path, scene: Scene) -> None:
    path = snapshot / "root/etc/apache2/apache2.conf"
    path.unlink()
    os.mkfifo(path)


def zeros(snapshot: Path, scene: Scene) -> None:
    os.truncate(snapshot / "root/etc/apache2/apache2.conf", 10 << 30)


def endless_answers(snapshot: Path, scene: Scene) -> None:
    os.truncate(snapshot / "answers.json", 10 << 30)


def twice(snapshot: Path, scene: Scene) -> None:
    """The same name twice: the last one counts, and it leads out."""
    path = snapshot / "answers.json"
    text = path.read_text().rstrip()
    assert '"files":' in text
    path.write_text(f'{text[:-1]}, "files": {{"/etc/apache2/apache2.conf": "{scene.shadow}"}}}}')


TAMPERED: dict[str, Callable[[Path, Scene], None]] = {
    "a path that leads up": leading_to("../../shadow"),
    "an absolute path": leading_to("SHADOW"),
    "a path up inside": leading_to("root/../../../shadow"),
    "a link to a directory": linked("/etc"),
    "a link to a file": linked("SHADOW"),
    "a link that leads up": linked("../../../../shadow"),
    "a link in the place of a file": main_file_linked,
    "a device": device,
    "a pipe": pipe,
    "ten gigabytes of zeros": zeros,
    "ten gigabytes of answers": endless_answers,
    "a name twice": twice,
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_tampered_snapshot_is_refused(how: str, scene: Scene) -> None:
    snapshot = scene.top / "snap"
    shutil.copytree(HOSTS / "debian-event", snapshot)
    TAMPERED[how](snapshot, scene)
    began = time.monotonic()
    done = mpmtune("detect", "--host", str(snapshot), preexec_fn=at_most_memory)
    assert done.code == 2, done.out
    assert "S3CRET" not in done.out + done.err
    assert time.monotonic() - began < 10
    assert scene.protected()


def at_most_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (1024 * MEGABYTES, 1024 * MEGABYTES))


def test_a_second_name_of_a_file_outside_shows_nothing_that_is_not_asked_for(scene: Scene) -> None:
    snapshot = scene.top / "snap"
    shutil.copytree(HOSTS / "debian-event", snapshot)
    os.link(scene.shadow, snapshot / "root/etc/extra")
    done = mpmtune("detect", "--host", str(snapshot))
    assert "S3CRET" not in done.out + done.err
    (snapshot / "root/etc/extra").unlink()
    assert scene.protected()


def test_a_packed_snapshot_is_not_unpacked(scene: Scene) -> None:
    packed = scene.top / "snap.tgz"
    with tarfile.open(packed, "w:gz") as archive:
        for name in ("../escaped", f"{scene.top}/absolute", "answers.json"):
            member = tarfile.TarInfo(name)
            member.size = 3
            archive.addfile(member, io.BytesIO(b"{}\n"))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(link)
    there = sorted(os.listdir(scene.top))
    done = mpmtune("detect", "--host", str(packed), cwd=scene.evil)
    assert (done.code, "is not a directory" in done.err) == (2, True)
    assert sorted(os.listdir(scene.top)) == there
    assert os.listdir(scene.evil) == []


def test_a_tree_of_somebody_leads_nowhere_out_of_itself(scene: Scene) -> None:
    tree = scene.evil / "machine"
    (tree / "etc/apache2").mkdir(parents=True)
    (tree / "proc").symlink_to("/proc")
    (tree / "etc/apache2/apache2.conf").symlink_to(scene.shadow)
    (tree / "etc/os-release").symlink_to("../../../shadow")
    done = mpmtune("detect", "--host", str(tree), "-v")
    assert done.code in {0, 2}
    assert "S3CRET" not in done.out + done.err
    done = mpmtune("lint", "--root", str(tree), str(tree / "etc/apache2/apache2.conf"))
    assert "S3CRET" not in done.out + done.err
