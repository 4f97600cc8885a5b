"""The formats that findings can be written in, each a module of its own, imported when chosen."""

from __future__ import annotations

from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mpmtune.lint.engine import Report
    from mpmtune.lint.listing import Listing


class Format(Enum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"
    CHECKSTYLE = "checkstyle"
    RDJSON = "rdjson"


def render(chosen: Format, report: Report, rules: Sequence[Listing]) -> str:
    """Write findings for a program; text for a reader is ``findings_text``."""
    name = "findings_v1" if chosen is Format.JSON else chosen.value
    write: Callable[[Report, Sequence[Listing]], str]
    write = import_module(f"mpmtune.report.{name}").render
    return write(report, rules)
