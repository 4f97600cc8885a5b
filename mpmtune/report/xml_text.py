"""Text in XML: escaped, and without the characters that XML cannot hold."""

from __future__ import annotations

from mpmtune.report.safe_text import printable

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def escaped(text: str) -> str:
    """Escape a text for content or for an attribute in double quotes."""
    return printable(text).translate(_ESCAPES)


def attributes(**values: object) -> str:
    """Write attributes, each with a blank in front."""
    return "".join(f' {name}="{escaped(str(value))}"' for name, value in values.items())
