from __future__ import annotations

import pytest

from mpmtune.detect.handlers import php_handlers, plain_ports, status_place
from tests.httpd.trees import a_tree

FPM = "proxy:unix:/run/php.sock|fcgi://localhost"


@pytest.mark.parametrize(
    ("text", "handlers"),
    [
        ('<FilesMatch ".+\\.ph(?:ar|p|tml)$">\nSetHandler application/x-httpd-php\n</FilesMatch>\n', ("application/x-httpd-php",)),
        (f'<FilesMatch "\\.php$">\nSetHandler "{FPM}"\n</FilesMatch>\n', (FPM,)),
        (f'<Files "*.php">\nSetHandler "{FPM}"\n</Files>\n', (FPM,)),
        ('<Files ~ "\\.php$">\nSetHandler php-script\n</Files>\n', ("php-script",)),
        ('<FilesMatch "\\.html$">\nSetHandler php-script\n</FilesMatch>\n', ()),
        ('<FilesMatch "(*UTF)php(?|x)">\nSetHandler php-script\n</FilesMatch>\n', ("php-script",)),
        ('<FilesMatch "\\.php$">\nSetHandler None\n</FilesMatch>\n', ()),
        ("AddHandler application/x-httpd-php .php .phtml\n", ("application/x-httpd-php",)),
        ("AddType application/x-httpd-php php\n", ("application/x-httpd-php",)),
        ("AddType text/html .html\n", ()),
        ("<Location />\nSetHandler application/x-httpd-php\n</Location>\n", ("application/x-httpd-php",)),
        ("<Location /s>\nSetHandler server-status\n</Location>\n", ()),
        ("<Location />\nSetHandler proxy:fcgi://h\n</Location>\n", ("proxy:fcgi://h",)),
        ("ProxyPassMatch ^/(.*\\.php)$ fcgi://127.0.0.1:9000/var/www/$1\n", ("proxy:fcgi://127.0.0.1:9000/var/www/$1",)),
        ("ProxyPass / http://h/\n", ()),
        ("SetHandler php-script\nAddHandler php-script .php\n", ("php-script",)),
        ("SetHandler\nAddType\n", ()),
    ],
)  # fmt: skip
def test_handlers_of_php_files_are_found(text: str, handlers: tuple[str, ...]) -> None:
    assert php_handlers(a_tree(text, modules=("proxy", "mime", "alias"))) == handlers


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("<Location /server-status>\nSetHandler server-status\n</Location>\n", ("/server-status", "localhost")),
        ('<Location "/s">\nSetHandler server-status\n</Location>\n', ("/s", "localhost")),
        ("<VirtualHost *:80>\n<Location /v>\nSetHandler server-status\n</Location>\n</VirtualHost>\n", ("/v", "localhost")),
        ("<VirtualHost *:80>\nServerName http://s.example.com:80\n<Location /v>\nSetHandler server-status\n</Location>\n</VirtualHost>\n", ("/v", "s.example.com")),
        ("<VirtualHost *:80>\n<Location /v>\nSetHandler server-status\n</Location>\n</VirtualHost>\n<Location /s>\nSetHandler server-status\n</Location>\n", ("/s", "localhost")),
        ("<LocationMatch ^/s>\nSetHandler server-status\n</LocationMatch>\n", None),
        ("<Location http://x/>\nSetHandler server-status\n</Location>\n", None),
        ("<Location /i>\nSetHandler server-info\n</Location>\n", None),
        ("SetHandler server-status\n", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_place_of_the_status_page_is_found(text: str, place: tuple[str, str] | None) -> None:
    assert status_place(a_tree(text, modules=("status",))) == place


@pytest.mark.parametrize(
    ("listen", "ports"),
    [
        ("80", (80,)),
        ("127.0.0.1:8080", (8080,)),
        ("0.0.0.0:81", (81,)),
        ("*:82", (82,)),
        ("[::]:83", (83,)),
        ("[::1]:84", ()),
        ("10.0.0.1:85", ()),
        ("443", ()),
        ("8443 https", ()),
        ("8444 http", (8444,)),
        ("0", ()),
        ("70000", ()),
        ("http", ()),
        ("", ()),
        ("80\nListen 81\nListen 80", (80, 81)),
    ],
)
def test_ports_that_loopback_reaches_are_listed(listen: str, ports: tuple[int, ...]) -> None:
    assert plain_ports(a_tree(f"Listen {listen}\n")) == ports
