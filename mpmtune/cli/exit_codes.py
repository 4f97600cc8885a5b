"""Exit codes, and which error ends with which."""

from mpmtune.errors import (
    HttpdError,
    LockedError,
    MpmtuneError,
    NotRolledBackError,
    RolledBackError,
)

DONE = 0
FINDINGS = 1
USAGE = 2
HTTPD = 3
ROLLED_BACK = 3
NOT_ROLLED_BACK = 4
LOCKED = 75
INTERRUPTED = 130


_CODES: tuple[tuple[type[MpmtuneError], int], ...] = (
    (HttpdError, HTTPD),
    (RolledBackError, ROLLED_BACK),
    (NotRolledBackError, NOT_ROLLED_BACK),
    (LockedError, LOCKED),
)


def code_of(error: MpmtuneError) -> int:
    """Map an error to its exit code."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), USAGE)
