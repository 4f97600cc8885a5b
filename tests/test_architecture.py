"""The structure, held by tests: ceilings, forbidden names, who may import what."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "mpmtune"
MODULES = sorted(PACKAGE.rglob("*.py"))
CEILING = 300
# Data: one literal of tuples each.
DATA = {"httpd/directives.py"}
FORBIDDEN_NAMES = {"utils", "common", "core", "manager", "base", "helpers", "misc"}
ONLY_IN = {
    "typer": ("cli/",),
    "rich": ("report/console.py",),
    "jinja2": ("render/templates.py",),
    "psutil": ("host/",),
    "apacheconfig": ("confparse/second_reader.py",),
    "duckdb": ("workload/duckdb_engine.py",),
    "subprocess": ("host/", "bench/processes.py"),
    "socket": ("host/", "bench/ports.py"),
    "http": ("host/",),
    "tomli": ("cli/",),
    "tomllib": ("cli/",),
}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_short_and_says_what_it_is(path: Path) -> None:
    text = path.read_text("utf-8")
    if name_of(path) not in DATA:
        assert len(text.splitlines()) <= CEILING
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_named_for_what_it_is(path: Path) -> None:
    assert not FORBIDDEN_NAMES & set(path.relative_to(PACKAGE).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_third_party_and_dangerous_modules_stay_in_their_files(path: Path) -> None:
    for module in imports_of(path) & set(ONLY_IN):
        assert name_of(path).startswith(ONLY_IN[module]), module


def test_every_test_folder_mirrors_a_package() -> None:
    packages = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    beside = {"attacks", "benchmarks", "hosts", "live", "__pycache__", "data"}
    for folder in (ROOT / "tests").iterdir():
        if folder.is_dir():
            assert folder.name in packages | beside, folder


def test_nothing_runs_when_the_package_is_imported() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    assert [type(node).__name__ for node in tree.body] == ["Expr", "Assign"]
