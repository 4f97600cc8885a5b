"""Nothing from a configuration, a log or a process name reaches a terminal as it is."""

import unicodedata

# Cc controls, Cf format (bidi, zero width), Cs surrogates, Co private, Cn unassigned,
# Zl and Zp line and paragraph separators.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def printable(text: str) -> str:
    r"""Escape every character that could steer a terminal or hide text, as Python would: ``\x1b``.

    Newline and tab are escaped too: the result is one line.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(char) for char in text)


def _escaped(char: str) -> str:
    if unicodedata.category(char) not in _UNSAFE:
        return char
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")
