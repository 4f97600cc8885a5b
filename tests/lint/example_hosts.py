"""The machine of a host rule's example, as facts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mpmtune.lint.values_in_force import values_of
from mpmtune.model.quantity import measured
from mpmtune.model.server import Child, Children, FpmPool
from mpmtune.model.unknown import Unknown
from tests.builders import MIB, a_machine, a_server, facts

if TYPE_CHECKING:
    from mpmtune.lint.rule import ExampleHost
    from mpmtune.model.config import Tree
    from mpmtune.model.facts import Facts


def host_facts(host: ExampleHost, tree: Tree) -> Facts:
    """Make the facts of a machine on which the configuration is in force."""
    values = values_of(tree)
    children: Children | Unknown = Unknown("httpd.children", "httpd is stopped")
    if host.child_mib is not None:
        size = host.child_mib * MIB
        child = Child(100, 27, size, size, size, size, cpu_milliseconds=500, worked=True)
        threads = values.corrected.effective.get("ThreadsPerChild")
        children = Children((child,), None, worked=True, count=1, threads_per_child=threads)
    pool = FpmPool("www", "www.conf", "/run/php.sock", host.fpm_max_children, None, None)
    server = a_server(
        values.mpm,
        modules=tuple(name for name in tree.modules if not name.startswith("mpm_")),
        children=children,
        fpm_pools=(pool,) if host.fpm_max_children else (),
        tree=tree,
    )
    somaxconn = measured("host.somaxconn", host.somaxconn, "test")
    descriptors = measured("host.nofile_limit", host.descriptors, "test")
    machine = replace(
        a_machine(host.memory_mib, host.memory_mib, host.cpus),
        somaxconn=somaxconn,
        nofile_limit=descriptors,
    )
    return facts(machine=machine, server=server)
