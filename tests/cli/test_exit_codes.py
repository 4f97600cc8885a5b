"""Each kind of error ends with the code that the command line promises."""

from __future__ import annotations

import pytest

from mpmtune.cli.exit_codes import code_of
from mpmtune.errors import (
    HttpdError,
    InputError,
    LockedError,
    MpmtuneError,
    NotRecordedError,
    NotRolledBackError,
    RolledBackError,
    UsageError,
)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (UsageError, 2),
        (InputError, 2),
        (NotRecordedError, 2),
        (HttpdError, 3),
        (RolledBackError, 3),
        (NotRolledBackError, 4),
        (LockedError, 75),
    ],
)
def test_an_error_has_its_code(kind: type[MpmtuneError], code: int) -> None:
    assert code_of(kind("It failed.")) == code
