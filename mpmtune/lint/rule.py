"""A lint rule as a value: what it looks at, how it judges, and the examples that prove it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.lint.profiles import Thresholds
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mpmtune.httpd.overrides import Overrides
    from mpmtune.lint.suppressions import Suppression
    from mpmtune.model.config import Diagnostic, Fault, Occurrence, Tree
    from mpmtune.model.facts import Facts
    from mpmtune.model.finding import Severity, Violation

EVERY_MPM = frozenset(Mpm)


class Every(Enum):
    """What a rule subscribes to that must see more than some directives."""

    DIRECTIVE = "every directive in force"
    SOURCE = "every file, as text"


EVERY = Every.DIRECTIVE
TEXT = Every.SOURCE


class Over(Enum):
    """Which text a rule sees: what is in force, or false sections too."""

    IN_FORCE = "in force"
    WRITTEN = "written"


class Scope(Enum):
    """How much of the configuration is there to see."""

    WHOLE = "whole"
    FRAGMENT = "fragment"
    HTACCESS = "htaccess"


class Fixability(Enum):
    """What ``--fix`` can do about a rule."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """What a rule subscribed to, found in one tree.

    Occurrences whose arguments hold an unresolved ``${NAME}`` or a template mark are not among
    them: nobody knows their value.

    Attributes:
        by_name: Folded name → occurrences in httpd's order; names without any are missing.
        faults: Diagnostics of the kinds that the rule named.
        unknown: Names with an occurrence that was left out.
        scope: How much of the configuration was read.
        thresholds: Numbers of the profile.
        overrides: What the directory of a .htaccess may hold; None for other files, and where
            its place in a configuration is not known.
    """

    by_name: Mapping[str, Sequence[Occurrence]]
    faults: tuple[Diagnostic, ...] = ()
    unknown: frozenset[str] = frozenset()
    scope: Scope = Scope.WHOLE
    thresholds: Thresholds = field(default_factory=Thresholds)
    overrides: Overrides | None = None

    def __iter__(self) -> Iterator[Occurrence]:
        """Give the occurrences, name by name, in httpd's order within a name."""
        return chain.from_iterable(self.by_name.values())

    def __getitem__(self, name: str) -> Sequence[Occurrence]:
        """Give the occurrences of one folded name; empty when there are none."""
        return self.by_name.get(name, ())

    def last(self, name: str) -> Occurrence | None:
        """Give the last occurrence outside of sections: the one that httpd lets win."""
        return next((o for o in reversed(self[name]) if o.enclosing is None), None)


class ExampleHost(NamedTuple):
    """The few facts of a machine that the example of a host rule is about.

    Attributes:
        memory_mib: Effective memory.
        child_mib: Memory of a child that has served requests; None when it was not measured.
        cpus: Effective CPUs.
        somaxconn: net.core.somaxconn.
        fpm_max_children: ``pm.max_children`` of a PHP-FPM pool on the machine; 0 for no pool.
        descriptors: Files that one process may hold open.
    """

    memory_mib: int = 2048
    child_mib: int | None = 50
    cpus: int = 2
    somaxconn: int = 4096
    fpm_max_children: int = 0
    descriptors: int = 65_536


class Example(NamedTuple):
    """Text that proves a rule, run as a test and shown on its page.

    The text is a file of its own that a complete configuration includes; ``/srv/www`` stands for
    a directory with ``htdocs``, ``logs``, ``run``, ``cert.pem`` and ``key.pem``.

    Attributes:
        bad: Flagged by the rule, and by no other rule of severity error or warning that is not
            named in ``also``.
        good: Not flagged; what to write instead.
        fixed: What ``--fix`` makes of ``bad``; good as well.
        fixed_unsafely: What ``--fix --unsafe-fixes`` makes of ``bad``; good as well.
        lines: Where ``bad`` is flagged; 0 is the configuration as a whole.
        also: Codes of other rules that rightly flag ``bad``.
        mpm: The MPM that the configuration around it loads; None for none.
        modules: Identifiers of modules loaded in addition to core, authz_core, authz_host,
            alias, dir, mime and reqtimeout.
        without: Identifiers of those that are not loaded here.
        files: Further files, path below ServerRoot → text, for ``Include``.
        scope: Read as part of a whole configuration, as a fragment, or as a ``.htaccess``.
        host: The machine, for a host rule.
        server: The configuration around a ``.htaccess``, which lies in ``/srv/www/htdocs``; empty
            where nothing is known of it.
    """

    bad: str = ""
    good: str = ""
    fixed: str = ""
    fixed_unsafely: str = ""
    lines: tuple[int, ...] = (1,)
    also: tuple[str, ...] = ()
    mpm: Mpm | None = Mpm.EVENT
    modules: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    scope: Scope = Scope.WHOLE
    host: ExampleHost | None = None
    server: str = ""

    @property
    def all_good(self) -> tuple[str, ...]:
        """The texts that nothing may flag."""
        return tuple(text for text in (self.good, self.fixed, self.fixed_unsafely) if text)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Description:
    """What all kinds of rules have in common.

    Attributes:
        code: Family and three digits (``MPM004``); never reused, never re-meant.
        name: The pattern in kebab-case, readable after "allow"; the file has the same name.
        severity: The consequence.
        examples: At least one ``bad``, and one that is good only.
        since: Version of mpmtune that brought it.
        references: Pages of httpd's manual (``mod/core.html#timeout``), files and functions of
            its source (``event.c: event_check_config``), or addresses of other sources.
        by_default: Part of the profile ``default``.
        cis: Numbers in the CIS Apache HTTP Server 2.4 Benchmark; part of ``cis`` when set.
        stig: Numbers in the DISA STIG Apache Server 2.4 UNIX; part of ``stig`` when set.
        httpd_ids: Numbers under which httpd itself speaks of it, by MPM.
        check: Yields what is wrong; what it is called with depends on the kind of rule.
    """

    code: str
    name: str
    severity: Severity
    examples: tuple[Example, ...]
    since: str
    check: Callable[..., Iterator[Violation]]
    references: tuple[str, ...] = ()
    by_default: bool = True
    cis: tuple[str, ...] = ()
    stig: tuple[str, ...] = ()
    httpd_ids: Mapping[Mpm, tuple[str, ...]] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """``mpm`` of ``MPM004``: the folder it lies in."""
        return self.code[:3].lower()

    @property
    def fixability(self) -> Fixability:
        """What ``--fix`` can do, by the examples."""
        if any(example.fixed for example in self.examples):
            return Fixability.SAFE
        if any(example.fixed_unsafely for example in self.examples):
            return Fixability.UNSAFE
        return Fixability.MANUAL


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Subscription(Description):
    """When a rule is called.

    Attributes:
        on: Folded names of directives, a section with its bracket (``<virtualhost``); old
            spellings come under the modern name. ``EVERY`` and ``TEXT`` for the few that see all.
        faults: Kinds of the reader's diagnostics that it is called with.
        mpms: Called only when one of these is the active MPM.
        over: Text in force, or false sections too (``Over.WRITTEN``: ``hits`` and
            ``tree.written`` hold those named by ``on`` as well).
        when_absent: Called also when none of ``on`` is there.
        whole_tree: Judges something that may be written elsewhere: silent in a fragment.
        jointly: Judges several directives together: not called when one of them is unknown.
        httpd_since: First version of httpd that it holds for.
        httpd_until: First version that it no longer holds for.
    """

    on: tuple[str, ...] | Every
    faults: frozenset[Fault] = frozenset()
    mpms: frozenset[Mpm] = EVERY_MPM
    over: Over = Over.IN_FORCE
    when_absent: bool = False
    whole_tree: bool = False
    jointly: bool = False
    httpd_since: tuple[int, int, int] = (2, 4, 0)
    httpd_until: tuple[int, int, int] | None = None


# The three kinds differ by what their check is called with. They are not decorated again: making
# a dataclass takes a millisecond, and every run of lint would pay for it.
class Rule(_Subscription):
    """A rule that needs the configuration alone."""

    __slots__ = ()
    if TYPE_CHECKING:
        check: Callable[[Tree, Hits], Iterator[Violation]]


class HostRule(_Subscription):
    """A rule that needs facts of the machine as well."""

    __slots__ = ()
    if TYPE_CHECKING:
        check: Callable[[Tree, Hits, Facts], Iterator[Violation]]


class SuppressionRule(Description):
    """A rule about the comments that suppress others; called after all others."""

    __slots__ = ()
    if TYPE_CHECKING:
        check: Callable[[Sequence[Suppression]], Iterator[Violation]]


AnyRule = Rule | HostRule | SuppressionRule


def ids(*numbers: str, mpms: frozenset[Mpm] = EVERY_MPM) -> Mapping[Mpm, tuple[str, ...]]:
    """Say that httpd uses the same numbers under each MPM."""
    return MappingProxyType(dict.fromkeys(mpms, numbers))
