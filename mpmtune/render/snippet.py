"""A plan as httpd.conf text, guarded by ``<IfModule>``, with its reasons as comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from mpmtune import __version__
from mpmtune.model.sizes import show_size
from mpmtune.render.templates import render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.model.plan import Plan, Setting

# Core directives: written outside the guard, they hold under every MPM.
_CORE = frozenset(
    {
        "KeepAlive",
        "KeepAliveTimeout",
        "MaxKeepAliveRequests",
        "Timeout",
        "ListenBacklog",
        "EnableSendfile",
    }
)
_DIRECTIVE = re.compile(r"[A-Z][A-Za-z0-9]+")
_ARGUMENT = re.compile(r"[0-9]+|On|Off")


@dataclass(frozen=True, slots=True)
class WrittenSetting:
    """A setting as the template takes it: a checked name, a checked argument, one line of text."""

    directive: str
    argument: str
    reason: str


def written(setting: Setting) -> WrittenSetting:
    """Check that nothing but a name and a number goes into the configuration.

    Raises:
        ValueError: if it does; the plan is wrong then.
    """
    if not _DIRECTIVE.fullmatch(setting.directive) or not _ARGUMENT.fullmatch(setting.text):
        raise ValueError(f"{setting.directive} {setting.text} is no setting")
    reason = _comment(setting.because) or "No reason was given."
    return WrittenSetting(setting.directive, setting.text, reason[0].upper() + reason[1:])


def _comment(text: str) -> str:
    """Make one printable comment line: a backslash at its end would swallow the next line."""
    shown = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(shown.split()).rstrip("\\ ")


def render_snippet(plan: Plan) -> str:
    """Render the httpd.conf snippet."""
    guarded = [made for made in plan.settings if made.module]
    free = [made for made in plan.settings if not made.module]
    return render(
        f"mpm_{plan.mpm.value}.conf.j2",
        title=f"MPM {plan.mpm.value}: written by mpmtune {__version__}",
        provenance=_provenance(plan),
        mpm_module=plan.mpm.module,
        mpm_settings=_all(made for made in free if made.directive not in _CORE),
        core_settings=_all(made for made in free if made.directive in _CORE),
        guarded=[
            (module, _all(group))
            for module, group in groupby(guarded, key=lambda made: made.module)
        ],
    )


def render_system_limits(plan: Plan) -> str:
    """Render the systemd drop-in; empty when no limit binds."""
    if not plan.system_limits:
        return ""
    return render(
        "systemd_limits.conf.j2",
        title=f"Limits for httpd: written by mpmtune {__version__}",
        provenance=(
            "Put it into /etc/systemd/system/apache2.service.d/limits.conf (httpd.service.d on",
            "RHEL), then: systemctl daemon-reload, stop and start httpd, run mpmtune again.",
        ),
        settings=_all(plan.system_limits),
    )


def _all(settings: Iterable[Setting]) -> list[WrittenSetting]:
    return [written(made) for made in settings]


def _provenance(plan: Plan) -> list[str]:
    budget = plan.budget
    total, ours, peak = (
        show_size(part.whole) for part in (budget.total, budget.for_httpd, budget.expected_peak)
    )
    lines = [
        f"Planned for {total} of memory: httpd may use {ours}, its peak is {peak}.",
        f"Why {plan.mpm.value}: {plan.chosen_because}.",
        f"Why so many workers and no more: {plan.bound_sentence}.",
        f"Include it after the LoadModule of {plan.mpm.module}, and after other values",
        "of these directives: the last one counts. Then stop and start httpd: a reload",
        "keeps ServerLimit, ThreadLimit and ListenBacklog.",
    ]
    return [_comment(line) for line in lines]
