"""The pass phrase of a key is asked for on the terminal.

## What it does
Reports ``SSLPassPhraseDialog builtin`` where a server speaks TLS. Whether a key is encrypted at
all is in the key's file, which is not looked at: with keys that are not, the line does nothing.

## Why it matters
At a start without a terminal, by systemd or after a crash at night, nobody answers, and httpd does
not come up.

## When to ignore it
Where no key is encrypted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.tls_servers import tls_servers
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the line in force."""
    line = hits.last("sslpassphrasedialog")
    if line is None or word_in(line).lower() != "builtin" or not tls_servers(tree, hits.scope):
        return
    yield Violation(
        line, "With an encrypted key httpd waits for its pass phrase at start, on a terminal"
    )


_HOST = """\
<VirtualHost *:8080>
ServerName www.example.com
SSLEngine on
SSLCertificateFile /srv/www/cert.pem
SSLCertificateKeyFile /srv/www/key.pem
</VirtualHost>
"""
_SSL = ("ssl_module",)

RULE = Rule(
    code="TLS415",
    name="interactive-passphrase",
    severity=Severity.INFO,
    by_default=False,
    on=("sslpassphrasedialog",),
    references=(
        "mod/mod_ssl.html#sslpassphrasedialog",
        "ssl_engine_pphrase.c: ssl_pphrase_Handle_CB",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad="SSLPassPhraseDialog builtin\n" + _HOST,
            good="SSLPassPhraseDialog exec:/bin/true\n" + _HOST,
            modules=_SSL,
        ),
        Example(good="SSLPassPhraseDialog builtin\n", modules=_SSL),
    ),
    check=check,
)
