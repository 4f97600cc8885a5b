"""``mpmtune snapshot``: record what detect asks, for another machine or a bug report."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune import __version__
from mpmtune.cli import exit_codes
from mpmtune.cli.options import (
    ConfOption,
    DefineOption,
    HostOption,
    HttpdOption,
    QuietOption,
    ServerRootOption,
)
from mpmtune.cli.output import say
from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.errors import MpmtuneError
from mpmtune.host.open_host import open_host
from mpmtune.host.recording import RecordingHost
from mpmtune.host.scrub import SCRUBBED
from mpmtune.host.snapshot import SnapshotHost, check_place, write_snapshot
from mpmtune.report.facts_v1 import facts_v1
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.host.answers import Answers
    from mpmtune.host.doorway import Host

app = typer.Typer(add_completion=False)


@app.command()
def snapshot(
    directory: Annotated[
        str, typer.Argument(metavar="DIR", help="A new or empty directory to write to.")
    ],
    host: HostOption = None,
    httpd: HttpdOption = None,
    conf: ConfOption = None,
    server_root: ServerRootOption = None,
    define: DefineOption = None,
    quiet: QuietOption = False,
) -> int:
    """Record what detect asks, to replay it elsewhere with --host."""
    check_place(directory)
    choice = Choice(httpd, conf, server_root, tuple(define or ()))
    asked = open_host(host)
    # The first look learns the names that the second one replaces wherever they stand.
    first = RecordingHost(asked)
    detect_facts(first, choice)
    recording = RecordingHost(asked, first.pseudonyms)
    facts = facts_v1(detect_facts(recording, choice))
    write_snapshot(
        recording.answers,
        {"about.toml": _about(recording.answers), "facts.json": facts},
        directory,
        lambda place: _must_replay(SnapshotHost(place), choice, facts),
    )
    if not quiet:
        say(_summary(directory, recording.answers))
    return exit_codes.DONE


def _must_replay(replaying: Host, choice: Choice, facts: str) -> None:
    """Prove the record before it is handed out."""
    if facts_v1(detect_facts(replaying, choice)) != facts:
        raise MpmtuneError(
            "The record does not give the answers back that it was made of; nothing was written.",
            "Please report this as a bug.",
        )


def _about(answers: Answers) -> str:
    """Write about.toml."""
    now = datetime.now(timezone.utc).replace(microsecond=0)
    scrubbed = "".join(f'  "{what}",\n' for what in SCRUBBED)
    return (
        "# A machine as mpmtune detect saw it. mpmtune detect --host DIR answers from it;\n"
        "# facts.json is that answer. Look through root/ and answers.json before passing it on.\n"
        'schema = "mpmtune/snapshot/v1"\n'
        f'mpmtune = "{__version__}"\n'
        f"recorded = {now.isoformat().replace('+00:00', 'Z')}\n"
        f"as_root = {'false' if answers.user else 'true'}\n"
        f"scrubbed = [\n{scrubbed}]\n"
    )


def _summary(directory: str, answers: Answers) -> str:
    files = sum(isinstance(content, bytes) for content in answers.files.values())
    shown = printable(directory)
    return (
        f"{shown}: {files} files, {len(answers.commands)} commands, scrubbed:\n"
        + "".join(f"  {what}\n" for what in SCRUBBED)
        + f"Look through it before passing it on. Replay: mpmtune detect --host {shown}\n"
    )
