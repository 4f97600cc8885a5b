"""The options that say which httpd a configuration is read for, where none can be asked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mpmtune.errors import UsageError
from mpmtune.httpd.targets import TARGETS, find_target
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.model.config import Target

_VERSION = re.compile(r"(2)\.(\d{1,2})\.(\d{1,4})")


def named_target(name: str | None) -> Target | None:
    """Read ``--target``; None when it was not given.

    Raises:
        UsageError: for a name that is not known.
    """
    if name is None:
        return None
    target = find_target(name)
    if target is None:
        raise UsageError(
            f"--target {printable(name)} is not known.", f"Known are: {', '.join(TARGETS)}."
        )
    return target


def named_version(text: str | None) -> tuple[int, int, int] | None:
    """Read ``--httpd-version``; None when it was not given.

    Raises:
        UsageError: for text that is no version of httpd 2.
    """
    if text is None:
        return None
    match = _VERSION.fullmatch(text)
    if match is None:
        raise UsageError(f"--httpd-version {printable(text)} is no version.", "Write it as 2.4.62.")
    return int(match[1]), int(match[2]), int(match[3])


def of_version(target: Target, text: str | None) -> Target:
    """Give a target the version that ``--httpd-version`` names.

    Raises:
        UsageError: as ``named_version``.
    """
    version = named_version(text)
    return target if version is None else replace(target, version=version)
