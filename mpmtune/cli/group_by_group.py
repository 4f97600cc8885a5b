"""Asking an administrator about a plan, one group of settings after the other."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mpmtune.cli.output import remark, terminal_width
from mpmtune.errors import UsageError
from mpmtune.model.quantity import declared
from mpmtune.report.plan_text import setting_lines
from mpmtune.report.safe_text import printable
from mpmtune.report.text import heading, paragraph, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mpmtune.model.plan import Plan, Setting, Switch

_CONNECTIONS = frozenset(
    {"KeepAlive", "KeepAliveTimeout", "MaxKeepAliveRequests", "Timeout", "ListenBacklog"}
    | {"EnableSendfile"}
)
_ANSWERS = ("yes", "skip", "quit")
_QUESTION = "Put these in force? [y]es, [s]kip, [q]uit: "


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that are decided on together.

    Attributes:
        title: What they are about.
        settings: All of them, changed or not.
    """

    title: str
    settings: tuple[Setting, ...]

    @property
    def changes(self) -> bool:
        """Whether any of them does."""
        return any(one.changes for one in self.settings)


def groups(plan: Plan) -> tuple[Group, ...]:
    """Cut a plan into what depends on each other."""
    pool = [
        one
        for one in plan.settings
        if one.directive not in _CONNECTIONS and not one.directive.startswith("H2")
    ]
    http2 = [one for one in plan.settings if one.directive.startswith("H2")]
    connections = [one for one in plan.settings if one.directive in _CONNECTIONS]
    found = (
        Group(f"Workers of {plan.mpm.value}", tuple(pool)),
        Group("HTTP/2", tuple(http2)),
        Group("Connections", tuple(connections)),
    )
    return tuple(group for group in found if group.settings)


def require_somebody() -> None:
    """Look whether there is somebody to ask.

    Raises:
        UsageError: if there is not.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(
            "Nobody can be asked here.", "Add --yes, or look first with --dry-run or --diff."
        )


def decided(plan: Plan, snippet: str, ask: Callable[[str], str] | None = None) -> Plan | None:
    """Ask about each group that changes anything.

    Args:
        plan: What is recommended.
        snippet: mpmtune's own file: what it sets now is kept where a group is skipped.
        ask: Puts a question and gives the answer; the terminal unless said otherwise.

    Returns:
        The plan with what is wanted; None where nothing is, or the answer was to quit.
    """
    kept: list[Setting] = []
    wanted = False
    workers, *others = groups(plan)
    if plan.switch is not None:
        _tell_of_switch(plan, plan.switch)
    for group in (workers, *others):
        answer = _asked(group, ask or _on_the_terminal) if group.changes else "y"
        if answer == "q":
            return None
        if answer == "y":
            kept += group.settings
            wanted = wanted or group.changes
        elif plan.switch is not None and group is workers:
            remark("A change of MPM without its workers makes no sense.")
            return None
        else:
            kept += _as_they_are(group, snippet)
    return replace(plan, settings=tuple(kept)) if wanted or plan.switch is not None else None


def _tell_of_switch(plan: Plan, switch: Switch) -> None:
    text = (
        f"MPM {switch.source.value} → {switch.target.value}: {printable(plan.chosen_because)}. "
        "httpd is stopped and started for it, and the ports are closed for a moment."
    )
    remark(plain(paragraph(text, terminal_width())).rstrip())


def _asked(group: Group, ask: Callable[[str], str]) -> str:
    changed = [one for one in group.settings if one.changes]
    shown = [heading(group.title), *setting_lines(changed, terminal_width())]
    remark(f"\n{plain(shown)}".rstrip())
    while True:
        answer = ask(_QUESTION).strip().lower()
        if answer and any(word.startswith(answer) for word in _ANSWERS):
            return answer[0]


def _on_the_terminal(question: str) -> str:
    """Ask on stderr, for stdout may be a file; an end of input is an answer, too."""
    sys.stderr.write(question)
    sys.stderr.flush()
    answer = sys.stdin.buffer.readline().decode("utf-8", "replace")
    if not answer:
        remark("")
    return answer or "quit"


def _as_they_are(group: Group, snippet: str) -> Sequence[Setting]:
    """Keep what mpmtune's own file sets now: without a line there it would change."""
    return [
        replace(one, proposed=declared(one.directive, _number(one), f"{snippet}, as it is"))
        for one in group.settings
        if one.current is not None and one.current.file == snippet
    ]


def _number(setting: Setting) -> int:
    value = setting.current.value if setting.current is not None else 0
    return int(value == "On") if isinstance(value, str) else int(value)
