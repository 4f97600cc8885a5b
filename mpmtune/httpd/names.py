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


def manual(folded: str) -> str:
    """Spell a folded name as the manual does: ``ListenBackLog`` for ``listenbacklog``.

    A name that httpd does not know comes back as it is.
    """
    from mpmtune.httpd.directives import find

    row = find(folded)
    return row.name if row else folded
