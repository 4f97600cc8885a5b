"""``mpmtune lint``: checks configuration files; starts nothing, ever.

No annotation here is a string: typer would evaluate each several times.
"""

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from mpmtune.cli import exit_codes
from mpmtune.cli.lint_results import (
    against_baseline,
    difference,
    repair,
    tell,
    with_baseline_written,
)
from mpmtune.cli.lint_run import Run, Wishes
from mpmtune.cli.options import (
    Color,
    ColorOption,
    DefineOption,
    HostOption,
    OutputOption,
    QuietOption,
    VerboseOption,
)
from mpmtune.cli.output import deliver, wants_color
from mpmtune.cli.settings import lint_settings
from mpmtune.errors import UsageError
from mpmtune.lint.profiles import Profile
from mpmtune.lint.registry import listings
from mpmtune.model.finding import Severity
from mpmtune.model.httpd import Mpm
from mpmtune.report.finding_formats import Format, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.lint.documentation import Explanation
    from mpmtune.lint.engine import Report

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class FailOn(Enum):
    """From which severity on a finding makes the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


@app.command()
def lint(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH]...", help="Files, directories, patterns; - is stdin."),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="CODE", help="Only these: MPM004, SEC3, a rule's name."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="CODE", help="All but these.")
    ] = None,
    profile: Annotated[Profile | None, typer.Option("--profile", help="Which rules run.")] = None,
    fail_on: Annotated[
        FailOn | None, typer.Option("--fail-on", help="Exit with 1 from this severity on.")
    ] = None,
    form: Annotated[Format, typer.Option("-f", "--format", help="How to print it.")] = Format.TEXT,
    fix: Annotated[bool, typer.Option("--fix", help="Make the fixes that are safe.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="Make those too that change behaviour.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change; write nothing.")
    ] = False,
    baseline: Annotated[
        str | None, typer.Option("--baseline", metavar="FILE", help="Leave out what it holds.")
    ] = None,
    write_baseline: Annotated[
        str | None, typer.Option("--write-baseline", metavar="FILE", help="Write all findings.")
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", metavar="NAME", help="Read for debian-12, rhel-9 …")
    ] = None,
    httpd_version: Annotated[
        str | None, typer.Option("--httpd-version", metavar="2.4.N", help="Read for this version.")
    ] = None,
    mpm: Annotated[
        Mpm | None, typer.Option("--mpm", help="Read as if this MPM were compiled in.")
    ] = None,
    root: Annotated[
        str | None, typer.Option("--root", metavar="DIR", help="Read nothing outside of DIR.")
    ] = None,
    host: HostOption = None,
    define: DefineOption = None,
    explain_all: Annotated[
        bool, typer.Option("--explain-all", help="Say of each finding what it costs, and why.")
    ] = False,
    output: OutputOption = None,
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Check httpd configuration files.

    A directory is read from its main file on, a single file in its place if a main file near it
    includes it. Starts nothing, and writes nothing but -o and with --fix.
    """
    settings = lint_settings(Path.cwd())
    wishes = Wishes(
        paths=tuple(paths or ()),
        select=_words(select),
        ignore=_words(ignore),
        profile=profile,
        target=target,
        httpd_version=httpd_version,
        mpm=mpm,
        root=root,
        host=host,
        define=tuple(define or ()),
    )
    run = Run(wishes, settings)
    held = baseline or (settings.baseline and settings.beside(settings.baseline))
    if diff:
        report, text = difference(run, unsafe=unsafe_fixes, color=wants_color(color, output))
        deliver(text, output)
    else:
        report = repair(run, unsafe=unsafe_fixes) if fix or unsafe_fixes else run.check(run.files)
        report = _new(report, held, write_baseline)
        explained = _explanations(report, form) if explain_all else {}
        looks = _Looks(wants_color(color, output), verbose, explained)
        deliver(_text(report, run, form, looks), output)
    if not quiet:
        tell(report)
    limit = fail_on or FailOn(settings.fail_on or FailOn.ERROR.value)
    return exit_codes.FINDINGS if _fails(report, limit) else exit_codes.DONE


def _words(given: list[str] | None) -> tuple[str, ...]:
    """Take ``MPM,SEC3`` apart."""
    return tuple(word.strip() for one in given or () for word in one.split(",") if word.strip())


def _new(report: "Report", held: str | None, written: str | None) -> "Report":
    if written is not None:
        return with_baseline_written(report, written)
    return report if held is None else against_baseline(report, held)


def _fails(report: "Report", limit: FailOn) -> bool:
    if limit is FailOn.NEVER:
        return False
    least = Severity(limit.value).rank
    return any(finding.severity.rank >= least for finding in report.findings)


class _Looks(NamedTuple):
    """How findings are shown: in colours, at length, with the explanations of these rules."""

    color: bool
    verbose: bool
    explanations: "Mapping[str, Explanation]"


def _explanations(report: "Report", form: Format) -> "Mapping[str, Explanation]":
    if form not in {Format.TEXT, Format.JSON}:
        raise UsageError(
            "--explain-all goes with the formats text and json.",
            "SARIF explains each rule anyway; for others see mpmtune explain CODE.",
        )
    from mpmtune.lint.documentation import explanation_of

    found = {finding.code for finding in report.findings}
    return {one.code: explanation_of(one.load()) for one in listings() if one.code in found}


def _text(report: "Report", run: Run, form: Format, looks: _Looks) -> str:
    if form is Format.JSON and looks.explanations:
        from mpmtune.report.findings_v1 import explained

        return explained(report, looks.explanations)
    if form is not Format.TEXT:
        return render(form, report, run.rules)
    from mpmtune.report.console import styled
    from mpmtune.report.findings_text import lines

    made = lines(report, verbose=looks.verbose, explanations=looks.explanations)
    return styled(made, color=looks.color)
