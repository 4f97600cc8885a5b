"""The loaded modules: as httpd lists them, as its configuration loads them, as they are mapped."""

from __future__ import annotations

import re

from mpmtune.model.server import Linkage, Module, Mpm

_LISTED = re.compile(r"^ (?P<name>\w+) \((?P<linkage>static|shared)\)[ \t]*$", re.MULTILINE)
# Identifiers that do not follow from the name of the source file.
_STATIC_NAMES = {
    "core.c": "core_module",
    "http_core.c": "http_module",
    "prefork.c": "mpm_prefork_module",
    "worker.c": "mpm_worker_module",
    "event.c": "mpm_event_module",
}


def parse_modules(text: str) -> tuple[Module, ...]:
    """Read the output of ``httpd -M``, in its order; empty when it lists none."""
    return tuple(Module(name, Linkage(linkage)) for name, linkage in _LISTED.findall(text))


def static_modules(static: tuple[str, ...]) -> tuple[Module, ...]:
    """Name the modules that ``httpd -l`` lists by their source files."""
    return tuple(Module(module_identifier(name), Linkage.STATIC) for name in static)


def module_identifier(source: str) -> str:
    """Give the identifier of a module by its source file: ``mod_ssl.c`` is ssl_module."""
    known = _STATIC_NAMES.get(source)
    return known or f"{source.removesuffix('.c').removeprefix('mod_')}_module"


def parse_mapped_objects(maps: bytes) -> frozenset[str]:
    """Give the file names of the shared objects in /proc/PID/maps (``mod_ssl.so``)."""
    return frozenset(
        line.rpartition(b"/")[2].decode("utf-8", "replace").removesuffix(" (deleted)")
        for line in maps.splitlines()
        if b".so" in line and b"/" in line
    )


def mapped_mpm(objects: frozenset[str]) -> Mpm | None:
    """Find the MPM that a running httpd has loaded; None when none or several are mapped."""
    found = [mpm for mpm in Mpm if f"mod_mpm_{mpm.value}.so" in objects]
    return found[0] if len(found) == 1 else None


def mapped_modules(objects: frozenset[str]) -> tuple[Module, ...]:
    """Name the modules of a running httpd by their file names, sorted.

    ``mod_NAME.so`` is NAME_module by custom; of ``lib….so`` only PHP's is a module.
    """
    names = set()
    for name in objects:
        if name.startswith("mod_") and name.endswith(".so"):
            names.add(f"{name[len('mod_') : -len('.so')]}_module")
        elif re.fullmatch(r"libphp[\d.]*\.so", name):
            names.add("php_module")
    return tuple(Module(name, Linkage.SHARED) for name in sorted(names))
