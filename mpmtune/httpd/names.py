"""Names of directives: folded for comparing, the manual's spelling for people, old ones made new."""

from __future__ import annotations

from types import MappingProxyType

# The MPMs register both pairs; the second name is what the manual describes. The deprecation
# notices AH00188, AH00324, AH00521 and AH00545 name the same pairs.
MODERN = MappingProxyType(
    {
        "maxclients": "maxrequestworkers",
        "maxrequestsperchild": "maxconnectionsperchild",
    }
)

# Known to httpd only to be refused, each with a text that names its successor.
REFUSED = MappingProxyType(
    {
        "port": "listen",
        "ssllog": "errorlog",
        "sslloglevel": "loglevel",
        "fancyindexing": "indexoptions",
    }
)


def fold(name: str) -> str:
    """Give the form under which names are compared: ``MaxClients`` is ``maxclients``."""
    return name.lower()


def modern(folded: str) -> str:
    """Give the name that a directive has today, folded; most have never had another."""
    return MODERN.get(folded, folded)


# Where the command table's spelling differs from the manual's in more than a habit. TimeOut and
# ListenBackLog are left as httpd and every distribution's files write them.
_MANUAL = MappingProxyType(
    {
        "allow": "Allow",
        "anonymous_nouserid": "Anonymous_NoUserID",
        "cachefile": "CacheFile",
        "cookiehttponly": "CookieHTTPOnly",
        "dav": "Dav",
        "davbasepath": "DavBasePath",
        "davdepthinfinity": "DavDepthInfinity",
        "davgenericlockdb": "DavGenericLockDB",
        "davlockdb": "DavLockDB",
        "davlockdiscovery": "DavLockDiscovery",
        "davmintimeout": "DavMinTimeout",
        "deflatealteretag": "DeflateAlterETag",
        "deny": "Deny",
        "limitrequestfieldsize": "LimitRequestFieldSize",
        "mmapfile": "MMapFile",
        "order": "Order",
        "proxyhtmldoctype": "ProxyHTMLDocType",
        "ssietag": "SSIETag",
        "sslocspnoverify": "SSLOCSPNoverify",
    }
)


def manual(folded: str) -> str:
    """Spell a folded name as the manual does: ``maxrequestworkers`` is ``MaxRequestWorkers``.

    A section keeps its ``<``. A name that httpd does not know comes back as it is.
    """
    from mpmtune.httpd.directives import find

    row = find(folded)
    return _MANUAL.get(folded) or (row.name if row else folded)
