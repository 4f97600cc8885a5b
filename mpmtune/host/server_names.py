"""Process names whose command lines are looked at; those of all others stay unread."""

from __future__ import annotations


def is_server(name: str) -> bool:
    """Tell whether a process name (comm) is that of an httpd or of PHP-FPM.

    ``apache2``, ``httpd``, ``httpd2-prefork``, ``httpd-event``; ``php-fpm``, ``php-fpm8.2``,
    ``php82-php-fpm``.
    """
    return name.startswith(("apache2", "httpd")) or "php-fpm" in name
