"""Profiles: which rules run, and the thresholds that a benchmark sets differently."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mpmtune.lint.listing import Listing
    from mpmtune.lint.rule import AnyRule


class Thresholds(NamedTuple):
    """Numbers beyond which a rule speaks; a profile replaces some of them.

    Attributes:
        timeout_seconds: Longest Timeout that is not remarked on.
        keep_alive_timeout_seconds: Longest KeepAliveTimeout under event.
        keep_alive_timeout_seconds_held: The same where a waiting client holds a worker.
        keep_alive_requests: Smallest MaxKeepAliveRequests.
        header_timeout_seconds: Longest first ``header=`` of RequestReadTimeout.
        body_timeout_seconds: Longest first ``body=`` of RequestReadTimeout.
        request_line_bytes: Largest LimitRequestLine.
        request_field_bytes: Largest LimitRequestFieldSize.
        request_fields: Largest LimitRequestFields; None for any.
        request_body_bytes: Largest LimitRequestBody; None for any.
    """

    timeout_seconds: int = 120
    keep_alive_timeout_seconds: int = 15
    keep_alive_timeout_seconds_held: int = 5
    keep_alive_requests: int = 100
    header_timeout_seconds: int = 40
    body_timeout_seconds: int = 40
    request_line_bytes: int = 65_536
    request_field_bytes: int = 65_536
    request_fields: int | None = None
    request_body_bytes: int | None = None


class Profile(Enum):
    """A named choice of rules."""

    DEFAULT = "default"
    STRICT = "strict"
    CIS = "cis"
    STIG = "stig"
    MIGRATION = "migration-2.4"
    PERF = "perf"

    @property
    def thresholds(self) -> Thresholds:
        """The numbers that its rules compare with."""
        return _OF_BENCHMARKS.get(self, _THRESHOLDS)

    def takes(self, rule: AnyRule | Listing) -> bool:
        """Whether a rule belongs to it; findings about suppressions belong to each."""
        if rule.family == "lnt":
            return True
        if self is Profile.DEFAULT:
            return rule.by_default
        if self is Profile.CIS:
            return bool(rule.cis)
        if self is Profile.STIG:
            return bool(rule.stig)
        return self is Profile.STRICT or rule.family in _FAMILIES[self]


_FAMILIES = {
    Profile.MIGRATION: frozenset({"dep", "syn"}),
    Profile.PERF: frozenset({"mpm", "kal", "prf"}),
}
_THRESHOLDS = Thresholds()
# CIS Apache HTTP Server 2.4 Benchmark, 9.1 to 9.6 and 10.1 to 10.4.
_CIS = _THRESHOLDS._replace(
    timeout_seconds=10,
    keep_alive_timeout_seconds=15,
    keep_alive_timeout_seconds_held=15,
    header_timeout_seconds=40,
    body_timeout_seconds=20,
    request_line_bytes=512,
    request_field_bytes=1024,
    request_fields=100,
    request_body_bytes=102_400,
)
# DISA STIG Apache Server 2.4 UNIX Server, V-214255.
_STIG = _THRESHOLDS._replace(timeout_seconds=60)
_OF_BENCHMARKS = {Profile.CIS: _CIS, Profile.STIG: _STIG}
