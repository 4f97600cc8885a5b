"""What a configuration says to a URL, as text and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

import mpmtune
from mpmtune.httpd.asked_url import ask, read_url
from mpmtune.httpd.merged_view import MergedView
from mpmtune.report.in_force_text import in_force_lines
from mpmtune.report.in_force_v1 import in_force_v1
from mpmtune.report.text import plain
from tests.httpd.trees import a_tree

if TYPE_CHECKING:
    from mpmtune.model.config import Tree

SCHEMA = json.loads(
    (Path(mpmtune.__file__).parent / "schemas" / "in_force_v1.json").read_text("utf-8")
)
MODULES = ("authz_core", "headers", "rewrite", "alias", "proxy", "macro", "mime")
TEXT = """\
Listen 443
ServerName main.test
Timeout 60
<Directory />
AllowOverride None
Require all denied
</Directory>
<VirtualHost *:443>
ServerName a.test
DocumentRoot /w
Timeout 30
RewriteEngine On
RewriteRule ^/old /new
<Directory /w>
AllowOverride All
Options +Indexes
Require all granted
</Directory>
<If true>
Options None
</If>
</VirtualHost>
<VirtualHost 10.0.0.1:443>
ServerName b.test
</VirtualHost>
"""
EXPECTED = """\
https://a.test/old/x
  <VirtualHost *:443> at /srv/httpd.conf:8
  ServerName or ServerAlias is the name asked for; it stands at *:443.
  Where the connection comes in on 10.0.0.1:443: <VirtualHost 10.0.0.1:443> at /srv/httpd.conf:23
  File /w/old/x, from DocumentRoot /w at /srv/httpd.conf:10
  unless RewriteRule *** at /srv/httpd.conf:13 leads elsewhere
  What a .htaccess says in /w/, /w/old/ is not known here.

Sections that hold, in httpd's order
  <Directory />   /srv/httpd.conf:4
  <Directory /w>  /srv/httpd.conf:14

Sections that may hold
  <If ***>  /srv/httpd.conf:19

In force
  AllowOverride All  /srv/httpd.conf:15  <Directory /w>
    overrides AllowOverride None  /srv/httpd.conf:5  <Directory />
  Options +Indexes  /srv/httpd.conf:16  <Directory /w>
    comes to FollowSymLinks Indexes
    perhaps Options None  /srv/httpd.conf:20  <If ***>
  Require all granted  /srv/httpd.conf:17  <Directory /w>
    comes to: everybody passes
    overrides Require all denied  /srv/httpd.conf:6  <Directory />
  RewriteEngine On  /srv/httpd.conf:12  <VirtualHost *:443>
  RewriteRule ***  /srv/httpd.conf:13  <VirtualHost *:443>

Of the server
  DocumentRoot /w  /srv/httpd.conf:10  <VirtualHost *:443>
  ServerName a.test  /srv/httpd.conf:9  <VirtualHost *:443>
  Timeout 30  /srv/httpd.conf:11  <VirtualHost *:443>
    overrides Timeout 60  /srv/httpd.conf:3
"""


def a_configuration(text: str) -> Tree:
    return a_tree(text, modules=MODULES)


def shown(text: str, url: str) -> str:
    tree, asked = a_configuration(text), read_url(url)
    assert asked is not None
    return plain(in_force_lines(tree, ask(MergedView(tree), asked), 100))


def document(text: str, url: str) -> dict[str, Any]:
    tree, asked = a_configuration(text), read_url(url)
    assert asked is not None
    made: dict[str, Any] = json.loads(in_force_v1(tree, ask(MergedView(tree), asked)))
    jsonschema.Draft202012Validator(SCHEMA).validate(made)
    return made


def test_the_text_tells_server_file_sections_and_directives() -> None:
    assert shown(TEXT, "https://a.test/old/x") == EXPECTED


@pytest.mark.parametrize(
    ("text", "url", "says"),
    [
        ("", "http://x/", "Main server: no virtual host is for this address and port."),
        ("Listen 81", "http://x/", "No Listen is for port 80: httpd does not answer there."),
        ("", "http://x/", "Which file it is cannot be told"),
        ("ProxyPass /a http://b/", "http://x/a", "Backend http://b/, from ProxyPass /a http://b/"),
        ("Redirect gone /a", "http://x/a", "Redirect, from Redirect gone /a at /srv/httpd.conf:1"),
        ("<VirtualHost *>\n</VirtualHost>", "http://x/", "It is the first at *:*, and none there"),
        ("<VirtualHost 10.0.0.1:80>\n</VirtualHost>", "http://10.0.0.1/", "address as written"),
        ("<Directory />\nOptions None\n</Directory>", "http://x/", "comes to none"),
        ("DocumentRoot /w\nHeader set \x1bX 1", "http://x/", r"Header set \x1bX ***"),
        (
            "<Macro m $x>\nTimeout $x\n</Macro>\nUse m 5",
            "http://x/",
            "Timeout 5  /srv/httpd.conf:2, used at /srv/httpd.conf:4",
        ),
    ],
)
def test_the_text_says_so(text: str, url: str, says: str) -> None:
    assert says in shown(text, url)


def test_of_types_by_extension_those_of_the_file_are_shown() -> None:
    text = "DocumentRoot /w\nAddType  a/a   .x\nAddType b/b .y\nAddType c/c .z"
    page = shown(text, "http://x/f.y")
    assert "  AddType b/b .y  /srv/httpd.conf:3\n" in page
    assert "  AddType: 2 for other extensions, shown by -f json\n" in page
    assert "  AddType: 3 for other extensions, shown by -f json\n" in shown(text, "http://x/f")


def test_of_many_lines_the_first_are_shown() -> None:
    page = shown("\n".join(f"Header set X{at} 1" for at in range(20)), "http://x/")
    assert page.count("Header set") == 8
    assert "  Header: 12 more, shown by -f json\n" in page


def test_a_secret_is_named_and_not_shown() -> None:
    text = "SetEnv PASSWORD hunter2\nProxyPass /a http://me:hunter2@b/"
    assert "hunter2" not in shown(text, "http://x/b")
    assert "hunter2" not in json.dumps(document(text, "http://x/b"))


def test_the_document_keeps_to_its_schema() -> None:
    made = document(TEXT, "https://a.test/old/x")
    assert made["server"]["virtual_host"]["context"] == []
    assert (made["server"]["why"], made["server"]["address"]) == ("name", "*:443")
    assert made["server"]["elsewhere"][0]["address"] == "10.0.0.1:443"
    assert made["mapping"]["target"] == "/w/old/x"
    assert [one["line"] for one in made["mapping"]["unless"]] == [13]
    assert [one["line"] for one in made["sections"]] == [4, 14]
    assert made["htaccess"][0]["allow_override"]["args"] == ["All"]
    options = next(one for one in made["in_force"] if one["kind"] == "signs")
    assert options["words"] == ["FollowSymLinks", "Indexes"]
    assert options["perhaps"][0]["context"] == ["VirtualHost *:443", "If ***"]
    assert {one["what"] for one in made["unknown"]} == {
        "If ***",
        "mapping",
        "/w/.htaccess",
        "/w/old/.htaccess",
    }


def test_a_document_without_a_virtual_host() -> None:
    made = document("", "http://x/")
    assert made["server"] == {
        "virtual_host": None,
        "why": "main",
        "address": None,
        "listens": None,
        "elsewhere": [],
    }
    assert made["mapping"] == {"how": "unknown", "target": None, "by": None, "unless": []}
    assert (made["accepted"], made["in_force"]) == (None, [])
