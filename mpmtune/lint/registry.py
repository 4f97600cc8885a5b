"""All rules: one file each below ``rules/``, found and checked once."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from mpmtune.errors import MpmtuneError
from mpmtune.lint import rules
from mpmtune.lint.listing import Listing, module_name
from mpmtune.lint.rule import HostRule, Rule, SuppressionRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.rule import AnyRule

FAMILIES = {
    "mpm": ("MPM0", "Process and thread limits"),
    "mod": ("MOD1", "Modules and what they need"),
    "kal": ("KAL2", "Keep-alive and time-outs"),
    "sec": ("SEC3", "Security"),
    "tls": ("TLS4", "TLS"),
    "prf": ("PRF5", "Performance"),
    "rwr": ("RWR6", "Rewriting and proxying"),
    "vho": ("VHO7", "Virtual hosts, names and listeners"),
    "dep": ("DEP8", "Deprecated, and left from httpd 2.2"),
    "syn": ("SYN9", "Syntax, context and scope"),
    "lnt": ("LNT0", "Findings about suppressions"),
}
_CODE = re.compile(r"[A-Z]{3}\d{3}")
_NAME = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


class MalformedRuleError(MpmtuneError):
    """A rule file that breaks the contract: a bug of the rule, found when it is imported."""


@cache
def all_rules() -> tuple[AnyRule, ...]:
    """Give every rule, sorted by code.

    Raises:
        MalformedRuleError: for a file without exactly one rule.
    """
    return tuple(sorted(_import_all(), key=lambda rule: rule.code))


@cache
def listings() -> tuple[Listing, ...]:
    """Give the entry of every rule, sorted by code, from the generated index: imports none."""
    from mpmtune.lint.rule_index import INDEX

    return tuple(map(Listing._make, INDEX))


def find(text: str) -> AnyRule | None:
    """Find a rule by its code or name, in any case."""
    wanted = text.strip().lower()
    return next((r for r in all_rules() if wanted in {r.code.lower(), r.name}), None)


def _import_all() -> Iterator[AnyRule]:
    for family in iter_modules(rules.__path__):
        package = import_module(f"{rules.__name__}.{family.name}")
        for file in iter_modules(package.__path__):
            module = f"{package.__name__}.{file.name}"
            yield check_rule(getattr(import_module(module), "RULE", None), module)


def check_rule(rule: object, module: str) -> AnyRule:
    """Give what a file of ``rules/`` calls RULE, if it keeps the contract.

    Raises:
        MalformedRuleError: if it does not.
    """
    if not isinstance(rule, (Rule, HostRule, SuppressionRule)):
        raise MalformedRuleError(f"{module} has no RULE.")
    wrong = _what_is_wrong(rule, module)
    if wrong:
        raise MalformedRuleError(f"{module}: {wrong}.")
    return rule


def _what_is_wrong(rule: AnyRule, module: str) -> str:
    if rule.family not in FAMILIES or not _CODE.fullmatch(rule.code):
        return f"the code {rule.code} is of no family"
    prefix = FAMILIES[rule.family][0]
    if not rule.code.startswith(prefix):
        return f"the code {rule.code} does not begin with {prefix}"
    if not _NAME.fullmatch(rule.name):
        return f"the name {rule.name} is not in kebab-case"
    proper = module_name(rule.code, rule.name)
    if proper != module:
        return f"{rule.code} {rule.name} belongs into {proper}"
    return ""
