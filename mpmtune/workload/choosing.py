"""Which format each log is read in: as told, as configured, or the only one that fits."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.errors import InputError, UsageError
from mpmtune.httpd.words import split
from mpmtune.report.safe_text import printable
from mpmtune.workload.custom_logs import log_of
from mpmtune.workload.logformat import WELL_KNOWN
from mpmtune.workload.logs import STDIN, first_lines
from mpmtune.workload.reader import LogReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mpmtune.workload.custom_logs import CustomLog
    from mpmtune.workload.logs import Log

# None that ends with numbers: from numbers alone nobody can tell what they count. With a virtual
# host before them they are the same to us.
_TRIED = ("combined", "common")
_GIVE_IT = "Give its LogFormat with --log-format, in quotes."


@dataclass(frozen=True, slots=True)
class Chosen:
    """A reader for a log.

    Attributes:
        reader: The reader.
        why: Where its format is from, as one clause.
        partial: The server writes only some of its requests to this log.
    """

    reader: LogReader
    why: str
    partial: bool = False


class Choosing:
    """Chooses readers.

    Args:
        given: ``--log-format``: a format, a nickname, or a whole LogFormat line; None without.
        logs: What the configuration writes.
        nicknames: The LogFormats of the configuration.

    Raises:
        UsageError: when ``given`` is no format.
    """

    def __init__(
        self, given: str | None, logs: Sequence[CustomLog], nicknames: Mapping[str, str]
    ) -> None:
        self._logs = logs
        self._nicknames = nicknames
        self._readers: dict[str, LogReader] = {}
        self._given = None if given is None else self._reader(self._spelled_out(given))

    def choose(self, log: Log) -> Chosen:
        """Choose the reader of a log.

        Raises:
            InputError: when nothing tells its format.
            UsageError: when its format cannot be used.
        """
        if self._given is not None:
            return Chosen(self._given, "--log-format")
        if log.path != STDIN:
            path = os.path.join(os.getcwd(), log.path)  # noqa: PTH109, PTH118 - no link is followed
            found = log_of(os.path.realpath(path), self._logs) or log_of(path, self._logs)
            if found is not None:
                return Chosen(self._reader(found.text), found.place, found.partial)
        return self._fitting(log)

    def _fitting(self, log: Log) -> Chosen:
        lines = first_lines(log)
        configured = {one.text: one for one in self._logs}
        fitting = [text for text in configured if self._fits(text, lines)]
        if len(fitting) == 1:
            return Chosen(
                self._reader(fitting[0]), f"{configured[fitting[0]].place}, which fits its lines"
            )
        if len(fitting) > 1:
            places = ", ".join(printable(configured[text].place) for text in fitting)
            raise InputError(
                f"{log.name} may have any of several formats of the configuration: {places}.",
                _GIVE_IT,
            )
        for name in _TRIED:
            if self._fits(WELL_KNOWN[name], lines):
                why = f"its lines fit {name}, and no configuration says otherwise"
                return Chosen(self._reader(WELL_KNOWN[name]), why)
        raise InputError(f"The format of {log.name} is not known.", _GIVE_IT)

    def _fits(self, text: str, lines: Iterable[bytes]) -> bool:
        try:
            reader = self._reader(text)
        except UsageError:
            return False
        return any(reader.second_of(line) is not None for line in lines)

    def _reader(self, text: str) -> LogReader:
        if text not in self._readers:
            self._readers[text] = LogReader(text)
        return self._readers[text]

    def _spelled_out(self, given: str) -> str:
        """Accept what people copy: a whole LogFormat line, escaped quotes, a nickname."""
        text = given.strip()
        if text.lower().startswith("logformat "):
            text = text[len("logformat ") :].strip()
        if text.startswith(('"', "'")) and "\\" in text:
            text = split(text)[0]
        if "%" in text:
            return text.replace('\\"', '"')
        known = {**WELL_KNOWN, **self._nicknames}
        if text not in known:
            names = ", ".join(sorted(map(printable, known)))
            raise UsageError(
                f"--log-format {printable(text)} is neither a format nor a known name.",
                f"Known names are: {names}.",
            )
        return known[text]
