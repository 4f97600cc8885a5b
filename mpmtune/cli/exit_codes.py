"""Exit codes, and which error ends with which."""

from mpmtune.errors import HttpdError, MpmtuneError

DONE = 0
FINDINGS = 1
USAGE = 2
HTTPD = 3
INTERRUPTED = 130


def code_of(error: MpmtuneError) -> int:
    """Map an error to its exit code."""
    return HTTPD if isinstance(error, HttpdError) else USAGE
