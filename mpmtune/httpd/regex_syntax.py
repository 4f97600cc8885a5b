"""The syntax of regular expressions, as far as PCRE's reading of it is beyond doubt."""

from __future__ import annotations

from mpmtune.httpd.regex_parts import (
    ALL,
    Anchor,
    Node,
    NotUnderstoodError,
    Shape,
    character,
    set_of,
    span,
)

_DEEPEST = 40
_LONGEST = 4_000
_MOST_REPEATS = 250
_UPPER, _LOWER, _DIGITS = span("A", "Z"), span("a", "z"), span("0", "9")
_WORD = _UPPER | _LOWER | _DIGITS | set_of("_")
_SPACE = set_of(" \t\n\v\f\r")
_CLASSES = {"d": _DIGITS, "w": _WORD, "s": _SPACE}
_CLASSES |= {name.upper(): ALL & ~taken for name, taken in _CLASSES.items()}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "e": "\x1b", "a": "\a"}
_NAMED = {
    "alnum": _UPPER | _LOWER | _DIGITS,
    "alpha": _UPPER | _LOWER,
    "digit": _DIGITS,
    "lower": _LOWER,
    "upper": _UPPER,
    "space": _SPACE,
    "xdigit": _DIGITS | span("A", "F") | span("a", "f"),
    "punct": span("!", "~") & ~(_UPPER | _LOWER | _DIGITS),
    "word": _WORD,
}
_ANCHORS = {
    "b": Anchor.WORD_EDGE,
    "B": Anchor.NO_WORD_EDGE,
    "A": Anchor.START,
    "z": Anchor.END,
}


def parse(pattern: str, *, ignore_case: bool = False) -> Node:
    """Read a pattern.

    Raises:
        NotUnderstoodError: if PCRE refuses it, or its meaning there is not beyond doubt.
    """
    if len(pattern) > _LONGEST:
        raise NotUnderstoodError
    reader = _Reader(pattern, ignore_case=ignore_case)
    node = reader.choice(0)
    if reader.left():
        raise NotUnderstoodError
    return node


class _Reader:
    """A pattern, and how far it was read."""

    def __init__(self, pattern: str, *, ignore_case: bool) -> None:
        self._pattern = pattern
        self._at = 0
        self._ignore_case = ignore_case
        self._ahead = False  # whether a look-ahead is being read: none is read within another

    def left(self) -> bool:
        return self._at < len(self._pattern)

    def _next_is(self, text: str) -> bool:
        """Take a text when it comes next."""
        if not self._pattern.startswith(text, self._at):
            return False
        self._at += len(text)
        return True

    def _take(self) -> str:
        if not self.left():
            raise NotUnderstoodError
        self._at += 1
        return self._pattern[self._at - 1]

    def choice(self, depth: int) -> Node:
        """Read alternatives, up to the end of the group around them."""
        if depth > _DEEPEST:
            raise NotUnderstoodError
        outer = self._ignore_case
        parts = [self._row(depth)]
        while self._next_is("|"):
            parts.append(self._row(depth))
        self._ignore_case = outer
        return parts[0] if len(parts) == 1 else Node(Shape.CHOICE, tuple(parts))

    def _row(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.left() and self._pattern[self._at] not in "|)":
            part = self._part(depth)
            if part is not None:
                parts.append(self._repeated(part))
        return Node(Shape.ROW, tuple(parts))

    def _part(self, depth: int) -> Node | None:
        """Read one part; None for one that only changes how the rest is read."""
        one = self._take()
        if one == "(":
            return self._group(depth)
        if one == "[":
            return character(self._cased(self._brackets()))
        if one == "\\":
            return self._escaped()
        if one in "^$":
            return Node(Shape.ANCHOR, anchor=Anchor.START if one == "^" else Anchor.END)
        if one == ".":
            return character(ALL)
        if one in "*+?":
            raise NotUnderstoodError
        return character(self._cased(set_of(one)))

    def _cased(self, taken: int) -> int:
        if not self._ignore_case:
            return taken
        shift = ord("a") - ord("A")
        return taken | (taken & _UPPER) << shift | (taken & _LOWER) >> shift

    def _group(self, depth: int) -> Node | None:
        refused = False
        ahead = self._next_is("?=")
        if not ahead:
            ahead = refused = self._next_is("?!")
        if not ahead and self._next_is("?i)"):
            self._ignore_case = True
            return None
        if ahead and self._ahead:
            raise NotUnderstoodError
        within = self._ignore_case
        if not ahead and self._pattern.startswith("?", self._at):
            self._begin_of_group()
        self._ahead = self._ahead or ahead
        inner = self.choice(depth + 1)
        self._ahead = self._ahead and not ahead
        self._ignore_case = within
        if not self._next_is(")"):
            raise NotUnderstoodError
        return Node(Shape.AHEAD, (inner,), refused=refused) if ahead else inner

    def _begin_of_group(self) -> None:
        """Take ``?:``, ``?i:`` or a name; nothing else is understood."""
        if self._next_is("?:"):
            return
        if self._next_is("?i:"):
            self._ignore_case = True
            return
        if not (self._next_is("?<") or self._next_is("?P<")):
            raise NotUnderstoodError
        name, closed, _ = self._pattern[self._at :].partition(">")
        if not closed or not name.isidentifier() or not name.isascii():
            raise NotUnderstoodError  # look-behind among others
        self._at += len(name) + 1

    def _escaped(self) -> Node:
        one = self._take()
        if one in _ANCHORS:
            return Node(Shape.ANCHOR, anchor=_ANCHORS[one])
        return character(self._cased(self._escaped_set(one)))

    def _escaped_set(self, one: str) -> int:
        if one in _CLASSES:
            return _CLASSES[one]
        if one in _CONTROLS:
            return set_of(_CONTROLS[one])
        if one == "x":
            digits = self._take() + self._take()
            if not set_of(digits) & ~_NAMED["xdigit"]:
                return 1 << int(digits, 16)
        if (one.isalnum() and one.isascii()) or one == "x":
            raise NotUnderstoodError
        return set_of(one)

    def _brackets(self) -> int:
        refused = self._next_is("^")
        taken, first = 0, True
        while first or not self._next_is("]"):
            taken |= self._bracket_item()
            first = False
        return ALL & ~taken if refused else taken

    def _bracket_item(self) -> int:
        """Read a character, a range, or a class of a bracket."""
        low = self._bracket_end()
        following = self._pattern[self._at : self._at + 2]
        if following[:1] != "-" or following[1:] in {"]", ""}:
            return low
        self._at += 1
        high = self._bracket_end()
        if not (_is_one(low) and _is_one(high) and low <= high):
            raise NotUnderstoodError
        return (high << 1) - low

    def _bracket_end(self) -> int:
        if self._next_is("[:"):
            name, closed, _ = self._pattern[self._at :].partition(":]")
            if not closed or name not in _NAMED:
                raise NotUnderstoodError
            self._at += len(name) + 2
            return _NAMED[name]
        one = self._take()
        if one == "[" and self._pattern[self._at : self._at + 1] in {".", "="}:
            raise NotUnderstoodError
        if one != "\\":
            return set_of(one)
        escaped = self._take()
        return 1 << ord("\b") if escaped == "b" else self._escaped_set(escaped)

    def _repeated(self, part: Node) -> Node:
        """Read what says how often a part comes."""
        bounds = self._bounds()
        if bounds is None:
            return part
        if self._next_is("+"):  # possessive
            raise NotUnderstoodError
        self._next_is("?")  # which match is found first does not matter here
        if self._bounds() is not None or part.shape in {Shape.ANCHOR, Shape.AHEAD}:
            raise NotUnderstoodError
        least, most = bounds
        return Node(Shape.REPEAT, (part,), least=least, most=most)

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._next_is(sign):
                return bounds
        if not self._pattern.startswith("{", self._at):
            return None
        return self._counted()

    def _counted(self) -> tuple[int, int | None] | None:
        """Read ``{2}``, ``{2,}`` or ``{2,5}``; any other brace is an ordinary character."""
        inner, closed, _ = self._pattern[self._at + 1 :].partition("}")
        low, comma, high = inner.partition(",")
        if not closed or not _is_number(low) or (high and not _is_number(high)):
            if comma and not low:  # {,5} changed its meaning between releases of PCRE2
                raise NotUnderstoodError
            return None
        least = int(low)
        most = (int(high) if high else None) if comma else least
        if max(least, most or 0) > _MOST_REPEATS or (most is not None and most < least):
            raise NotUnderstoodError
        self._at += len(inner) + 2
        return least, most


def _is_one(taken: int) -> bool:
    return taken != 0 and taken & (taken - 1) == 0


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_REPEATS))
