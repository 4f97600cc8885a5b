"""Settings of ``lint`` from mpmtune.toml, or from [tool.mpmtune] in pyproject.toml."""

from __future__ import annotations

import sys
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from mpmtune.errors import InputError, UsageError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_OWN = "mpmtune.toml"
_SHARED = "pyproject.toml"
_MOST_BYTES = 1024 * 1024


class LintSettings(NamedTuple):
    """What a settings file says; None and empty where it says nothing.

    Attributes:
        directory: Where the file lies: its paths are relative to that.
        paths: What is checked when no path is given.
        select: As ``--select``.
        ignore: As ``--ignore``.
        fail_on: As ``--fail-on``.
        profile: As ``--profile``.
        baseline: As ``--baseline``.
        root: As ``--root``.
        target: As ``--target``.
        httpd_version: As ``--httpd-version``.
        mpm: As ``--mpm``.
        define: As ``-D``.
        per_file_ignores: Pattern of paths → codes.
        severity: Code → ``error``, ``warning`` or ``info``.
    """

    directory: str = ""
    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    profile: str | None = None
    baseline: str | None = None
    root: str | None = None
    target: str | None = None
    httpd_version: str | None = None
    mpm: str | None = None
    define: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    severity: Mapping[str, str] = MappingProxyType({})

    def beside(self, path: str) -> str:
        """Give a path of the file as seen from the working directory."""
        return str(Path(self.directory, path))


def lint_settings(directory: Path) -> LintSettings:
    """Look for settings in a directory and those above it; the nearest file counts.

    Raises:
        InputError: if the file cannot be read, or is no TOML.
        UsageError: for a key that is not known, or a value of the wrong kind.
    """
    for above in (directory, *directory.parents):
        own = above / _OWN
        if own.is_file():
            return _settings(own, _parsed(own, _content(own)).get("lint", {}))
        shared = above / _SHARED
        if shared.is_file():
            content = _content(shared)
            # Most of these files are not for us, and a TOML parser takes time to load.
            if b"mpmtune" in content:
                table = _parsed(shared, content).get("tool", {}).get("mpmtune")
                if isinstance(table, dict):
                    return _settings(shared, table.get("lint", {}))
    return LintSettings()


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError as error:
        raise InputError(
            f"{printable(str(path))} cannot be read: {error.strerror}.", "Make it readable."
        ) from None


def _parsed(path: Path, content: bytes) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        table: dict[str, Any] = tomllib.loads(content.decode("utf-8"))
    except ValueError as error:
        raise InputError(
            f"{printable(str(path))} is no TOML: {printable(str(error))}.", "Mend that line."
        ) from None
    return table


def _settings(path: Path, table: object) -> LintSettings:
    if not isinstance(table, dict):
        raise _wrong(path, "lint", "a table")
    values: dict[str, Any] = {"directory": str(path.parent)}
    for key, value in table.items():
        if key not in _KEYS:
            raise UsageError(
                f"{printable(str(path))}: there is no setting {printable(key)}.",
                f"There are: {', '.join(_KEYS)}.",
            )
        field_name, read, kind = _KEYS[key]
        made = read(value)
        if made is None:
            raise _wrong(path, key, kind)
        values[field_name] = made
    return LintSettings(**values)


def _wrong(path: Path, key: str, kind: str) -> UsageError:
    return UsageError(
        f"{printable(str(path))}: {key} must be {kind}.", "See docs/ci.md for an example."
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...] | None:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return None


def _texts_by_name(value: object) -> dict[str, tuple[str, ...]] | None:
    if not isinstance(value, dict):
        return None
    made = {str(name): _texts(item) for name, item in value.items()}
    return {n: t for n, t in made.items() if t is not None} if None not in made.values() else None


def _severities(value: object) -> dict[str, str] | None:
    known = {"error", "warning", "info"}
    if isinstance(value, dict) and all(item in known for item in value.values()):
        return {str(name): str(item) for name, item in value.items()}
    return None


_A_TEXT = "a text in quotes"
_A_LIST = "a list of texts"
_KEYS: dict[str, tuple[str, Callable[[object], object], str]] = {
    "paths": ("paths", _texts, _A_LIST),
    "select": ("select", _texts, _A_LIST),
    "ignore": ("ignore", _texts, _A_LIST),
    "fail-on": ("fail_on", _text, _A_TEXT),
    "profile": ("profile", _text, _A_TEXT),
    "baseline": ("baseline", _text, _A_TEXT),
    "root": ("root", _text, _A_TEXT),
    "target": ("target", _text, _A_TEXT),
    "httpd-version": ("httpd_version", _text, _A_TEXT),
    "mpm": ("mpm", _text, _A_TEXT),
    "define": ("define", _texts, _A_LIST),
    "per-file-ignores": ("per_file_ignores", _texts_by_name, "a table of lists of texts"),
    "severity": ("severity", _severities, "a table of error, warning or info"),
}
