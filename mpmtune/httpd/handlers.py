"""Handlers that look at more than one word, or refuse whatever they are given.

Each gives httpd's sentence, or None when it takes the arguments. The circumstances that a handler
depends on are in ``Circumstances``; where a path cannot be looked at, a handler takes it.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from mpmtune.httpd import mutexes, reqtimeout, values
from mpmtune.httpd.refusals import RefusedError
from mpmtune.httpd.words import split

if TYPE_CHECKING:
    from collections.abc import Callable

    from mpmtune.httpd.placement import Context

_GLOBALLY = 2


class PathKind(Enum):
    """What stands at a path."""

    DIRECTORY = "directory"
    OTHER = "other"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What handlers depend on beside their arguments.

    Attributes:
        version: httpd's.
        server_root: ServerRoot at the end of the reading.
        mutex_types: Types that ``Mutex`` may name.
        look: Tells what stands at an absolute path; None is not known.
    """

    version: tuple[int, ...]
    server_root: str
    mutex_types: frozenset[str]
    look: Callable[[str], PathKind | None]

    def absolute(self, path: str) -> str:
        """Resolve a path against ServerRoot, as ap_server_root_relative does."""
        whole = posixpath.join(self.server_root, path)
        normal = posixpath.normpath("/" + whole.lstrip("/"))
        return f"{normal}/" if whole.endswith("/") and normal != "/" else normal

    def is_directory(self, path: str) -> bool:
        """Tell whether a path, relative to ServerRoot, may be a directory."""
        return self.look(self.absolute(path)) in {PathKind.DIRECTORY, None}


def refusal(name: str, args: str, context: Context, world: Circumstances) -> str | None:
    """Give the sentence with which the handler of a directive refuses its arguments.

    Args:
        name: Folded modern name, one of ``HANDLED``.
        args: The raw arguments, right in number.
        context: Where the directive stands.
        world: What the handler depends on.
    """
    handler = _HANDLERS.get(name)
    if handler is not None:
        return handler(args, context, world)
    try:
        values.parse(name, split(args)[0])
    except RefusedError as error:
        return str(error)
    return None


def _always(sentence: str) -> Callable[[str, Context, Circumstances], str | None]:
    return lambda _args, _context, _world: sentence


def _error(args: str, _context: Context, _world: Circumstances) -> str | None:
    """core.c: generate_message."""
    if not args:
        return "The Error directive was used with no message."
    quoted = len(args) > 1 and args[0] in "\"'" and args[-1] == args[0]
    return args[1:-1] if quoted else args


def _alias(name: str) -> Callable[[str, Context, Circumstances], str | None]:
    """mod_alias.c: add_alias_internal; with one argument it belongs into a <Location>."""

    def handle(args: str, context: Context, _world: Circumstances) -> str | None:
        globally = len(split(args)) == _GLOBALLY
        if globally and context.in_directory:
            return f"{name} cannot occur within directory context"
        if not globally and not context.in_directory:
            return "Alias must have two arguments when used globally"
        return None

    return handle


def _server_alias(_args: str, context: Context, _world: Circumstances) -> str | None:
    """core.c: set_server_alias."""
    return None if context.around else "ServerAlias only used in <VirtualHost>"


def _core_dump_directory(args: str, _context: Context, world: Circumstances) -> str | None:
    """mpm_common.c: ap_mpm_set_coredumpdir."""
    path = world.absolute(split(args)[0])
    kind = world.look(path)
    if kind is PathKind.ABSENT:
        return f"CoreDumpDirectory {path} does not exist"
    return f"CoreDumpDirectory {path} is not a directory" if kind is PathKind.OTHER else None


def _document_root(args: str, context: Context, world: Circumstances) -> str | None:
    """core.c: set_document_root; a virtual host is only warned, AH00112."""
    path = world.absolute(split(args)[0])
    if "<virtualhost" in context.around or world.look(path) in {PathKind.DIRECTORY, None}:
        return None
    return f"DocumentRoot '{path}' is not a directory, or is not readable"


def _mutex(args: str, _context: Context, world: Circumstances) -> str | None:
    return mutexes.refusal(split(args), world.mutex_types, world.is_directory)


def _request_read_timeout(args: str, _context: Context, world: Circumstances) -> str | None:
    try:
        reqtimeout.parse(split(args), world.version)
    except RefusedError as error:
        return str(error)
    return None


_HANDLERS: MappingProxyType[str, Callable[[str, Context, Circumstances], str | None]] = (
    MappingProxyType(
        {
            "alias": _alias("Alias"),
            "coredumpdirectory": _core_dump_directory,
            "documentroot": _document_root,
            "error": _error,
            "fancyindexing": _always(
                "The FancyIndexing directive is no longer supported."
                " Use IndexOptions FancyIndexing."
            ),
            "mutex": _mutex,
            "port": _always("Port was replaced with Listen in Apache 2.0"),
            "requestreadtimeout": _request_read_timeout,
            "scriptalias": _alias("ScriptAlias"),
            "serveralias": _server_alias,
            "ssllog": _always("SSLLog directive is no longer supported - use ErrorLog."),
            "sslloglevel": _always("SSLLogLevel directive is no longer supported - use LogLevel."),
        }
    )
)

HANDLED = frozenset(_HANDLERS) | frozenset(values.PARSERS)
"""Folded modern names whose arguments are judged here."""

COUNT_FIRST = frozenset({"alias", "scriptalias"})
"""Those that look at their arguments before they look at the sections around."""
