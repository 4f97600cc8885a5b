"""Writes docs/rules and the index of lint from the rules; ``--check`` tells whether they are current."""  # noqa: INP001 - a script

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.lint.documentation import documentation_of, explanation_of
from mpmtune.lint.listing import listing_of
from mpmtune.lint.profiles import Profile
from mpmtune.lint.registry import FAMILIES, all_rules
from mpmtune.lint.rule import Fixability
from mpmtune.render.templates import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.documentation import Reference
    from mpmtune.lint.rule import AnyRule

RULES = Path(__file__).resolve().parent / "rules"
INDEX = RULES.parents[1] / "mpmtune" / "lint" / "rule_index.py"
FIXES = {
    Fixability.SAFE: "`--fix`",
    Fixability.UNSAFE: "`--unsafe-fixes`",
    Fixability.MANUAL: "by hand",
}


def pages() -> Iterator[tuple[Path, str]]:
    """Make every generated page: where it lies, and its text."""
    yield INDEX, rule_index()
    yield RULES / "README.md", index()
    for rule in all_rules():
        yield RULES / f"{rule.code}.md", page(rule)


def page(rule: AnyRule) -> str:
    """Make the page of a rule."""
    text = render(
        "rule.md.j2",
        rule=rule,
        text=documentation_of(rule),
        fix=FIXES[rule.fixability],
        profiles=", ".join(p.value for p in Profile if p.takes(rule)),
        says=_says(rule),
        examples=tuple(_examples(rule)),
        references=tuple(map(_linked, explanation_of(rule).sources)),
    )
    return text.rstrip("\n") + "\n"


def index() -> str:
    """Make the index by family."""
    rules = all_rules()
    families = [
        {
            "prefix": prefix,
            "title": title,
            "rows": [_row(rule) for rule in rules if rule.family == family],
        }
        for family, (prefix, title) in FAMILIES.items()
        if any(rule.family == family for rule in rules)
    ]
    return render("rules.md.j2", total=len(rules), families=families).rstrip("\n") + "\n"


def rule_index() -> str:
    """Make the module that says of each rule when it is called."""
    rows = "".join(f"    {tuple(listing_of(rule))!r},\n" for rule in all_rules())
    return (
        '"""The entries of all rules; written by docs/generate.py, compared in the tests."""\n\n'
        f"# ruff: noqa: Q000 - generated\n# fmt: off\nINDEX = (\n{rows})\n"
    )


def _row(rule: AnyRule) -> dict[str, str]:
    explained = explanation_of(rule)
    return {
        "code": rule.code,
        "name": rule.name,
        "summary": explained.cause.replace("|", r"\|"),
        "cost": explained.cost.replace("|", r"\|"),
        "severity": rule.severity.value,
        "fix": FIXES[rule.fixability],
        "default": "yes" if rule.by_default else "",
        "source": "; ".join(_linked(source) for source in explained.sources).replace("|", r"\|"),
    }


def _says(rule: AnyRule) -> str:
    by_numbers: dict[tuple[str, ...], list[str]] = {}
    for mpm, numbers in rule.httpd_ids.items():
        if numbers:
            by_numbers.setdefault(numbers, []).append(mpm.value)
    if not by_numbers:
        return "nothing"
    if len(by_numbers) == 1:
        return ", ".join(next(iter(by_numbers)))
    said = (f"{', '.join(ids)} ({', '.join(mpms)})" for ids, mpms in by_numbers.items())
    return "; ".join(said)


def _examples(rule: AnyRule) -> Iterator[dict[str, str]]:
    for example in rule.examples:
        where = "" if example.mpm is None else f" under {example.mpm.value}"
        if example.bad:
            yield {"title": f"Flagged{where}", "text": _shown(example.bad)}
        fixed = example.fixed or example.fixed_unsafely
        if fixed.strip():
            yield {"title": "Fixed", "text": _shown(fixed)}
        if example.good:
            yield {
                "title": "Instead" if example.bad else "Not flagged",
                "text": _shown(example.good),
            }


def _shown(text: str) -> str:
    """Show what an editor would hide: a byte order mark, a no-break space."""
    return "".join(
        char if char.isprintable() or char in "\n\t" else _escaped(char) for char in text
    )


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _linked(source: Reference) -> str:
    """Write a source as Markdown."""
    if not source.url:
        return (
            source.title
            if ": " in source.title and ".c:" not in source.title
            else f"`{source.title}`"
        )
    return f"<{source.url}>" if source.title == source.url else f"[{source.title}]({source.url})"


def main(arguments: list[str]) -> int:
    """Write the pages, or check them; give the exit code."""
    wanted = dict(pages())
    stale = [path for path in RULES.glob("*.md") if path not in wanted]
    if arguments == ["--check"]:
        wrong = [p for p, text in wanted.items() if not p.is_file() or p.read_text("utf-8") != text]
        for path in [*wrong, *stale]:
            sys.stderr.write(f"{path.relative_to(RULES.parents[1])} is not current\n")
        if wrong or stale:
            sys.stderr.write("Run ./dev docs and commit what it writes.\n")
        return 1 if wrong or stale else 0
    RULES.mkdir(exist_ok=True)
    for path, text in wanted.items():
        path.write_text(text, "utf-8")
    for path in stale:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
