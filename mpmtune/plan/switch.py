"""Which MPM, and what forbids a change to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.php_handlers import fpm_answers, source_leak
from mpmtune.model.compatibility import Verdict
from mpmtune.model.plan import Blocker, Switch
from mpmtune.model.server import Linkage, Mpm, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.compatibility import Compatibility
    from mpmtune.model.facts import Facts

BEST_FIRST = (Mpm.EVENT, Mpm.WORKER, Mpm.PREFORK)


def choose_mpm(facts: Facts) -> tuple[Mpm, str]:
    """Pick the best MPM that every loaded module allows; give it with the reason.

    A module that nobody has judged keeps a server where it is: it works there.
    """
    server = facts.server
    if not isinstance(server, Server):
        return (
            Mpm.EVENT,
            "no httpd is here yet, and event serves most connections with least memory",
        )
    if server.mpm_linkage is Linkage.STATIC and isinstance(server.mpm, Mpm):
        return server.mpm, f"{server.mpm.value} is compiled into this httpd"
    for mpm in BEST_FIRST:
        against = _against(facts, mpm, active=server.mpm is mpm)
        if not against:
            return mpm, _reason(facts, mpm, active=server.mpm is mpm)
    return Mpm.PREFORK, "no MPM suits every module, and modules expect prefork"


def _against(facts: Facts, mpm: Mpm, *, active: bool) -> list[Compatibility]:
    """Find the modules that do not allow an MPM."""
    return [
        entry
        for entry in facts.compatibility
        if entry.mpm is mpm
        and (entry.blocks or (entry.verdict is Verdict.UNKNOWN and not active and mpm.threaded))
    ]


def _reason(facts: Facts, mpm: Mpm, *, active: bool) -> str:
    better = BEST_FIRST[: BEST_FIRST.index(mpm)]
    if better:
        held = _against(facts, better[0], active=False)
        names = ", ".join(dict.fromkeys(entry.module for entry in held))
        return f"{names} does not allow {better[0].value}"
    if active:
        return "every loaded module allows it, and it is active already"
    return "every loaded module allows it, and idle connections hold no worker"


def plan_switch(facts: Facts, target: Mpm) -> Switch | None:
    """Describe the change of MPM, with what forbids it; None when there is none."""
    server = facts.server
    if not isinstance(server, Server) or not isinstance(server.mpm, Mpm) or server.mpm is target:
        return None
    blockers = (
        *_compiled_in(server, server.mpm),
        *_modules(facts, target),
        *_php_source(server, server.mpm, target),
        *_accept_mutex(server, target),
    )
    return Switch(server.mpm, target, blockers)


def _compiled_in(server: Server, mpm: Mpm) -> Iterator[Blocker]:
    if server.mpm_linkage is Linkage.STATIC:
        yield Blocker(
            mpm.value,
            "the MPM is compiled into this httpd and cannot be changed",
            "Install a build with shared MPMs.",
        )


def _modules(facts: Facts, target: Mpm) -> Iterator[Blocker]:
    for entry in facts.compatibility:
        if entry.mpm is target and entry.blocks:
            yield Blocker(entry.module, entry.why, entry.way_out)


def _php_source(server: Server, source: Mpm, target: Mpm) -> Iterator[Blocker]:
    """A threaded MPM needs mod_php unloaded; who answers for .php then?"""
    if source.threaded or not target.threaded or not isinstance(server.modules, tuple):
        return
    handlers = server.php_handlers
    leak = source_leak(server.modules, handlers, has_fpm_handler=fpm_answers(handlers))
    if leak is not None:
        yield leak


def _accept_mutex(server: Server, target: Mpm) -> Iterator[Blocker]:
    """Event registers no mutex of that name: AH00526."""
    if target is not Mpm.EVENT or server.tree is None:
        return
    for found in server.tree.by_name.get("mutex", ()):
        if "mpm-accept" in found.args.lower():
            yield Blocker(
                f"{found.source.path}:{found.line}",
                "Mutex names mpm-accept, which event does not have: httpd would not start (AH00526)",
                "Take mpm-accept out of that line.",
            )
