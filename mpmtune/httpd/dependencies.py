"""Which module another one needs: symbols that its file takes from there, and names it serves.

The symbols were read off the files of a full build of 2.4.71 (``nm -D``); without them the
loader says "undefined symbol" and httpd stops while it reads (mod_so.c).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROXY = (
    "proxy_ajp proxy_balancer proxy_connect proxy_express proxy_fcgi proxy_fdpass proxy_ftp"
    " proxy_hcheck proxy_http proxy_http2 proxy_scgi proxy_uwsgi proxy_wstunnel"
)
_NEEDS = {
    "proxy": _PROXY,
    "cache": "cache_disk cache_socache",
    "dav": "dav_fs dav_lock",
    "session": "session_cookie session_crypto session_dbd",
}

# Identifier → identifier of the module that has to be loaded before.
BASE: Mapping[str, str] = MappingProxyType(
    {f"{one}_module": f"{base}_module" for base, names in _NEEDS.items() for one in names.split()}
)

# Scheme of a backend's URL → the modules that answer for it, the usual one first.
# mod_proxy_http takes WebSocket schemes since 2.4.47 (proxy_http_canon).
SCHEMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "http": ("proxy_http_module",),
        "https": ("proxy_http_module",),
        "ws": ("proxy_wstunnel_module", "proxy_http_module"),
        "wss": ("proxy_wstunnel_module", "proxy_http_module"),
        "fcgi": ("proxy_fcgi_module",),
        "scgi": ("proxy_scgi_module",),
        "uwsgi": ("proxy_uwsgi_module",),
        "ajp": ("proxy_ajp_module",),
        "ftp": ("proxy_ftp_module",),
        "h2": ("proxy_http2_module",),
        "h2c": ("proxy_http2_module",),
        "balancer": ("proxy_balancer_module",),
    }
)

# Handler name → the module that answers for it; without it the default handler sends the file.
HANDLERS: Mapping[str, str] = MappingProxyType(
    {
        "server-status": "status_module",
        "server-info": "info_module",
        "balancer-manager": "proxy_balancer_module",
        "ldap-status": "ldap_module",
        "type-map": "negotiation_module",
        "imap-file": "imagemap_module",
        "send-as-is": "asis_module",
    }
)
SCRIPT_HANDLERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cgi-script": ("cgid_module", "cgi_module"),
        "fcgid-script": ("fcgid_module",),
        "lua-script": ("lua_module",),
        "perl-script": ("perl_module",),
        "wsgi-script": ("wsgi_module",),
    }
)


def scheme_of(target: str) -> str:
    """Give the scheme of a backend's URL, that behind ``unix:PATH|`` included; lower case."""
    url = target.rpartition("|")[2] if target[:5].lower() == "unix:" else target
    scheme, colon, _ = url.partition(":")
    return scheme.lower() if colon else ""
