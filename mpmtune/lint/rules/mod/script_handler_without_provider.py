"""Scripts are given to a handler that nobody answers for.

## What it does
Reports ``SetHandler``, ``AddHandler`` and ``AddType`` that pass scripts on: PHP's own handler
names without mod_php, ``cgi-script`` and its like without their modules, and ``proxy:fcgi://…``
without mod_proxy and the module of the scheme.

## Why it matters
``-t`` is content and the server is healthy. The default handler then sends the script's source to
the client with status 200, passwords and all.

## When to ignore it
When the module is loaded by a file that is not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.dependencies import SCHEMES, SCRIPT_HANDLERS, scheme_of
from mpmtune.httpd.php_handlers import MOD_PHP, is_mod_php
from mpmtune.httpd.words import split
from mpmtune.lint.loading import load
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_PROXY = "proxy:"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the handlers that leave scripts to the default handler."""
    for hit in hits:
        words = split(hit.args)
        missing = _missing(words[0], tree) if words else ()
        if missing:
            yield Violation(
                hit,
                f"{' and '.join(missing)} not loaded: the source of these scripts is sent to clients",
                None if missing[0] in MOD_PHP else load(tree, hit, *missing),
                word=1,
            )


def _missing(handler: str, tree: Tree) -> tuple[str, ...]:
    """Give the modules that a handler lacks; empty when it has all or is none of these."""
    if is_mod_php(handler):
        return () if any(module in tree.modules for module in MOD_PHP) else MOD_PHP[:1]
    if handler.lower().startswith(_PROXY):
        modules = SCHEMES.get(scheme_of(handler[len(_PROXY) :]), ())
        spoken = any(module in tree.modules for module in modules)
        wanted = ("proxy_module", *(() if spoken else modules[:1]))
        return tuple(module for module in wanted if module not in tree.modules)
    modules = SCRIPT_HANDLERS.get(handler.lower(), ())
    return () if any(module in tree.modules for module in modules) else modules[:1]


RULE = Rule(
    code="MOD118",
    name="script-handler-without-provider",
    severity=Severity.ERROR,
    on=("sethandler", "addhandler", "addtype"),
    whole_tree=True,
    references=(
        "mod/core.html#sethandler",
        "mod_proxy.c: proxy_handler",
        "core.c: default_handler",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad='<FilesMatch "\\.php$">\nSetHandler "proxy:fcgi://127.0.0.1:9000"\n</FilesMatch>\n',
            fixed_unsafely=(
                "LoadModule proxy_fcgi_module /usr/lib/apache2/modules/mod_proxy_fcgi.so\n"
                '<FilesMatch "\\.php$">\nSetHandler "proxy:fcgi://127.0.0.1:9000"\n</FilesMatch>\n'
            ),
            lines=(2,),
            modules=("proxy_module",),
        ),
        Example(
            bad='<FilesMatch "\\.php$">\nSetHandler application/x-httpd-php\n</FilesMatch>\n',
            lines=(2,),
        ),
        Example(
            good=(
                '<FilesMatch "\\.php$">\n'
                'SetHandler "proxy:unix:/run/php/php.sock|fcgi://localhost"\n</FilesMatch>\n'
            ),
            modules=("proxy_module", "proxy_fcgi_module"),
        ),
        Example(good="AddType text/markdown .md\n"),
        Example(
            good='<FilesMatch "\\.php$">\nSetHandler application/x-httpd-php\n</FilesMatch>\n',
            scope=Scope.FRAGMENT,
        ),
    ),
    check=check,
)
