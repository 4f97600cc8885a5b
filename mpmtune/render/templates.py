"""The one Jinja2 environment."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

_PACKAGE = Path(__file__).resolve().parent.parent
# A wheel carries the folder inside the package; an editable install has it beside.
_FOLDERS = (_PACKAGE / "templates", _PACKAGE.parent / "templates")


@cache
def environment() -> Environment:
    """Make the environment: sandboxed, strict about names, no escaping (httpd is no HTML)."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(
        loader=FileSystemLoader([folder for folder in _FOLDERS if folder.is_dir()]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def render(name: str, **values: object) -> str:
    """Render a template by its name."""
    return environment().get_template(name).render(**values)
