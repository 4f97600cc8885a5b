"""A rule's documentation: the docstring of its file, taken apart at its headings."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from mpmtune.lint.listing import module_name

if TYPE_CHECKING:
    from mpmtune.lint.rule import AnyRule

_CIS = "CIS Apache HTTP Server 2.4 Benchmark"
_STIG = "DISA STIG Apache Server 2.4 UNIX"
HEADINGS = ("What it does", "Why it matters", "When to ignore it")


@dataclass(frozen=True, slots=True)
class Documentation:
    """The parts of a rule's docstring, as Markdown with ``double`` backticks made single.

    Attributes:
        summary: Its first line.
        sections: Heading and text, in the order they stand.
    """

    summary: str
    sections: tuple[tuple[str, str], ...]

    @property
    def markdown(self) -> str:
        """All of it but the summary."""
        return "\n\n".join(f"## {heading}\n\n{text}" for heading, text in self.sections)


def documentation_of(rule: AnyRule) -> Documentation:
    """Read the docstring of a rule's file."""
    text = import_module(module_name(rule.code, rule.name)).__doc__ or ""
    summary, *parts = text.replace("``", "`").strip().split("\n## ")
    sections = (part.partition("\n") for part in parts)
    return Documentation(
        summary=" ".join(summary.split()),
        sections=tuple((heading.strip(), body.strip()) for heading, _, body in sections),
    )


def controls_of(rule: AnyRule) -> tuple[str, ...]:
    """Name the benchmarks that ask for what a rule looks at, each with its numbers."""
    named = ((_CIS, rule.cis), (_STIG, rule.stig))
    return tuple(f"{name}: {', '.join(numbers)}" for name, numbers in named if numbers)
