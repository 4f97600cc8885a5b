"""The intermediate certificates are in a file of their own, named by SSLCertificateChainFile.

## What it does
Reports ``SSLCertificateChainFile``. Since httpd 2.4.8 the file that ``SSLCertificateFile`` names
may hold the server's certificate and, after it, the intermediate ones.

## Why it matters
The chain belongs to one certificate. When a renewal changes the issuer, both files must change
together; and a host with two certificates, RSA and ECDSA, cannot have two chain files.

## When to ignore it
Where httpd older than 2.4.8 reads the file, or the tool that renews certificates writes the two
files together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each SSLCertificateChainFile."""
    del tree
    for hit in hits:
        yield Violation(
            hit,
            "SSLCertificateChainFile is obsolete since httpd 2.4.8: append the intermediate"
            " certificates to the file that SSLCertificateFile names",
        )


_HOST = "<VirtualHost *:443>\nServerName www.example.com\nSSLEngine On\n{}</VirtualHost>\n"
_CERTIFICATE = "SSLCertificateFile /srv/www/cert.pem\nSSLCertificateKeyFile /srv/www/key.pem\n"

RULE = Rule(
    code="DEP808",
    name="sslcertificatechainfile",
    severity=Severity.INFO,
    by_default=False,
    on=("sslcertificatechainfile",),
    httpd_since=(2, 4, 8),
    references=(
        "mod/mod_ssl.html#sslcertificatechainfile",
        "mod/mod_ssl.html#sslcertificatefile",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad=_HOST.format(_CERTIFICATE + "SSLCertificateChainFile /srv/www/cert.pem\n"),
            lines=(6,),
            modules=("ssl_module",),
        ),
        Example(good=_HOST.format(_CERTIFICATE), modules=("ssl_module",)),
    ),
    check=check,
)
