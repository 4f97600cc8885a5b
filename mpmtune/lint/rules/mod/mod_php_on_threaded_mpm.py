"""mod_php is loaded together with a threaded MPM.

## What it does
Reports ``LoadModule php_module`` (and ``php7_module``, ``php5_module``) under worker and event,
unless the file's name says that it is a thread-safe build.

## Why it matters
Distributions build PHP without thread safety. Such a module refuses to work with threads: httpd
does not start, ``-t`` fails and AH00013 follows. Unloading it without a replacement is worse:
httpd then sends the source of every ``.php`` file.

## When to ignore it
With a PHP that you built thread-safe yourself, and extensions that all are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.php_handlers import MOD_PHP, tell_thread_safety
from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the LoadModule of a mod_php that threads cannot run."""
    del tree
    for hit in hits:
        words = split(hit.args)
        if words and words[0] in MOD_PHP and tell_thread_safety(words[1:], None) is None:
            yield Violation(
                hit,
                f"{words[0]} is not thread-safe and refuses to start under a threaded MPM:"
                " serve PHP through PHP-FPM (mod_proxy_fcgi), or use prefork",
                word=1,
            )


RULE = Rule(
    code="MOD101",
    name="mod-php-on-threaded-mpm",
    severity=Severity.ERROR,
    on=("loadmodule",),
    mpms=frozenset({Mpm.EVENT, Mpm.WORKER}),
    references=("mod/mpm_common.html", "PHP sapi/apache2handler: php_pre_config"),
    since="0.1.0",
    examples=(
        Example(bad="LoadModule php_module /usr/lib/apache2/modules/libphp8.2.so\n"),
        Example(
            good='<FilesMatch "\\.php$">\nSetHandler "proxy:fcgi://127.0.0.1:9000"\n</FilesMatch>\n',
            modules=("proxy_module", "proxy_fcgi_module"),
        ),
    ),
    check=check,
)
