"""A cipher list asks for broken ciphers.

## What it does
Reports ``SSLCipherSuite`` in force that names RC4, 3DES, DES, RC2, IDEA, SEED or MD5 and does not
bar them. ``+RC4`` only moves what is on already and is not counted; neither are ``ALL`` and
``MEDIUM``, whose content depends on the library. Anonymous, unencrypted and export ciphers are no
matter: mod_ssl bars them itself, whatever the list says.

## Why it matters
What is encrypted with them can be read, with effort that has become small. The OpenSSL of Debian,
Ubuntu, Alpine and the images built on them has none of these ciphers left; there it is a warning,
and a list of nothing else keeps httpd from starting. That of Red Hat has them.

## When to ignore it
For a device that cannot be replaced, on an address of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd import openssl
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.tls_servers import tls_servers
from mpmtune.lint.unknown_values import is_known
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.openssl import Ciphers
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each cipher list in force with something broken in it."""
    said: set[int] = set()
    lacking = openssl.lacks_weak_ciphers(tree.target.name)
    for server in tls_servers(tree, hits.scope):
        for line in server.here.of_server("sslciphersuite"):
            if id(line) in said or not is_known(line.args):
                continue
            said.add(id(line))
            words = split(line.args)
            found = openssl.weak_ciphers(words[-1]) if words else None
            if found is None or not found.weak:
                continue
            ends = "; the OpenSSL of this distribution has none of it" if lacking else ""
            yield Violation(
                line,
                f"The list asks for {', '.join(found.weak)}{ends}",
                _fix(line, found),
                word=len(words),
                severity=Severity.WARNING if lacking else None,
            )


def _fix(line: Occurrence, found: Ciphers) -> Fix | None:
    """Take the words out, and bar the groups: another word may hold them too."""
    words = split(line.args)
    kept = [word for word in openssl.split_ciphers(words[-1]) if word not in found.words]
    if not kept:
        return None
    barred = [f"!{group}" for group in found.weak]
    return fix("Bar them", replace_word(line, len(words), ":".join([*kept, *barred])))


_HOST = """\
<VirtualHost *:8080>
ServerName www.example.com
SSLEngine on
SSLCertificateFile /srv/www/cert.pem
SSLCertificateKeyFile /srv/www/key.pem
SSLCipherSuite {}
</VirtualHost>
"""
_SSL = ("ssl_module",)

RULE = Rule(
    code="TLS402",
    name="weak-ciphers-enabled",
    severity=Severity.ERROR,
    on=("sslciphersuite",),
    cis=("7.5", "7.8", "7.12"),
    references=(
        "mod/mod_ssl.html#sslciphersuite",
        "ssl_engine_config.c: ssl_cmd_SSLCipherSuite",
        "https://docs.openssl.org/3.0/man1/openssl-ciphers/",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad=_HOST.format("ALL:RC4-SHA:3DES"),
            fixed_unsafely=_HOST.format("ALL:!3DES:!RC4"),
            lines=(6,),
            modules=_SSL,
        ),
        Example(
            bad=_HOST.format('"ECDHE+AESGCM DES-CBC3-SHA"'),
            fixed_unsafely=_HOST.format("ECDHE+AESGCM:!3DES"),
            lines=(6,),
            modules=_SSL,
        ),
        Example(bad="SSLCipherSuite RC4-MD5\n", scope=Scope.FRAGMENT),
        Example(good=_HOST.format("ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL"), modules=_SSL),
        Example(good=_HOST.format("HIGH:MEDIUM:RC4:3DES:!MEDIUM:!MD5:!SSLv3"), modules=_SSL),
        Example(good=_HOST.format("HIGH:+RC4:!aNULL:3DES:-3DES"), modules=_SSL),
        Example(good=_HOST.format("TLSv1.3 TLS_AES_256_GCM_SHA384"), modules=_SSL),
    ),
    check=check,
)
