"""A module under an MPM: the verdict and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mpmtune.model.server import Mpm


# A feature is off (http2 under prefork); it works badly (mod_cgi forks a whole threaded child).
_LOSES = frozenset({"inactive", "ok-slow-fork"})


class Verdict(Enum):
    """What becomes of a module under an MPM."""

    OK = "ok"
    FALLBACK = "fallback"
    UNSAFE = "unsafe"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Notice(Enum):
    """Where httpd itself tells of the trouble: ``-t``, the start only, or nowhere."""

    CONFIGTEST = "configtest"
    START = "start"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Compatibility:
    """One module under one MPM.

    Attributes:
        module: Identifier as loaded (``php_module``).
        mpm: The MPM.
        verdict: The coarse answer.
        why: The finer word, one sentence.
        source: Where that was measured or read.
        way_out: What to do about it; empty when there is nothing to do.
        blocks: The mode cannot start or is not safe with this module: no plan may switch to it.
        word: The finer answer in one word (``holds-thread``, ``racy``, ``slow-fork``).
        notice: Where httpd itself tells of it.
    """

    module: str
    mpm: Mpm
    verdict: Verdict
    why: str
    source: str
    way_out: str = ""
    blocks: bool = False
    word: str = ""
    notice: Notice = Notice.NOWHERE

    @property
    def loses(self) -> bool:
        """Whether httpd starts, and yet a feature is off or works badly."""
        return self.word in _LOSES


@dataclass(frozen=True, slots=True)
class Fallback:
    """What would make event hold a worker for a whole connection."""

    module: str
    why: str
