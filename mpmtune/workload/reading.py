"""Logs and their formats, share by share: what one process does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.errors import InputError
from mpmtune.workload.blocks import Blocks
from mpmtune.workload.compressed import CutShort
from mpmtune.workload.counting import Counting
from mpmtune.workload.logs import STDIN, pieces_of, shares_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mpmtune.model.workload import Trouble
    from mpmtune.workload.logs import Log, Share
    from mpmtune.workload.reader import LogReader
    from mpmtune.workload.slices import Slice


class Part(NamedTuple):
    """What a share came to, but for what does not depend on time.

    Attributes:
        share: The share.
        slices: Its seconds.
        trouble: Why it ends before its end.
    """

    share: Share
    slices: list[Slice]
    trouble: Trouble | None = None


@dataclass(slots=True)
class Reading:
    """Logs to be read.

    Attributes:
        logs: The logs.
        readers: A reader for each of them; logs of the same format may have the same.
        shares: What is read, in the order of time, so that few hours are open at once.
        seen: Is told the size of each piece that was read.
        counting: What has been counted so far.
    """

    logs: Sequence[Log]
    readers: Sequence[LogReader]
    seen: Callable[[int], None] = lambda _: None
    shares: list[Share] = field(default_factory=list)
    counting: Counting = field(default_factory=Counting)

    def __post_init__(self) -> None:
        dated: list[tuple[float, Share]] = []
        for number, log in enumerate(self.logs):
            second = float("inf") if log.path == STDIN else 0.0
            for share in shares_of(number, log):
                second = self.readers[number].second_of(share.line) or second
                dated.append((second, share))
        dated.sort(key=lambda pair: pair[0])
        self.shares += [share for _, share in dated]

    def read(self, share: Share) -> Part:
        """Read one share.

        Raises:
            InputError: when nothing fits at the beginning of a log, or when it cannot be read.
        """
        slices: list[Slice] = []
        try:
            for made in self.slices(share):
                slices.append(made)  # noqa: PERF402 - what came before a cut is kept
        except CutShort as cut:
            return Part(share, slices, cut.trouble)
        return Part(share, slices)

    def slices(self, share: Share) -> Iterator[Slice]:
        """Read one share bit by bit.

        Raises:
            CutShort: when it ends before its end.
            InputError: as ``read``.
        """
        log, reader = self.logs[share.log], self.readers[share.log]
        blocks = Blocks()
        begun = share.start > 0
        for block in blocks.cut(pieces_of(log, share, self.seen)):
            for batch in reader.batches(block):
                begun = True
                yield self.counting.add(batch, reader.unit)
            if reader.bad and not begun:
                raise _misfit(log, reader, reader.bad[0])
            self.counting.put_aside(reader.bad + blocks.too_long)
            reader.bad, blocks.too_long = [], []
        self.counting.put_aside(blocks.too_long)


def _misfit(log: Log, reader: LogReader, line: bytes) -> InputError:
    return InputError(
        f"{log.name} is not written in the log format that was assumed: its first line does not "
        f"fit, for {reader.pattern.failing(line)}.",
        "Give the LogFormat of this log with --log-format, in quotes.",
    )
