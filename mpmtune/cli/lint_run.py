"""One run of ``lint``: options and settings made into what is read, checked and kept."""

from __future__ import annotations

import gc
import posixpath
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from mpmtune.cli.assumed_httpd import named_target, named_version
from mpmtune.confparse.evaluate import collection_paused
from mpmtune.confparse.inputs import STDIN, read_inputs
from mpmtune.confparse.start import Limits
from mpmtune.confparse.wholes import Assumptions
from mpmtune.errors import InputError, UsageError
from mpmtune.host.doorway import Absent
from mpmtune.lint.engine import Checks, check
from mpmtune.lint.listing import HOST_RULE, written_names
from mpmtune.lint.profiles import Profile
from mpmtune.lint.registry import listings
from mpmtune.lint.selection import Selection
from mpmtune.model.finding import Severity
from mpmtune.model.httpd import Mpm
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.cli.settings import LintSettings
    from mpmtune.host.doorway import Files, Host
    from mpmtune.lint.engine import Report
    from mpmtune.model.config import Target
    from mpmtune.model.facts import Facts

_Chosen = TypeVar("_Chosen", Profile, Mpm, Severity)
_LARGEST = Limits().file_bytes


class Wishes(NamedTuple):
    """The options of the command line that decide what is read and checked.

    Attributes:
        paths: As given.
        select: ``--select``, commas taken apart.
        ignore: ``--ignore``, the same.
        profile: ``--profile``; None when it was not given, as with those that follow.
        target: ``--target``.
        httpd_version: ``--httpd-version``.
        mpm: ``--mpm``.
        root: ``--root``.
        host: ``--host``.
        define: ``-D``.
    """

    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: Profile | None = None
    target: str | None = None
    httpd_version: str | None = None
    mpm: Mpm | None = None
    root: str | None = None
    host: str | None = None
    define: tuple[str, ...] = ()


class Run:
    """What is read, and the rules that judge it.

    Raises:
        UsageError: for options or settings that cannot be used.
        InputError: for paths that cannot be read.
    """

    def __init__(self, wishes: Wishes, settings: LintSettings) -> None:
        self._selection = _selection(wishes, settings)
        self.rules = self._selection.rules(listings())
        self._host = _host(wishes)
        self.root = _root(wishes, settings)
        self.files = self._open()
        self.paths = _paths(wishes, settings)
        self._assumptions = self._assume(wishes, settings)
        self._facts: Facts | None = None
        if STDIN in self.paths:
            from mpmtune.host.memory_files import MemoryFiles

            self.files = MemoryFiles({STDIN: _standard_input()}, self.files)

    @property
    def reads_standard_input(self) -> bool:
        """Whether standard input is among the paths."""
        return STDIN in self.paths

    @property
    def reads_another_host(self) -> bool:
        """Whether the files are those of ``--host``."""
        return self._host is not None

    def check(self, files: Files) -> Report:
        """Read the files as they are, or as they will be, and check them."""
        thresholds = self._selection.profile.thresholds
        checks = Checks(self.rules, listings(), thresholds, self._host_facts())
        with collection_paused():
            readings = read_inputs(files, self.paths, self._assumptions)
            report = self._selection.refine(check(readings, checks))
            # The tree stays until the end: to walk it for garbage takes a tenth of the run.
            gc.freeze()
        return report

    def _open(self) -> Files:
        if self._host is not None:
            return self._host
        from mpmtune.host.local import LocalFiles

        return LocalFiles(self.root, _LARGEST)

    def _assume(self, wishes: Wishes, settings: LintSettings) -> Assumptions:
        return Assumptions(
            directory="/" if self._host else str(Path.cwd()),
            target=named_target(wishes.target or settings.target),
            version=named_version(wishes.httpd_version or settings.httpd_version),
            mpm=wishes.mpm or _choice(Mpm, "mpm", settings.mpm),
            defines=wishes.define or settings.define,
            root=self.root,
            written_names=written_names(self.rules),
            system=partial(_system, self.files),
            environment=self._environment,
        )

    def _environment(self, server_root: str) -> Mapping[str, str]:
        """Know what envvars sets, where it can be read."""
        if isinstance(self.files.entry(posixpath.join(server_root, "envvars")), Absent):
            return {}
        from mpmtune.detect.envvars import detect_envvars

        return dict(detect_envvars(self.files, server_root).values)

    def _host_facts(self) -> Facts | None:
        """Look at the host once, if a rule asks for it."""
        wanted = any(listing.kind == HOST_RULE for listing in self.rules)
        if self._host is not None and self._facts is None and wanted:
            from mpmtune.detect.choice import Choice
            from mpmtune.detect.facts import detect_facts

            self._facts = detect_facts(self._host, Choice())
        return self._facts


def _selection(wishes: Wishes, settings: LintSettings) -> Selection:
    profile = wishes.profile or _choice(Profile, "profile", settings.profile) or Profile.DEFAULT
    return Selection(
        profile=profile,
        select=wishes.select or settings.select,
        ignore=wishes.ignore + settings.ignore,
        ignore_in=settings.per_file_ignores,
        severities={word: Severity(text) for word, text in settings.severity.items()},
    )


def _choice(kind: type[_Chosen], key: str, text: str | None) -> _Chosen | None:
    """Read a setting that names one of several values."""
    if text is None:
        return None
    known = [member.value for member in kind]
    if text not in known:
        raise UsageError(
            f"The setting {key} cannot be {printable(text)}.", f"It can be: {', '.join(known)}."
        )
    return kind(text)


def _paths(wishes: Wishes, settings: LintSettings) -> tuple[str, ...]:
    if wishes.paths:
        return wishes.paths
    return tuple(settings.beside(path) for path in settings.paths) or (".",)


def _root(wishes: Wishes, settings: LintSettings) -> str | None:
    root = wishes.root
    if root is None and settings.root is not None and wishes.host is None:
        root = settings.beside(settings.root)
    if root is None:
        return None
    if wishes.host is not None:
        raise UsageError("--root and --host exclude each other.", "--host reads nothing outside.")
    if not Path(root).is_dir():
        raise UsageError(f"--root {printable(root)} is not a directory.", "Name a directory.")
    return posixpath.normpath(Path.cwd() / root)


def _host(wishes: Wishes) -> Host | None:
    if wishes.host is None:
        return None
    from mpmtune.host.open_host import open_host

    return open_host(wishes.host)


def _system(files: Files) -> Target | None:
    from mpmtune.detect.distro import detect_distro
    from mpmtune.httpd.targets import target_of_system
    from mpmtune.model.machine import Distro

    distro = detect_distro(files)
    if not isinstance(distro, Distro):
        return None
    return target_of_system(distro.id, distro.version_id, distro.like)


def _standard_input() -> bytes:
    content = sys.stdin.buffer.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise InputError("Standard input is larger than 64 MiB.", "Name a configuration file.")
    return content
