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

from mpmtune.httpd import keywords, mutexes, options, reqtimeout, values
from mpmtune.httpd.keywords import KEYWORDS
from mpmtune.httpd.names import manual
from mpmtune.httpd.refusals import RefusedError
from mpmtune.httpd.words import split

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mpmtune.httpd.placement import Context

_GLOBALLY = 2


class PathKind(Enum):
    """What stands at a path."""

    DIRECTORY = "directory"
    FILE = "a regular file with content"
    OTHER = "other"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What handlers depend on beside their arguments.

    Attributes:
        version: httpd's.
        server_root: ServerRoot at the end of the reading.
        mutex_types: Types that ``Mutex`` may name.
        look: Tells what stands at an absolute path, None where that is not known; None itself
            where no path can be looked at.
    """

    version: tuple[int, ...]
    server_root: str
    mutex_types: frozenset[str]
    look: Callable[[str], PathKind | None] | None = None

    def absolute(self, path: str) -> str:
        """Resolve a path against ServerRoot, as ap_server_root_relative does."""
        whole = posixpath.join(self.server_root, path)
        normal = posixpath.normpath("/" + whole.lstrip("/"))
        return f"{normal}/" if whole.endswith("/") and normal != "/" else normal

    def kind(self, path: str) -> PathKind | None:
        """Tell what stands at an absolute path; None is not known."""
        return None if self.look is None else self.look(path)

    def may_be_directory(self, path: str) -> bool:
        """Tell whether nothing is known against a path, relative to ServerRoot."""
        return self.kind(self.absolute(path)) in {PathKind.DIRECTORY, None}


def judges(name: str, context: Context, world: Circumstances) -> bool:
    """Tell whether the arguments of a directive can be refused here; folded modern name.

    It is asked once for a name and a context, so that the common lines of a virtual host, which
    cannot be refused, cost nothing.
    """
    if name == "serveralias":
        return not context.around
    if name == "documentroot" or name in _NEEDS:
        return world.look is not None
    return name in _HANDLED


def refusal(name: str, args: str, context: Context, world: Circumstances) -> str | None:
    """Give the sentence with which the handler of a directive refuses its arguments.

    Args:
        name: Folded modern name; ``judges`` holds for it.
        args: The raw arguments, right in number.
        context: Where the directive stands.
        world: What the handler depends on.
    """
    handler = _HANDLERS.get(name)
    if handler is not None:
        return handler(args, context, world)
    if name in _NEEDS:
        return _missing(name, split(args)[0], world)
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


def _server_alias(_args: str, _context: Context, _world: Circumstances) -> str | None:
    """core.c: set_server_alias; see ``judges``."""
    return "ServerAlias only used in <VirtualHost>"


def _core_dump_directory(args: str, _context: Context, world: Circumstances) -> str | None:
    """mpm_common.c: ap_mpm_set_coredumpdir."""
    path = world.absolute(split(args)[0])
    kind = world.kind(path)
    if kind is PathKind.ABSENT:
        return f"CoreDumpDirectory {path} does not exist"
    is_directory = kind in {PathKind.DIRECTORY, None}
    return None if is_directory else f"CoreDumpDirectory {path} is not a directory"


def _document_root(args: str, context: Context, world: Circumstances) -> str | None:
    """core.c: set_document_root; a virtual host is only warned, AH00112."""
    (path,) = split(args)
    if "<virtualhost" in context.around or world.may_be_directory(path):
        return None
    return f"DocumentRoot '{world.absolute(path)}' is not a directory, or is not readable"


def _missing(name: str, word: str, world: Circumstances) -> str | None:
    """ssl_engine_config.c: ssl_cmd_check_file, ssl_cmd_check_dir."""
    path = world.absolute(word)
    if word.startswith("pkcs11:") or world.kind(path) in {_NEEDS[name], None}:
        return None
    if _NEEDS[name] is PathKind.FILE:
        return f"{manual(name)}: file '{path}' does not exist or is empty"
    return f"{manual(name)}: directory '{path}' does not exist"


def _mutex(args: str, _context: Context, world: Circumstances) -> str | None:
    return mutexes.refusal(split(args), world.mutex_types, world.may_be_directory)


def _words(
    refusal_of: Callable[[Sequence[str]], str | None],
) -> Callable[[str, Context, Circumstances], str | None]:
    return lambda args, _context, _world: refusal_of(split(args))


def _keyword(name: str) -> Callable[[str, Context, Circumstances], str | None]:
    return lambda args, _context, _world: KEYWORDS[name].refusal(split(args)[0])


def _request_read_timeout(args: str, _context: Context, world: Circumstances) -> str | None:
    try:
        reqtimeout.parse(split(args), world.version)
    except RefusedError as error:
        return str(error)
    return None


# What mod_ssl wants to find behind the argument.
_NEEDS = MappingProxyType(
    {
        "sslcacertificatefile": PathKind.FILE,
        "sslcacertificatepath": PathKind.DIRECTORY,
        "sslcadnrequestfile": PathKind.FILE,
        "sslcadnrequestpath": PathKind.DIRECTORY,
        "sslcarevocationfile": PathKind.FILE,
        "sslcarevocationpath": PathKind.DIRECTORY,
        "sslcertificatechainfile": PathKind.FILE,
        "sslcertificatefile": PathKind.FILE,
        "sslcertificatekeyfile": PathKind.FILE,
        "sslocsprespondercertificatefile": PathKind.FILE,
        "sslproxycacertificatefile": PathKind.FILE,
        "sslproxycacertificatepath": PathKind.DIRECTORY,
        "sslproxycarevocationfile": PathKind.FILE,
        "sslproxycarevocationpath": PathKind.DIRECTORY,
        "sslproxymachinecertificatechainfile": PathKind.FILE,
        "sslproxymachinecertificatefile": PathKind.FILE,
        "sslproxymachinecertificatepath": PathKind.DIRECTORY,
    }
)

_HANDLERS: MappingProxyType[str, Callable[[str, Context, Circumstances], str | None]] = (
    MappingProxyType(
        {
            **{name: _keyword(name) for name in KEYWORDS},
            "alias": _alias("Alias"),
            "allowoverride": _words(keywords.override_refusal),
            "coredumpdirectory": _core_dump_directory,
            "documentroot": _document_root,
            "error": _error,
            "fancyindexing": _always(
                "The FancyIndexing directive is no longer supported."
                " Use IndexOptions FancyIndexing."
            ),
            "loglevel": _words(keywords.log_level_refusal),
            "mutex": _mutex,
            "options": _words(options.refusal),
            "port": _always("Port was replaced with Listen in Apache 2.0"),
            "requestreadtimeout": _request_read_timeout,
            "scriptalias": _alias("ScriptAlias"),
            "serveralias": _server_alias,
            "ssllog": _always("SSLLog directive is no longer supported - use ErrorLog."),
            "sslloglevel": _always("SSLLogLevel directive is no longer supported - use LogLevel."),
        }
    )
)

_HANDLED = frozenset(_HANDLERS) | frozenset(values.PARSERS)

PLAINLY_RIGHT: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {"options": options.plainly_right} | {name: row.plainly_right for name, row in KEYWORDS.items()}
)
"""For the common ones among them: raw arguments that need no closer look."""

COUNT_FIRST = frozenset({"alias", "scriptalias"})
"""Those that look at their arguments before they look at the sections around."""
