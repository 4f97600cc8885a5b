"""What one rule says of a text, for cases that the examples of its page are not about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.confparse.edit import apply_edits
from mpmtune.lint.fixes import chosen
from mpmtune.lint.registry import find
from mpmtune.lint.rule import Example
from tests.lint.example_readings import report_of

if TYPE_CHECKING:
    from mpmtune.lint.rule import Scope
    from mpmtune.model.finding import Finding


def findings(code: str, text: str, *modules: str, scope: Scope | None = None) -> list[Finding]:
    """Check a text, as an example of a rule would be; give what this rule says."""
    rule = find(code)
    assert rule is not None
    loaded = tuple(f"{name}_module" for name in modules)
    example = Example(bad=text, modules=loaded)
    if scope is not None:
        example = Example(bad=text, modules=loaded, scope=scope)
    return [f for f in report_of(example, text, rule).findings if f.code == code]


def lines(code: str, text: str, *modules: str, scope: Scope | None = None) -> list[int]:
    """Give the lines that a rule flags."""
    return [finding.line for finding in findings(code, text, *modules, scope=scope)]


def fixed(code: str, text: str, *modules: str) -> str:
    """Apply all fixes that a rule offers, safe or not."""
    edits = chosen(findings(code, text, *modules), unsafe=True)
    for source, changes in edits.items():
        return apply_edits(source.text, changes)
    return text
