"""A handler names a socket without the scheme that is to be spoken there.

## What it does
Reports ``SetHandler`` and ``AddHandler`` with ``proxy:unix:/path`` and no ``|scheme://host`` behind it.

## Why it matters
``-t`` takes it, mod_proxy does not know what to do with it, and httpd sends the file itself:
the source of PHP scripts, with status 200.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix
from mpmtune.lint.proxy_lines import at_end_of_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_FASTCGI = ("php", "fpm", "fcgi")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the handlers that are none."""
    del tree
    for hit in hits:
        handler = (*split(hit.args), "")[0]
        if handler.lower().startswith("proxy:unix:") and "|" not in handler:
            fastcgi = any(name in handler.lower() for name in _FASTCGI)
            mended = at_end_of_word(hit, 1, add="|fcgi://localhost") if fastcgi else None
            yield Violation(
                hit,
                "Without |scheme:// behind the socket, the files themselves are sent to clients",
                fix("Say that it speaks FastCGI", mended) if mended else None,
                word=1,
            )


_FCGI = ("proxy_module", "proxy_fcgi_module")


def _files(handler: str) -> str:
    return f'<FilesMatch "\\.php$">\nSetHandler {handler}\n</FilesMatch>\n'


RULE = Rule(
    code="RWR618",
    name="unix-socket-without-pipe",
    severity=Severity.ERROR,
    on=("sethandler", "addhandler"),
    references=("mod/mod_proxy_fcgi.html#examples", "mod_proxy.c: proxy_handler"),
    since="0.1.0",
    examples=(
        Example(
            bad=_files('"proxy:unix:/run/php.sock"'),
            fixed_unsafely=_files('"proxy:unix:/run/php.sock|fcgi://localhost"'),
            lines=(2,),
            modules=_FCGI,
        ),
        Example(
            bad="AddHandler proxy:unix:/run/php-fpm/www.sock .php\n",
            also=("SEC309",),
            modules=_FCGI,
        ),
        Example(bad=_files("proxy:unix:/run/app.sock"), lines=(2,), modules=_FCGI),
        Example(
            good=_files('"proxy:unix:/run/php.sock|fcgi://localhost"')
            + _files('"proxy:fcgi://127.0.0.1:9000"'),
            modules=_FCGI,
        ),
    ),
    check=check,
)
