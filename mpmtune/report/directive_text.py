"""What of a directive is shown: its name as httpd spells it, its arguments without secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd import secrets
from mpmtune.httpd.directives import find_all
from mpmtune.httpd.words import arguments

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mpmtune.model.config import Occurrence


_MOST_SEEN = 5_000


class DirectiveText:
    """The text of directives, for one tree.

    Args:
        modules: Identifiers of the loaded modules: they decide how a name is spelled.
    """

    def __init__(self, modules: Collection[str]) -> None:
        self._modules = set(modules)
        self._names: dict[str, str | None] = {}
        self._open: dict[str, bool] = {}
        self._seen: dict[tuple[str, str], tuple[Sequence[str], str]] = {}

    def name(self, occurrence: Occurrence) -> str:
        """Spell a name as the command table does; as typed where no loaded module has it."""
        folded = occurrence.item.name
        if folded not in self._names:
            rows = find_all(folded)
            known = (row.name for row in rows if not self._modules.isdisjoint(row.module_ids))
            self._names[folded] = next(known, None)
        return self._names[folded] or decoded(occurrence.item.spelling.removesuffix(">"))

    def arguments(self, occurrence: Occurrence) -> tuple[Sequence[str], str]:
        """Give the arguments twice: as words, and as httpd holds them.

        The words are unquoted, and of a section without its bracket.
        """
        item = occurrence.item
        name, args = item.name, item.args
        if not self._is_plain(name, args):
            return self._masked(name, args)
        words = arguments(name, args)
        if args.isascii():
            return words, args
        return [decoded(word) for word in words], decoded(args)

    def _masked(self, name: str, args: str) -> tuple[Sequence[str], str]:
        """Hold back what must be; the same directive often stands in every virtual host."""
        known = self._seen.get((name, args))
        if known is None:
            words = arguments(name, args)
            shown, raw = secrets.mask(name, words), args
            if shown != words:
                raw = secrets.joined(shown) + ">" * name.startswith("<")
            known = [decoded(word) for word in shown], decoded(raw)
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen[name, args] = known
        return known

    def raw(self, occurrence: Occurrence) -> str:
        """Give the arguments as httpd holds them, quotes as written."""
        return self.arguments(occurrence)[1]

    def _is_plain(self, name: str, args: str) -> bool:
        """Tell at a glance that nothing has to be held back.

        Nothing is cut out of an argument that may be shown without a URL, a program, a query,
        name=value or an expression.
        """
        shown = self._open.get(name)
        if shown is None:
            shown = self._open[name] = secrets.may_be_shown(name)
        if not shown or "=" in args or "|" in args or "?" in args or "://" in args:
            return False
        return name != "require" or "expr" not in args.lower()


def decoded(text: str) -> str:
    """Read text of a configuration, one character per byte, as the UTF-8 that it mostly is.

    Text that is no UTF-8 is read as Latin-1; text that has been decoded before stays.
    """
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
