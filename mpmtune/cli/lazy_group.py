"""A command group that imports a command only when it runs."""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS: dict[str, str] = {
    "detect": "Show what this host and its httpd are: memory, CPUs, limits, MPM, modules.",
    "recommend": "Compute settings for an MPM, each with its reason, and render the snippet.",
    "config": "Show the effective configuration, as httpd reads it, without httpd.",
    "lint": "Check httpd configuration files.",
    "workload": "Tell from its logs what a server has to carry: rates, concurrency, service times.",
    "bench": "Compare settings under load, in private httpd instances on loopback.",
    "explain": "Explain an MPM, a directive, a rule code or an AH number.",
    "apply": "Put a plan in force, tried aside before and watched after; or all stays as it is.",
    "confirm": "Keep the change that apply --confirm-within has put in force on trial.",
    "rollback": "Take the last changes of mpmtune's back, in the files and in the running server.",
    "recover": "Put back what an interrupted change has left half done, in the files and in the server.",
    "snapshot": "Record what detect asks, to replay it elsewhere with --host.",
}


class LazyGroup(TyperGroup):
    """The commands of the table; ``--help`` imports none of them."""

    commands_table: ClassVar[dict[str, str]] = COMMANDS

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the group's signature
        """Give the names in the order of the table."""
        return list(self.commands_table)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the group's signature
        """Import the command that runs."""
        if cmd_name not in self.commands_table:
            return None
        module = import_module(f"mpmtune.cli.commands.{cmd_name}")
        return typer.main.get_command(module.app)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands from the table alone."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, TyperCommand(name, help=text).get_short_help_str(limit=100))
                    for name, text in self.commands_table.items()
                ]
            )
