"""The stages of ``RequestReadTimeout`` in force, each with the word that sets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.refusals import RefusedError
from mpmtune.httpd.reqtimeout import parse
from mpmtune.httpd.words import split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mpmtune.httpd.reqtimeout import Stage
    from mpmtune.model.config import Occurrence


class StageInForce(NamedTuple):
    """A stage of a server or virtual host.

    Attributes:
        line: The line that sets it last.
        word: Which of its arguments, from 1.
        name: ``handshake``, ``header`` or ``body``.
        stage: What it is set to.
    """

    line: Occurrence
    word: int
    name: str
    stage: Stage


def stages_in_force(
    lines: Iterable[Occurrence], version: tuple[int, ...]
) -> Iterator[StageInForce]:
    """Yield the stages that are written; of several in one place the last.

    Args:
        lines: The ``RequestReadTimeout`` lines, in httpd's order; what httpd refuses is left out.
        version: httpd's version.
    """
    found: dict[tuple[int, str], StageInForce] = {}
    for line in lines:
        place = id(line.enclosing)
        for number, word in enumerate(split(line.args), 1):
            try:
                stages = parse([word], version)
            except RefusedError:
                continue
            for name, stage in stages.items():
                found[place, name] = StageInForce(line, number, name, stage)
    yield from found.values()
