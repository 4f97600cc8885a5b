"""Paths as APR joins them, and what lies at them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mpmtune.errors import NotRecordedError
from mpmtune.host.bare_tree import BareTree
from mpmtune.host.doorway import Absent, Entry, EntryKind
from mpmtune.httpd.handlers import PathKind

if TYPE_CHECKING:
    from mpmtune.host.doorway import Files

_MOST_LINKS = 40


def as_path(text: str) -> str:
    """Turn text of a configuration, one character per byte, into a path of the system."""
    return text if text.isascii() else os.fsdecode(text.encode("latin-1"))


def merge(root: str, path: str) -> str:
    """Join a path to a root and take out ``.``, ``..`` and doubled slashes.

    As apr_filepath_merge does: an absolute path forgets the root, a slash at the end stays, and
    links are not looked at.
    """
    absolute = path.startswith("/")
    parts = [] if absolute else [part for part in root.split("/") if part]
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in {"", "."}:
            parts.append(part)
    merged = "/".join(parts)
    if absolute or root.startswith("/"):
        merged = "/" + merged
    return merged + "/" if path.endswith("/") and parts else merged


def join(directory: str, name: str) -> str:
    """Put a name below a directory (ap_make_full_path)."""
    return directory + name if directory.endswith("/") else f"{directory}/{name}"


def within(root: str, path: str) -> bool:
    """Tell whether a path is a directory or lies below it, by its text alone."""
    return f"{path}/".startswith(join(root, ""))


def followed(files: Files, path: str) -> Entry | Absent:
    """Look at what a path leads to, links followed."""
    asked = path
    for _ in range(_MOST_LINKS + 1):
        entry = files.entry(path)
        if isinstance(entry, Absent) or entry.target is None:
            return entry
        path = merge(path.rpartition("/")[0], entry.target)
    return Absent(asked, "too many levels of symbolic links")


def is_directory(files: Files, path: str) -> bool:
    """Tell whether a path leads to a directory."""
    entry = followed(files, path.rstrip("/") or "/")
    return isinstance(entry, Entry) and entry.kind is EntryKind.DIRECTORY


def kind_at(files: Files, path: str) -> PathKind | None:
    """Tell what a path leads to, as ``httpd.effective`` asks; None where that is not known.

    What a bare tree lacks may well lie on its machine, and a record answers what was asked then.
    """
    try:
        entry = followed(files, path.rstrip("/") or "/")
    except NotRecordedError:
        return None
    if isinstance(entry, Absent):
        return PathKind.ABSENT if entry.missing and not isinstance(files, BareTree) else None
    if entry.kind is EntryKind.DIRECTORY:
        return PathKind.DIRECTORY
    return PathKind.FILE if entry.kind is EntryKind.FILE and entry.size else PathKind.OTHER
