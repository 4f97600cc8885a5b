from __future__ import annotations

from mpmtune.apply.php_pages import PhpPage, php_pages, shown_source
from mpmtune.host.doorway import Answer
from mpmtune.host.memory_files import MemoryFiles
from tests.detect.a_host import AHost
from tests.httpd.trees import a_tree

SOURCE = b"<?php $password = 'x';\n"
CONFIGURATION = """\
Listen 80
Listen 443
DocumentRoot /srv/main
<VirtualHost *:80>
ServerName https://shop.example:443
DocumentRoot /srv/shop
</VirtualHost>
<VirtualHost *:80>
DocumentRoot /srv/static
</VirtualHost>
"""


def test_a_page_is_found_for_each_root_that_has_one() -> None:
    files = MemoryFiles({"/srv/main/index.php": SOURCE, "/srv/shop/index.php": b"\n" + SOURCE})
    assert php_pages(files, a_tree(CONFIGURATION)) == (
        PhpPage("localhost", (80,), SOURCE),
        PhpPage("shop.example", (80,), SOURCE),
    )


def test_a_page_that_is_no_php_is_left_out() -> None:
    files = MemoryFiles({"/srv/main/index.php": b"<html>", "/srv/shop/other.php": SOURCE})
    assert php_pages(files, a_tree(CONFIGURATION)) == ()


def test_only_a_page_whose_source_comes_back_is_told() -> None:
    host = AHost()
    page = PhpPage("shop.example", (80, 8080), SOURCE)
    assert list(shown_source(host, (page,))) == []
    host.pages[80, "/index.php"] = Answer(200, b"<html>made", b"")
    host.pages[8080, "/index.php"] = Answer(200, SOURCE + b"?>", b"")
    assert list(shown_source(host, (page,))) == [
        "http://shop.example:8080/index.php shows the source of the page."
    ]
    assert host.asked[0] == (80, "/index.php", "shop.example")
