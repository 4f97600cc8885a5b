"""Who answers for ``.php``, and whether a change of MPM would send the source to clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.httpd import Module
from mpmtune.model.plan import Blocker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.model.httpd import Mpm

MOD_PHP = ("php_module", "php7_module", "php5_module")

# php5-script and application/x-httpd-php5 are the spellings of PHP 5; sapi/apache2handler.
_MOD_PHP_HANDLERS = ("application/x-httpd-php", "php-script", "php5-script", "php7-script")
_AFTERWARDS = (
    "without mod_php no handler is left for .php: httpd would send the source of each file to the "
    "client with status 200, and neither -t nor the error log would say so"
)
_ALREADY = (
    "no loaded module answers for this handler: httpd sends the source of each .php file to the "
    "client with status 200"
)
_WAY_OUT = (
    "Run PHP-FPM and set it for the same files before the switch: a FilesMatch for .php with "
    'SetHandler "proxy:unix:/run/php/php-fpm.sock|fcgi://localhost" (mod_proxy_fcgi). Afterwards '
    "fetch a .php file and look that no source comes back."
)
_BACKEND_HANDLERS = ("proxy:", "fcgid-script", "fastcgi-script", "proxy-server")


def tell_thread_safety(files: Iterable[str], runs_under: Mpm | None) -> bool | None:
    """Tell whether a mod_php is a thread-safe (ZTS) build.

    Args:
        files: What ``LoadModule`` names for it; ZTS builds are called so (``libphp-zts.so``).
        runs_under: The MPM of a running httpd that has it loaded: a threaded one would have
            refused any other build.

    Returns:
        True when it is; None when it cannot be told.
    """
    if any("zts" in file.lower() for file in files):
        return True
    return True if runs_under is not None and runs_under.threaded else None


def is_mod_php(handler: str) -> bool:
    """Tell whether a handler name is one that mod_php answers for, ``-source`` included."""
    return handler.lower().startswith(_MOD_PHP_HANDLERS)


def is_backend(handler: str) -> bool:
    """Tell whether a handler passes the request to a process of its own: PHP-FPM, FastCGI."""
    return handler.lower().startswith(_BACKEND_HANDLERS)


def fpm_answers(php_handlers: Iterable[str]) -> bool:
    """Tell whether one of the handlers for ``.php`` needs no mod_php."""
    return any(is_backend(handler) for handler in php_handlers)


def source_leak(
    modules: Iterable[Module | str],
    php_handlers: Iterable[str],
    *,
    has_fpm_handler: bool,
) -> Blocker | None:
    """Find out whether taking mod_php away would serve PHP source.

    A threaded MPM needs mod_php unloaded, and then nobody answers for ``.php``: the default
    handler sends the file, 200, passwords and all, while ``-t`` and the server are content.

    Args:
        modules: Loaded modules.
        php_handlers: Handler names set for ``.php`` (``SetHandler``, ``AddHandler``, ``AddType``).
        has_fpm_handler: Another handler covers the same files once mod_php is gone.

    Returns:
        What blocks the switch and the way out; None when nothing does.
    """
    if has_fpm_handler:
        return None
    names = {m.name if isinstance(m, Module) else m for m in modules}
    module = next((name for name in MOD_PHP if name in names), None)
    if module is not None:
        return Blocker(module, _AFTERWARDS, _WAY_OUT)
    handler = next((handler for handler in php_handlers if is_mod_php(handler)), None)
    return None if handler is None else Blocker(handler, _ALREADY, _WAY_OUT)
