"""The app: global options, and the one place where an error becomes an exit code."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune import __version__
from mpmtune.cli import exit_codes
from mpmtune.cli.lazy_group import LazyGroup
from mpmtune.cli.output import complain, say
from mpmtune.errors import InputError, MpmtuneError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

# typer vendors click since 0.26: its error type is reached through typer's own subclass.
_CommandLineError: type[Exception] = typer.BadParameter.__mro__[1]

app = typer.Typer(
    cls=LazyGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=True,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        say(f"mpmtune {__version__}\n")
        raise typer.Exit


@app.callback()
def mpmtune(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Tune and check Apache httpd. Nothing leaves this machine."""
    del version


def run(arguments: Sequence[str]) -> int:
    """Run the command line; give its exit code."""
    try:
        _require_own_rights()
        result = app(args=list(arguments), prog_name="mpmtune", standalone_mode=False)
    except MpmtuneError as error:
        complain(error.sentence, error.hint)
        return exit_codes.code_of(error)
    except _CommandLineError as error:
        context = getattr(error, "ctx", None)
        complain(_sentence(error), f"See {context.command_path if context else 'mpmtune'} --help.")
        return exit_codes.USAGE
    except (KeyboardInterrupt, typer.Abort):
        return exit_codes.INTERRUPTED
    except (OSError, MemoryError, ImportError) as refusal:
        complain(_refused(refusal), "Try again when the system has room.")
        return exit_codes.USAGE
    return result if isinstance(result, int) else exit_codes.DONE


def _require_own_rights() -> None:
    """Refuse to run setuid or setgid: whoever starts it then may not do what it does."""
    if (os.geteuid(), os.getegid()) != (os.getuid(), os.getgid()):
        raise InputError(
            "mpmtune was started with the rights of another user or group (setuid, setgid).",
            "Start it as root, with sudo, or as the owner of the configuration.",
        )


def _refused(refusal: BaseException) -> str:
    """Say what the system refused where nobody else has: no descriptor, no memory, no module."""
    if isinstance(refusal, MemoryError):
        return "Memory ran out."
    path = getattr(refusal, "filename", None)
    what = f"{path}: " if path else ""
    return printable(f"The system refused: {what}{getattr(refusal, 'strerror', None) or refusal}.")


def _sentence(error: BaseException) -> str:
    """Take the message of a command-line error, without a final full stop doubled."""
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    return printable(" ".join(message.split()))
