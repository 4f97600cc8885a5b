"""Every process that mpmtune may ever start on a host, in one place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent, Command

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.host.doorway import Files

SEARCH_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
_HTTPD_SECONDS = 10
_SYSTEMCTL_SECONDS = 5
_JOB_SECONDS = 100

# Names that decide which code a program runs, rather than what httpd reads.
_UNSAFE_PREFIXES = ("LD_", "DYLD_", "PYTHON", "BASH", "PERL", "GLIBC_", "MALLOC_", "GCONV_")
_UNSAFE_NAMES = frozenset({"PATH", "IFS", "ENV", "SHELL", "LC_ALL", "TMPDIR", "NLSPATH"})

UNIT_PROPERTIES = (
    "LoadState",
    "Slice",
    "MemoryMax",
    "MemoryHigh",
    "TasksMax",
    "CPUQuotaPerSecUSec",
    "AllowedCPUs",
    "CPUAffinity",
    "LimitNOFILESoft",
    "LimitNPROCSoft",
)


@dataclass(frozen=True, slots=True)
class Invocation:
    """How an httpd is called: enough to ask it about the server that it would be.

    Attributes:
        binary: Absolute path of the executable.
        server_root: For ``-d``; None leaves it out.
        conf: For ``-f``; None leaves it out.
        defines: For ``-D``, in order.
        environment: What Debian's apachectl would export, see ``environment_of``.
    """

    binary: str
    server_root: str | None = None
    conf: str | None = None
    defines: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()

    def _asked(self, *question: str) -> Command:
        options: list[str] = []
        if self.server_root is not None:
            options += ["-d", self.server_root]
        if self.conf is not None:
            options += ["-f", self.conf]
        for name in self.defines:
            options += ["-D", name]
        return Command((self.binary, *options, *question), self.environment, _HTTPD_SECONDS)

    def version(self) -> Command:
        """Ask for version, build settings and MPM (``-V``); reads the configuration first."""
        return self._asked("-V")

    def modules(self) -> Command:
        """Ask for the loaded modules (``-M``)."""
        return self._asked("-M")

    def syntax(self) -> Command:
        """Ask whether the configuration is accepted (``-t``)."""
        return self._asked("-t")

    def dump(self, module: str | None) -> Command:
        """Ask for the configuration as httpd has read it (``-t -D DUMP_CONFIG``).

        The answer holds every argument, passwords too: it is not for the record.

        Args:
            module: Path of mod_info, to be loaded for this; None where the configuration does.
        """
        load = ("-C", f"LoadModule info_module {module}") if module is not None else ()
        return replace(self._asked(*load, "-t", "-D", "DUMP_CONFIG"), for_record=False)

    def start(self) -> Command:
        """Start it in the background, as its start script does (``-k start``)."""
        return self._asked("-k", "start")

    def identity(self) -> Command:
        """Ask for version and build settings (``-V``) with an empty configuration.

        Nothing that is installed is read, so nothing of it can be run. httpd names no MPM then
        unless it is compiled in, and exits with 1.
        """
        return Command((self.binary, "-d", "/", "-f", "/dev/null", "-V"), (), _HTTPD_SECONDS)

    def static_modules(self) -> Command:
        """Ask for the modules compiled in (``-l``); no configuration is read."""
        return Command((self.binary, "-l"), (), _HTTPD_SECONDS)


def find_program(files: Files, name: str) -> str | None:
    """Find a program in the fixed search path; the caller's PATH has no say."""
    paths = (f"{directory}/{name}" for directory in SEARCH_PATH)
    return next((path for path in paths if not isinstance(files.entry(path), Absent)), None)


def environment_of(exported: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Choose what httpd is given of the variables that ``envvars`` exports.

    Nothing of our own environment is passed on, and nothing that would choose other code.
    """
    return tuple(
        (name, value)
        for name, value in sorted(exported.items())
        if name not in _UNSAFE_NAMES and not name.startswith(_UNSAFE_PREFIXES)
    )


def unit_job(systemctl: str, job: str, unit: str) -> Command:
    """Have systemd start or stop a unit, and wait until it has."""
    return Command((systemctl, job, unit), (), _JOB_SECONDS)


def unit_limits(systemctl: str, unit: str) -> Command:
    """Ask systemd for the limits of a unit, service or slice; it need not be running."""
    properties = ",".join(UNIT_PROPERTIES)
    return Command((systemctl, "show", unit, f"--property={properties}"), (), _SYSTEMCTL_SECONDS)
