"""A rule's documentation: the docstring of its file, taken apart at its headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.lint.listing import module_name
from mpmtune.lint.rule import Fixability

if TYPE_CHECKING:
    from mpmtune.lint.rule import AnyRule

_CIS = "CIS Apache HTTP Server 2.4 Benchmark"
_STIG = "DISA STIG Apache Server 2.4 UNIX"
MANUAL = "https://httpd.apache.org/docs/2.4/"
FIXES = {
    Fixability.SAFE: "--fix",
    Fixability.UNSAFE: "--unsafe-fixes",
    Fixability.MANUAL: "by hand",
}
_SENTENCE_END = re.compile(r"(?<=[.!?]) ")
_ONE_LINE = 180
_CVE = re.compile(r"CVE-\d{4}-\d+")
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


class Reference(NamedTuple):
    """Where a rule is grounded.

    Attributes:
        title: ``httpd manual: core, timeout``, a file of httpd's source, a benchmark's number.
        url: Its address; empty for what has none.
    """

    title: str
    url: str = ""


class Explanation(NamedTuple):
    """A rule in four lines.

    Attributes:
        cause: What is wrong.
        cost: What it costs, or how it is attacked: a line.
        fix: The option that mends it, or ``by hand``.
        instead: What to write instead, as the rule's page has it; empty where it has nothing.
        sources: Where that is grounded.
    """

    cause: str
    cost: str
    fix: str
    instead: str
    sources: tuple[Reference, ...]


def explanation_of(rule: AnyRule) -> Explanation:
    """Put a rule in four lines."""
    text = documentation_of(rule)
    flagged = next(example for example in rule.examples if example.bad)
    return Explanation(
        text.summary,
        _in_one_line(dict(text.sections)[HEADINGS[1]]),
        FIXES[rule.fixability],
        next(iter(flagged.all_good), ""),
        (*map(reference, rule.references), *map(Reference, controls_of(rule))),
    )


def _in_one_line(text: str) -> str:
    """Give the first sentence, and those after it that still fit a line."""
    first, *more = _SENTENCE_END.split(" ".join(text.split()))
    for sentence in more:
        if len(first) + len(sentence) >= _ONE_LINE:
            break
        first += f" {sentence}"
    return first


def reference(text: str) -> Reference:
    """Read one of the references of a rule."""
    page, _, anchor = text.partition("#")
    if "://" in text:
        cve = _CVE.search(text)
        return Reference(cve[0] if cve else text, text)
    if not page.endswith(".html"):
        return Reference(text)
    name = page.rpartition("/")[2].removesuffix(".html")
    return Reference(f"httpd manual: {name}{f', {anchor}' if anchor else ''}", MANUAL + text)


def controls_of(rule: AnyRule) -> tuple[str, ...]:
    """Name the benchmarks that ask for what a rule looks at, each with its numbers."""
    named = ((_CIS, rule.cis), (_STIG, rule.stig))
    return tuple(f"{name}: {', '.join(numbers)}" for name, numbers in named if numbers)
