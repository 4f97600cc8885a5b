"""A setting of mod_php stands where mod_php is not loaded.

## What it does
Reports ``php_value``, ``php_flag``, ``php_admin_value`` and ``php_admin_flag`` outside of a true
``<IfModule>`` when no mod_php is loaded.

## Why it matters
httpd calls it an invalid command: in the configuration it does not start, in a ``.htaccess``
every request below answers 500. After a change to PHP-FPM this is the usual surprise. There the
settings belong into ``.user.ini`` or the pool's ``php_admin_value[…]``.

## When to ignore it
When mod_php is loaded by a file that is not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.php_handlers import MOD_PHP
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the settings that only mod_php would take."""
    if any(module in tree.modules for module in MOD_PHP):
        return
    for hit in hits:
        yield Violation(
            hit,
            f"{hit.item.spelling} needs mod_php, which is not loaded: with PHP-FPM it belongs into"
            " .user.ini or into the pool",
            word=0,
        )


RULE = Rule(
    code="MOD116",
    name="php-directive-without-mod-php",
    severity=Severity.ERROR,
    on=("php_value", "php_flag", "php_admin_value", "php_admin_flag"),
    whole_tree=True,
    httpd_ids=ids("AH00526"),
    references=("config.c: invoke_cmd", "PHP sapi/apache2handler"),
    since="0.1.0",
    examples=(
        Example(bad="php_value memory_limit 256M\n"),
        Example(good="<IfModule php_module>\nphp_value memory_limit 256M\n</IfModule>\n"),
        Example(good="php_flag engine off\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
