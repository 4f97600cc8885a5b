"""Which httpd is meant, where a host has several."""

from __future__ import annotations

from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.host.doorway import Files
    from mpmtune.model.server import Instance


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line says about it; None where it says nothing.

    Attributes:
        httpd: ``--httpd``, the binary.
        conf: ``--conf``, the main configuration file.
        server_root: ``--server-root``.
        defines: ``-D`` names, beside those that the server was started with.
    """

    httpd: str | None = None
    conf: str | None = None
    server_root: str | None = None
    defines: tuple[str, ...] = ()


def choose_instance(instances: Sequence[Instance], choice: Choice) -> Instance | None:
    """Choose the running httpd that is meant; None when no running one is.

    What the command line names decides. Else one that sees the same files as we do, then the one
    that runs with its built-in configuration, then the one with most children, then the oldest.
    """
    meant = [instance for instance in instances if _fits(instance, choice)]
    return min(meant, key=lambda instance: _rank(instance, choice), default=None)


def equally_meant(instances: Sequence[Instance], choice: Choice) -> tuple[Instance, ...]:
    """Give the httpds here that may be meant as well as the chosen one; those in containers not.

    Where it is more than one, only children and age choose between them: that is a guess.
    """
    meant = [one for one in instances if _fits(one, choice) and not one.other_namespace]
    best = min((_meaning(one, choice) for one in meant), default=None)
    return tuple(one for one in meant if _meaning(one, choice) == best)


def _names(instance: Instance, choice: Choice) -> tuple[tuple[str | None, str | None], ...]:
    """Pair what an instance says of itself with what is wanted; None is not said."""
    options = instance.options
    return (
        (instance.binary or None, choice.httpd),
        (options.server_root, choice.server_root),
        (
            beneath(options.server_root, options.conf) if options.conf else None,
            beneath(choice.server_root, choice.conf) if choice.conf else None,
        ),
    )


def _fits(instance: Instance, choice: Choice) -> bool:
    return all(agree(known, wanted) for known, wanted in _names(instance, choice))


def agree(known: str | None, wanted: str | None) -> bool:
    """Tell whether two names may mean the same; one that is not said is not against it."""
    return known is None or wanted is None or known == wanted


def _rank(instance: Instance, choice: Choice) -> tuple[int, bool, bool, int, int]:
    named, own = _meaning(instance, choice)
    return named, instance.other_namespace, own, -len(instance.child_pids), instance.parent_pid


def _meaning(instance: Instance, choice: Choice) -> tuple[int, bool]:
    """Rank by what the command line names; who names nothing means the built-in configuration."""
    named = sum(known == wanted is not None for known, wanted in _names(instance, choice))
    own = instance.options.conf is not None or instance.options.server_root is not None
    return -named, own


def beneath(server_root: str | None, path: str) -> str:
    """Resolve a path as httpd does: against ServerRoot."""
    return normpath(join(server_root or "/", path))


def nearest(files: Files, path: str) -> str:
    """Give an absolute path, or what lies nearest above it."""
    while path != "/" and isinstance(files.entry(path), Absent):
        path = dirname(path)
    return path
