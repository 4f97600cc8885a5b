"""Define, UnDefine and ``${}``: server/core.c, set_define, unset_define and ap_resolve_env."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_REFERENCE = re.compile(r"\$\{([^}]*)\}")


class Variables:
    """Names that are defined, values, and the environment behind them.

    httpd compares names exactly, so ``<IfDefine>`` minds case, and finds values in a table that
    does not: after ``Define Foo x``, ``${FOO}`` is x and ``<IfDefine FOO>`` is false.
    """

    def __init__(self, defines: Iterable[str], environment: Mapping[str, str]) -> None:
        self._names = dict.fromkeys(defines)
        self._values: dict[str, tuple[str, str]] = {}
        self._environment = environment

    def define(self, name: str, value: str) -> None:
        """Define a name; an empty value leaves the one that it has."""
        self._names.setdefault(name)
        if value:
            self._values[name.lower()] = (name, value)

    def undefine(self, name: str) -> None:
        """Forget a name, and its value under any case."""
        self._names.pop(name, None)
        self._values.pop(name.lower(), None)

    def is_defined(self, name: str) -> bool:
        """Tell what ``<IfDefine>`` finds."""
        return name in self._names

    def value(self, name: str) -> str | None:
        """Find what ``${}`` puts in; None leaves the text as it is."""
        known = self._values.get(name.lower())
        return known[1] if known else self._environment.get(name)

    def resolve(self, line: str, missing: Callable[[str], None]) -> str:
        """Replace each ``${NAME}`` of a line, once; ``missing`` is told the names not found.

        A name with a colon is no variable but a RewriteMap's or a tool's, and not told.
        """

        def replaced(match: re.Match[str]) -> str:
            value = self.value(match[1])
            if value is None:
                if ":" not in match[1]:
                    missing(match[1])
                return match[0]
            return value

        return _REFERENCE.sub(replaced, line)

    def length_after(self, line: str) -> int:
        """Work out how long ``resolve`` makes a line, without making it."""
        length = len(line)
        for match in _REFERENCE.finditer(line):
            value = self.value(match[1])
            if value is not None:
                length += len(value) - len(match[0])
        return length

    def defined(self) -> dict[str, str]:
        """Give the names with their values; an empty value where a name has none."""
        return {name: self._values.get(name.lower(), ("", ""))[1] for name in self._names}
