"""What ``lint`` does with its findings besides printing them: fixes, the baseline, a last word."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.cli.output import deliver, remark
from mpmtune.errors import InputError, UsageError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mpmtune.apply.fixing import Fixed
    from mpmtune.cli.lint_run import Run
    from mpmtune.lint.baseline import Entry
    from mpmtune.lint.engine import Report

_MOST_BASELINE_BYTES = 64 * 1024 * 1024


def repair(run: Run, *, unsafe: bool) -> Report:
    """Make the fixes and write the files; give what is found afterwards.

    Raises:
        UsageError: for standard input, or the files of another host.
        InputError: if a file cannot be written.
    """
    from mpmtune.apply.atomic import replace as write

    if run.reads_standard_input:
        raise UsageError("Standard input cannot be fixed.", "Use --diff, or name the file.")
    fixed = _fixed(run, unsafe=unsafe)
    for change in fixed.changes:
        write(change)
    if fixed.done:
        findings = "1 finding" if fixed.done == 1 else f"{fixed.done} findings"
        files = "1 file" if len(fixed.changes) == 1 else f"{len(fixed.changes)} files"
        remark(f"Fixed {findings} in {files}.")
    for finding in fixed.refused:
        place = f"{printable(finding.file)}:{finding.line}"
        remark(f"{place}: {finding.code} is left to you: its fix did not stand every proof.")
    return fixed.report


def difference(run: Run, *, unsafe: bool, color: bool) -> tuple[Report, str]:
    """Give what is found now, and what fixes would change, as a unified diff."""
    from mpmtune.report.console import styled
    from mpmtune.report.diff import lines

    fixed = _fixed(run, unsafe=unsafe)
    made = [
        line
        for change in fixed.changes
        for line in lines(
            _shown(change.path), change.before.decode("latin-1"), change.after.decode("latin-1")
        )
    ]
    return fixed.before, styled(made, color=color) if made else ""


def against_baseline(report: Report, path: str) -> Report:
    """Leave out what a baseline holds, and tell what it holds in vain.

    Raises:
        InputError: if it cannot be read, or is no baseline.
    """
    from mpmtune.lint.baseline import compare, read

    compared = compare(report.findings, read(_baseline_text(path), printable(path)))
    gone = sum(entry.count for entry in compared.vanished)
    if gone:
        remark(f"{_summary(compared.vanished, gone)}: write the baseline anew to be rid of them.")
    return report._replace(findings=compared.new, known=compared.known)


def with_baseline_written(report: Report, path: str) -> Report:
    """Write all findings into a baseline; none is new then.

    Raises:
        InputError: if it cannot be written.
    """
    from mpmtune.lint.baseline import make, write

    deliver(write(make(report.findings)), path)
    return report._replace(findings=(), known=report.findings)


def tell(report: Report) -> None:
    """Say what was left out and how to have it."""
    if report.host_rules_left_out:
        rules = _count(report.host_rules_left_out, "host rule")
        remark(f"{rules} did not run, for want of facts: add --host / or --host SNAPSHOT.")


def _fixed(run: Run, *, unsafe: bool) -> Fixed:
    from mpmtune.apply.fixing import Fixing

    if run.reads_another_host:
        raise UsageError("--fix changes nothing with --host.", "Run it where the files are.")
    return Fixing(run.files, run.check, unsafe=unsafe, may_change=_may_change(run)).run()


def _may_change(run: Run) -> Callable[[str], bool]:
    """Let a file be changed that lies, links resolved, where it was looked for.

    That is below ``--root``, or below a directory that was named or holds a file that was named.
    """
    places = [run.root] if run.root else [_place_of(path) for path in run.paths]
    real = [os.path.realpath(place) for place in places]

    def allowed(name: str) -> bool:
        path = os.path.realpath(name)
        return any(path.startswith(place.rstrip("/") + "/") for place in real)

    return allowed


def _place_of(path: str) -> str:
    """Give the directory of an argument; Debian's links lead one level aside, and no farther."""
    place = Path(path)
    if place.is_dir():
        return path
    above = place.absolute().parent
    return str(above.parent if above.name.endswith("-enabled") else above)


def _shown(path: str) -> str:
    here = f"{Path.cwd()}/"
    return path.removeprefix(here)


def _baseline_text(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            return file.read(_MOST_BASELINE_BYTES).decode("utf-8", "replace")
    except OSError as error:
        raise InputError(
            f"--baseline {printable(path)} cannot be read: {error.strerror}.",
            "Write it first with --write-baseline.",
        ) from None


def _summary(vanished: Sequence[Entry], gone: int) -> str:
    codes = ", ".join(dict.fromkeys(entry.code for entry in vanished))
    return f"{_count(gone, 'finding')} of the baseline no longer there ({codes})"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
