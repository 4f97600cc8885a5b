"""The command line of a running httpd."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.server import StartOptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# main.c: AP_SERVER_BASEARGS, and -k and -R of the MPMs.
_WITH_VALUE = frozenset("CcDdEefkR")
# These answer and exit: such a process is no server. So does -k with any word but start.
_ASKS_ONLY = frozenset("vVlLtTSMh")


def read_options(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (letter, value) as httpd's apr_getopt does; the value is empty for a bare letter.

    ``arguments`` is the whole command line, program first. Reading stops at the first word that
    is no option, and at ``--``.
    """
    words = iter(arguments[1:])
    for word in words:
        if not word.startswith("-") or word in {"-", "--"}:
            return
        for at, letter in enumerate(word[1:], start=2):
            if letter not in _WITH_VALUE:
                yield letter, ""
                continue
            yield letter, word[at:] or next(words, "")
            break


def parse_start_options(arguments: Sequence[str]) -> StartOptions | None:
    """Read a command line; None when it only asks something (``-t``) or signals (``-k stop``)."""
    found: dict[str, list[str]] = {}
    for letter, value in read_options(arguments):
        found.setdefault(letter, []).append(value)
    if _ASKS_ONLY & found.keys() or set(found.get("k", ())) - {"start"}:
        return None
    return StartOptions(
        server_root=_last(found.get("d")),
        conf=_last(found.get("f")),
        defines=tuple(found.get("D", ())),
        before=tuple(found.get("C", ())),
        after=tuple(found.get("c", ())),
    )


def _last(values: list[str] | None) -> str | None:
    return (values[-1] or None) if values else None
