"""From a configuration that was read to the values in force, and what httpd says on the way.

The order is main.c's: the reading pass, the number of MPMs, pre_config, the handlers, then
check_config. ``httpd -t`` ends there; what the MPM changes silently when it starts is added.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mpmtune.httpd import corrections, mutexes, placement, startup
from mpmtune.httpd.handlers import Circumstances
from mpmtune.httpd.settings import Written, settings
from mpmtune.httpd.walk import Walk
from mpmtune.model.config import Diagnostic, Fault, Level
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mpmtune.httpd.corrections import Corrected, Message
    from mpmtune.httpd.handlers import PathKind
    from mpmtune.httpd.placement import Context
    from mpmtune.httpd.startup import Started
    from mpmtune.model.config import Tree
    from mpmtune.model.httpd import EffectiveSetting

_SHOWN = frozenset({Level.WARNING, Level.INFO})
_BY_MODULE = {mpm.module: mpm for mpm in Mpm}


@dataclass(frozen=True, slots=True)
class EffectiveValues:
    """What a configuration comes to.

    Attributes:
        mpm: The MPM the values are for: the one loaded, else the one asked or assumed.
        settings: MPM, connection, time-out and HTTP/2 values of the main server as the running
            httpd works with them.
        messages: What ``httpd -t`` prints short of an error, in its order; those at level INFO
            only with ``-e info``.
        errors: What httpd refuses, in the order it would meet it; it stops at the first.
        corrected: What check_config leaves of the MPM's limits.
        started: What the silent adjustments at start leave of them.
        said: All that is refused and remarked before check_config, whether or not httpd gets
            that far.
    """

    mpm: Mpm
    settings: tuple[EffectiveSetting, ...]
    messages: tuple[Diagnostic, ...]
    errors: tuple[Diagnostic, ...]
    corrected: Corrected
    started: Started
    said: tuple[Diagnostic, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether ``httpd -t`` would exit with 0."""
        return not self.errors

    def setting(self, directive: str) -> EffectiveSetting:
        """Find a value by the manual's spelling.

        Raises:
            KeyError: if the directive is none of those that have a value here.
        """
        for found in self.settings:
            if found.directive == directive:
                return found
        raise KeyError(directive)


def of(
    tree: Tree,
    *,
    mpm: Mpm | None = None,
    online_cpus: int | None = None,
    look: Callable[[str], PathKind | None] | None = None,
    where: Context = placement.SERVER,
) -> EffectiveValues:
    """Work out the effective values of a configuration.

    Args:
        tree: The configuration as read.
        mpm: The MPM to assume where the configuration loads none, or several; the target's
            when this is not given.
        online_cpus: For ListenCoresBucketsRatio; unknown counts as one listener bucket.
        look: Tells what stands at an absolute path, for the few handlers that ask; None is
            not known, and then httpd is taken to find what it needs.
        where: Where the file itself stands: ``placement.HTACCESS`` for a .htaccess.
    """
    loaded = [_BY_MODULE[module] for module in tree.modules if module in _BY_MODULE]
    chosen = loaded[0] if len(loaded) == 1 else mpm or (loaded or [tree.target.mpm])[0]
    said = (*tree.diagnostics, *_before_the_walk(tree, loaded), *_walk(tree, chosen, look, where))
    errors = tuple(found for found in said if found.level is Level.ERROR)
    written = Written.of(tree)
    corrected = corrections.correct(chosen, written.numbers(chosen))
    buckets = startup.listener_buckets(written.bucket_ratio, online_cpus or 1)
    started = startup.start(
        chosen, corrected.effective, buckets=buckets, version=tree.target.version
    )
    messages = list(_printed(said))
    if not errors:
        messages += (_placed(message, tree) for message in corrected.messages)
    return EffectiveValues(
        chosen,
        settings(written, chosen, corrected, started),
        tuple(messages),
        errors,
        corrected,
        started,
        said,
    )


def _before_the_walk(tree: Tree, loaded: list[Mpm]) -> Iterable[Diagnostic]:
    """config.c: ap_read_config ends by counting MPMs; then pre_config hooks may refuse."""
    binary = tree.target.binary.rpartition("/")[2]
    if len(loaded) != 1:
        count = "More than one MPM" if loaded else "No MPM"
        text = f"{binary}: Configuration error: {count} loaded."
        yield Diagnostic(Fault.MPM, Level.ERROR, "AH00534", text)
    elif loaded[0].threaded and any(module.startswith("php") for module in tree.modules):
        # mod_php's php_pre_config; distributions build it without thread safety.
        text = (
            "Apache is running a threaded MPM, but your PHP Module is not compiled to be"
            " threadsafe.  You need to recompile PHP."
        )
        yield Diagnostic(Fault.MPM, Level.ERROR, "", text)
        yield Diagnostic(Fault.MPM, Level.ERROR, "AH00013", "Pre-configuration failed")


def _walk(
    tree: Tree, mpm: Mpm, look: Callable[[str], PathKind | None] | None, where: Context
) -> Iterable[Diagnostic]:
    modules = frozenset(tree.modules) - _BY_MODULE.keys() | {mpm.module}
    types = mutexes.types_of(modules)
    world = Circumstances(tree.target.version, tree.server_root, types, look)
    return Walk(modules, world, where).diagnostics(tree.occurrences)


def _printed(said: Iterable[Diagnostic]) -> Iterable[Diagnostic]:
    """Give what is said before the first error, at which httpd stops."""
    for found in said:
        if found.level is Level.ERROR:
            return
        if found.level in _SHOWN:
            yield found


def _placed(message: Message, tree: Tree) -> Diagnostic:
    """Give a clamp the place of the directive that it corrects; a default has none."""
    found = Diagnostic(Fault.CORRECTED, Level.WARNING, message.id, message.text)
    occurrence = tree.last(message.directive.lower())
    if occurrence is None:
        return found
    file, line = occurrence.httpd_place
    return replace(
        found,
        file=file,
        line=line,
        source=occurrence.source,
        start=occurrence.item.start,
        end=occurrence.item.end,
    )
