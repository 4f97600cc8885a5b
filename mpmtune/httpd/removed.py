"""Directives and modules that httpd 2.4 no longer has, and what took their place.

The manual's pages upgrading.html of 2.0, 2.2 and 2.4 name them; each directive was put to a
2.4.71 with all modules loaded, which refuses it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Removed(NamedTuple):
    """What became of a directive.

    Attributes:
        since: The release series that dropped it.
        instead: What does its work now, as the end of a sentence.
        renamed: The directive that takes the same arguments; empty when there is none.
        needless: Nothing is lost without it: httpd does by itself what it asked for.
    """

    since: str
    instead: str
    renamed: str = ""
    needless: bool = False


class RemovedModule(NamedTuple):
    """What became of a module.

    Attributes:
        since: The release series that dropped it.
        instead: Identifiers of the modules that do its work; empty when none does.
        renamed: The same module goes on under the one name in ``instead``.
    """

    since: str
    instead: tuple[str, ...] = ()
    renamed: bool = False


_MUTEX = Removed("2.4", "Mutex sets the kind and place of all locks", needless=True)
_AUTHORITATIVE = Removed(
    "2.4", "<RequireAll>, <RequireAny> and <RequireNone> say what decides", needless=True
)
_MEMORY_CACHE = Removed("2.4", "mod_cache_socache caches in memory")
_PROXY_CACHE = Removed("2.2", "mod_cache and mod_cache_disk have taken over the proxy's cache")
_OF_ONE_FILE = Removed("2.0", "Include reads further files")
_LINKED = Removed("2.0", "a module's place is settled when it is built", needless=True)

DIRECTIVES: Mapping[str, Removed] = MappingProxyType(
    {
        # to 2.4
        "acceptmutex": _MUTEX,
        "lockfile": _MUTEX,
        "rewritelock": _MUTEX,
        "sslmutex": _MUTEX,
        "rewritelog": Removed(
            "2.4", "mod_rewrite writes into the ErrorLog, as LogLevel rewrite:trace3 asks"
        ),
        "rewriteloglevel": Removed("2.4", "LogLevel rewrite:trace1 to rewrite:trace8 does it"),
        "dumpiologlevel": Removed("2.4", "mod_dumpio writes at LogLevel dumpio:trace7"),
        "authzdbmauthoritative": _AUTHORITATIVE,
        "authzdefaultauthoritative": _AUTHORITATIVE,
        "authzgroupfileauthoritative": _AUTHORITATIVE,
        "authzldapauthoritative": _AUTHORITATIVE,
        "authzownerauthoritative": _AUTHORITATIVE,
        "authzuserauthoritative": _AUTHORITATIVE,
        "cookielog": Removed("2.4", 'CustomLog with "%{NAME}C" logs a cookie'),
        "mcachemaxobjectcount": _MEMORY_CACHE,
        "mcachemaxobjectsize": _MEMORY_CACHE,
        "mcachemaxstreamingbuffer": _MEMORY_CACHE,
        "mcacheminobjectsize": _MEMORY_CACHE,
        "mcacheremovalalgorithm": _MEMORY_CACHE,
        "mcachesize": _MEMORY_CACHE,
        "win32disableacceptex": Removed("2.4", "AcceptFilter does it"),
        # to 2.2
        "authauthoritative": Removed(
            "2.2", "AuthBasicAuthoritative is its name", renamed="AuthBasicAuthoritative"
        ),
        "authdigestfile": Removed("2.2", "AuthUserFile is its name", renamed="AuthUserFile"),
        "authldapauthoritative": Removed("2.2", "<RequireAny> and <RequireAll> say what decides"),
        "authldapenabled": Removed("2.2", "AuthBasicProvider ldap turns it on"),
        "cacheexpirycheck": _PROXY_CACHE,
        "cachegcclean": _PROXY_CACHE,
        "cachegcdaily": _PROXY_CACHE,
        "cachegcinterval": _PROXY_CACHE,
        "cachegcmemusage": _PROXY_CACHE,
        "cachegcunused": _PROXY_CACHE,
        "cachesize": _PROXY_CACHE,
        "cachetimemargin": _PROXY_CACHE,
        # to 2.0
        "accessconfig": _OF_ONE_FILE,
        "resourceconfig": _OF_ONE_FILE,
        "addmodule": _LINKED,
        "clearmodulelist": _LINKED,
        "agentlog": Removed("2.0", 'CustomLog with "%{User-Agent}i" writes it'),
        "bindaddress": Removed("2.0", "Listen names address and port"),
        "refererignore": Removed("2.0", "SetEnvIf and CustomLog with env= leave requests out"),
        "refererlog": Removed("2.0", 'CustomLog with "%{Referer}i -> %U" writes it'),
        "servertype": Removed("2.0", "httpd always runs by itself", needless=True),
        # still in the command tables, to be refused
        "fancyindexing": Removed("2.0", "IndexOptions FancyIndexing turns it on"),
        "port": Removed("2.0", "Listen names the port, ServerName the one in URLs"),
        "ssllog": Removed("2.0", "mod_ssl writes into the ErrorLog", needless=True),
        "sslloglevel": Removed("2.0", "LogLevel with ssl: and a level does it"),
    }
)
"""Folded names of directives that any 2.4 refuses."""

MODULES: Mapping[str, RemovedModule] = MappingProxyType(
    {
        # to 2.4
        "authn_alias_module": RemovedModule("2.4", ("authn_core_module",)),
        "authn_default_module": RemovedModule("2.4", ("authn_core_module",)),
        "authz_default_module": RemovedModule("2.4", ("authz_core_module",)),
        "disk_cache_module": RemovedModule("2.4", ("cache_disk_module",), renamed=True),
        "mem_cache_module": RemovedModule("2.4", ("cache_socache_module",)),
        # to 2.2
        "access_module": RemovedModule("2.2", ("authz_host_module",)),
        "auth_module": RemovedModule(
            "2.2", ("auth_basic_module", "authn_file_module", "authz_groupfile_module")
        ),
        "auth_anon_module": RemovedModule("2.2", ("auth_basic_module", "authn_anon_module")),
        "auth_dbm_module": RemovedModule(
            "2.2", ("auth_basic_module", "authn_dbm_module", "authz_dbm_module")
        ),
        "auth_ldap_module": RemovedModule("2.2", ("authnz_ldap_module",)),
        "imap_module": RemovedModule("2.2", ("imagemap_module",), renamed=True),
        # to 2.0
        "agent_log_module": RemovedModule("2.0", ("log_config_module",)),
        "config_log_module": RemovedModule("2.0", ("log_config_module",), renamed=True),
        "mmap_static_module": RemovedModule("2.0", ("file_cache_module",)),
        "referer_log_module": RemovedModule("2.0", ("log_config_module",)),
    }
)
"""Identifiers of modules that no 2.4 has."""
