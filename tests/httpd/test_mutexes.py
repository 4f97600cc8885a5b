"""The Mutex directive; what is said was said by the real httpd."""

from __future__ import annotations

import pytest

from mpmtune.httpd.mutexes import refusal, types_of
from mpmtune.httpd.words import split

STATIC = frozenset({"core_module", "watchdog_module"})
WORKER = types_of(STATIC | {"mpm_worker_module"})
EVENT = types_of(STATIC | {"mpm_event_module"})
MECHANISMS = (
    "(Mutex mechanisms are: 'none', 'default', 'flock:/path/to/file', 'fcntl:/path/to/file',"
    " 'file:/path/to/file', 'pthread', 'sysvsem', 'posixsem', 'sem')"
)


def said(args: str, types: frozenset[str] = WORKER) -> str | None:
    return refusal(split(args), types, lambda path: path == "/tmp")


def test_event_has_no_accept_mutex() -> None:
    assert {"default", "watchdog-callback", "mpm-accept"} == WORKER
    assert {"default", "watchdog-callback"} == EVENT
    assert said("default mpm-accept") is None
    assert said("default mpm-accept", EVENT) == "Mutex type mpm-accept is not valid"


def test_modules_bring_their_types() -> None:
    assert types_of({"ssl_module"}) == {
        "default",
        "ssl-cache",
        "ssl-stapling",
        "ssl-stapling-refresh",
    }


@pytest.mark.parametrize(
    "args",
    [
        "default",
        "yes",
        "SysVSem",
        "pthread:",
        "file:/tmp",
        "sem default OmitPID",
        "default omitpid",
        "posixsem mpm-accept watchdog-callback",
    ],
)
def test_what_is_taken(args: str) -> None:
    assert said(args) is None


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ("", f"Mutex requires at least a mechanism argument {MECHANISMS}"),
        ('"" x', f"Mutex requires at least a mechanism argument {MECHANISMS}"),
        ("bogus default", f"Invalid Mutex argument bogus {MECHANISMS}"),
        ("flock:/nowhere", "Invalid Mutex directory in argument flock:/nowhere"),
        ("posixsem:abc", "Invalid Mutex directory in argument posixsem:abc"),
        ("default nosuch bad", "Mutex type bad is not valid"),
        ("default bad OmitPID", "Mutex type bad is not valid"),
        ("default Default", "Mutex type Default is not valid"),
        ("none", "None is not allowed for mutex type default"),
        ("NONE mpm-accept", "None is not allowed for mutex type mpm-accept"),
        ("none:/nowhere", "None is not allowed for mutex type default"),
    ],
)
def test_what_is_refused(args: str, sentence: str) -> None:
    assert said(args) == sentence
