"""``mpmtune config``: what a configuration comes to, as httpd reads it, without httpd."""

from __future__ import annotations

import posixpath
import sys
from enum import Enum
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune.cli import exit_codes
from mpmtune.cli.assumed_httpd import named_target, of_version
from mpmtune.cli.options import (
    Color,
    ColorOption,
    DefineOption,
    HostOption,
    OutputOption,
    QuietOption,
    ServerRootOption,
)
from mpmtune.cli.output import deliver, terminal_width, wants_color
from mpmtune.confparse.automatic import Assumed, automatic
from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.paths import kind_at
from mpmtune.confparse.start import Limits, Start
from mpmtune.detect.distro import detect_distro
from mpmtune.detect.envvars import detect_envvars
from mpmtune.detect.processors import parse_cpu_list
from mpmtune.errors import InputError, UsageError
from mpmtune.host.doorway import Absent
from mpmtune.host.local import LocalFiles
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.host.open_host import open_host
from mpmtune.httpd import effective
from mpmtune.httpd.targets import target_of_system
from mpmtune.model.httpd import Mpm
from mpmtune.model.machine import Distro
from mpmtune.report.config_v1 import accepted
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.host.doorway import Files
    from mpmtune.httpd.asked_url import AskedUrl
    from mpmtune.httpd.effective import EffectiveValues
    from mpmtune.httpd.merged_view import Look
    from mpmtune.model.config import Tree

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_STDIN = "-"
_LARGEST = Limits().file_bytes


class Format(Enum):
    """What to print."""

    TEXT = "text"
    JSON = "json"
    DUMP = "dump"


@app.command()
def config(
    file: Annotated[
        str | None,
        typer.Argument(metavar="[FILE]", help="The main configuration file; - is stdin."),
    ] = None,
    url: Annotated[
        str | None, typer.Option("--for", metavar="URL", help="What is in force for a URL.")
    ] = None,
    form: Annotated[Format, typer.Option("-f", "--format", help="How to print it.")] = Format.TEXT,
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
    server_root: ServerRootOption = None,
    define: DefineOption = None,
    output: OutputOption = None,
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = False,
) -> int:
    """Show the effective configuration, as httpd reads it, without httpd.

    Prints the values in force after httpd's own corrections, where each comes from, and what
    httpd -t would say. Nothing is started. Exits with 1 when httpd would refuse it.
    With --for https://name/path: which virtual host and sections are for that URL, the directives
    in force there, and those they override.
    """
    del quiet  # nothing is said on stderr
    asked = None if url is None else _asked(url, form)
    files, conf = _files(file, root, host)
    assumed = _assumed(files, conf, target)
    start = Start(
        assumed.conf,
        of_version(assumed.target, httpd_version),
        server_root=_absolute(server_root, host) or assumed.server_root,
        defines=tuple(define or ()),
        environment=_environment(files, assumed),
        mpm=mpm,
        root=root and _absolute(root, None),
        here=target is None,
    )
    tree = evaluate(files, start)
    values = _values(files, host, tree, start)
    good, colored = accepted(tree, values), wants_color(color, output)
    if asked is None:
        text = _text(tree, values, form, colored)
    else:
        from mpmtune.cli.asked_url import answer, as_json, as_text

        found = answer(tree, asked, _look(files, start), accepted=good)
        text = as_json(tree, found) if form is Format.JSON else as_text(tree, found, color=colored)
    deliver(text, output)
    return exit_codes.DONE if good else exit_codes.FINDINGS


def _asked(url: str, form: Format) -> AskedUrl:
    from mpmtune.cli.asked_url import asked_url

    if form is Format.DUMP:
        raise UsageError("--for has no dump.", "Leave -f out, or ask for -f json.")
    return asked_url(url)


def _files(file: str | None, root: str | None, host: str | None) -> tuple[Files, str | None]:
    """Choose where files come from, and name the main one as they name it."""
    if root is not None and host is not None:
        raise UsageError("--root and --host exclude each other.", "--host reads nothing outside.")
    if root is not None and not Path(root).is_dir():
        raise UsageError(f"--root {printable(root)} is not a directory.", "Name a directory.")
    files: Files = LocalFiles(root, _LARGEST) if host is None else open_host(host)
    if file != _STDIN:
        return files, _absolute(file, host)
    content = sys.stdin.buffer.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise InputError("Standard input is larger than 64 MiB.", "Name a configuration file.")
    return MemoryFiles({_STDIN: content}, files), _STDIN


def _absolute(path: str | None, host: str | None) -> str | None:
    """Make a path absolute; one on another host is not relative to our directory."""
    if path is None:
        return None
    return posixpath.normpath(posixpath.join("/" if host else str(Path.cwd()), path))


def _assumed(files: Files, conf: str | None, name: str | None) -> Assumed:
    named = named_target(name)
    if named is not None:
        return Assumed(named, conf or named.conf)
    distro = detect_distro(files)
    system = (
        target_of_system(distro.id, distro.version_id, distro.like)
        if isinstance(distro, Distro)
        else None
    )
    found = automatic(files, conf, system)
    if found is None:
        raise InputError(
            "No httpd configuration is in any of the usual places.",
            "Name its main file: mpmtune config FILE.",
        )
    return found


def _environment(files: Files, assumed: Assumed) -> dict[str, str]:
    """Know what envvars sets: the file where it can be read, else what the package installs."""
    found = detect_envvars(files, assumed.server_root or assumed.target.server_root)
    return {**assumed.target.environment, **dict(found.values)}


def _look(files: Files, start: Start) -> Look | None:
    """Tell what stands at a path, where the files are those that httpd would meet."""
    return cache(partial(kind_at, files)) if start.here else None


def _values(files: Files, host: str | None, tree: Tree, start: Start) -> EffectiveValues:
    if not start.here:
        return effective.of(tree, mpm=start.mpm)
    cpus = _online_cpus(host) if "listencoresbucketsratio" in tree.by_name else None
    return effective.of(tree, mpm=start.mpm, online_cpus=cpus, look=_look(files, start))


def _online_cpus(host: str | None) -> int | None:
    # The files of a configuration are never those of the kernel; this one is.
    content = open_host(host).read("/sys/devices/system/cpu/online")
    try:
        return None if isinstance(content, Absent) else parse_cpu_list(content.decode("ascii"))
    except ValueError:
        return None


def _text(tree: Tree, values: EffectiveValues, form: Format, color: bool) -> str:
    if form is Format.JSON:
        from mpmtune.report.config_v1 import config_v1

        return config_v1(tree, values)
    if form is Format.DUMP:
        from mpmtune.report.dump import dump

        return dump(tree)
    from mpmtune.report.config_text import config_lines
    from mpmtune.report.console import styled

    return styled(config_lines(tree, values, terminal_width()), color=color)
