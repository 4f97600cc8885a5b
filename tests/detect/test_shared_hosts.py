"""The machines of the reference material, where it lies beside the project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mpmtune.detect.machine import detect_machine
from mpmtune.host.open_host import open_host
from mpmtune.model.quantity import Quantity

HOSTS = Path(__file__).parents[3] / "shared" / "hosts"

pytestmark = pytest.mark.shared


def test_every_shared_host_has_the_right_answer() -> None:
    trees = sorted(path.parent for path in HOSTS.glob("*/expected.json"))
    if not trees:
        pytest.skip("the reference machines are not beside the project")
    wrong = {}
    for tree in trees:
        machine, _ = detect_machine(open_host(str(tree)), 100)
        found = {
            "mem_total_effective_bytes": machine.memory_total,
            "mem_available_bytes": machine.memory_available,
            "cpus_effective": machine.cpus,
            "pids_limit": machine.pids_limit,
            "nofile_limit": machine.nofile_limit,
        }
        said = {
            key: float(one.value) if isinstance(one, Quantity) else None
            for key, one in found.items()
        }
        expected = json.loads((tree / "expected.json").read_text())["expected"]
        if said != expected:
            wrong[tree.name] = (said, expected)
    assert wrong == {}
