"""The published shape ``mpmtune/in_force/v1``: what a configuration says to a URL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mpmtune.httpd.words import section_argument
from mpmtune.report.directive_text import DirectiveText, decoded
from mpmtune.report.in_force_text import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.httpd.asked_url import Answer
    from mpmtune.httpd.in_force import InForce
    from mpmtune.httpd.sections import Section
    from mpmtune.model.config import Occurrence, Tree

SCHEMA = "mpmtune/in_force/v1"


def in_force_v1(tree: Tree, answer: Answer) -> str:
    """Write it as JSON; only ASCII, ended by a newline."""
    return json.dumps(_Document(tree, answer).whole(), indent=1) + "\n"


class _Document:
    """The values of the document."""

    def __init__(self, tree: Tree, answer: Answer) -> None:
        self._tree = tree
        self._answer = answer
        self._text = DirectiveText(frozenset(tree.modules))

    def whole(self) -> dict[str, object]:
        configuration = self._answer.configuration
        return {
            "schema": SCHEMA,
            "url": str(self._answer.url),
            "target": self._tree.target.name,
            "version": ".".join(map(str, self._tree.target.version)),
            "conf": self._tree.sources[0].path,
            "accepted": self._answer.accepted,
            "server": self._server(),
            "mapping": self._mapping(),
            "htaccess": [
                {"directory": decoded(directory), "allow_override": self._directive(allowed)}
                for directory, allowed in configuration.htaccess
            ],
            "sections": self._sections(configuration.sections),
            "perhaps": self._sections(configuration.perhaps),
            "admitted": configuration.authorization.admitted.value,
            "in_force": [self._family(family) for family in configuration.every()],
            "unknown": self._unknown(),
        }

    def _server(self) -> dict[str, object]:
        selection = self._answer.selection
        return {
            "virtual_host": self._directive(selection.host.occurrence if selection.host else None),
            "why": selection.why.name.lower(),
            "address": str(selection.hosts.address) if selection.hosts else None,
            "listens": self._answer.listens,
            "elsewhere": [
                {
                    "address": str(hosts.address),
                    "virtual_host": self._directive(
                        (hosts.named(self._answer.url.host) or (hosts.first,))[0].occurrence
                    ),
                }
                for hosts in selection.elsewhere
            ],
        }

    def _mapping(self) -> dict[str, object]:
        mapping = self._answer.configuration.mapping
        assert mapping is not None
        return {
            "how": mapping.how.name.lower(),
            "target": decoded(mapping.target) or None,
            "by": self._directive(mapping.by),
            "unless": [self._directive(rule) for rule in mapping.unless],
        }

    def _family(self, family: InForce) -> dict[str, object]:
        return {
            "kind": family.merge.kind.name.lower(),
            "merged_by": family.merge.source or None,
            "of_server": family.merge.of_server,
            "words": None if family.words is None else spelled(family),
            "lines": self._directives(family.lines),
            "overridden": self._directives(family.overridden),
            "perhaps": self._directives(family.perhaps),
        }

    def _sections(self, sections: Iterable[Section]) -> list[dict[str, object] | None]:
        return self._directives(section.occurrence for section in sections)

    def _directives(self, found: Iterable[Occurrence]) -> list[dict[str, object] | None]:
        return [self._directive(one) for one in found]

    def _directive(self, one: Occurrence | None) -> dict[str, object] | None:
        if one is None:
            return None
        words, raw = self._text.arguments(one)
        return {
            "name": self._text.name(one),
            "args": list(words),
            "raw_args": raw,
            "file": one.source.path,
            "line": one.line,
            "context": [self._section(section) for section in one.sections()],
        }

    def _section(self, one: Occurrence) -> str:
        """Name a section as ``config/v1`` does: ``VirtualHost *:80``."""
        raw = self._text.raw(one)
        argument = section_argument(raw)
        name = self._text.name(one).removeprefix("<")
        return f"{name} {raw if argument is None else argument}".strip()

    def _unknown(self) -> list[dict[str, str]]:
        configuration = self._answer.configuration
        found = [
            {
                "what": self._section(section.occurrence),
                "why": "whether the section holds is decided for each request, or by a pattern or"
                " path that cannot be judged here",
            }
            for section in configuration.perhaps
        ]
        mapping = configuration.mapping
        if mapping is not None and (not mapping.target or mapping.unless):
            found.append({"what": "mapping", "why": "only a request or the file system decides"})
        return [*found, *({"what": d, "why": ".htaccess is not read"} for d in self._htaccess())]

    def _htaccess(self) -> list[str]:
        read = self._answer.configuration.htaccess
        return [decoded(f"{directory}.htaccess") for directory, _ in read]
