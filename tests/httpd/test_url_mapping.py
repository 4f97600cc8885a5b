"""Where a URL leads, without asking: the order of the hooks, and what is left unknown."""

from __future__ import annotations

import pytest

from mpmtune.httpd.merged_view import MergedView
from mpmtune.httpd.rewriting import rewrite_words, rule_of
from mpmtune.httpd.url_mapping import How, Mapping, request_path
from tests.httpd.trees import a_tree

MODULES = ("alias", "rewrite", "proxy", "userdir", "vhost_alias")


def mapping(text: str, path: str) -> Mapping:
    view = MergedView(a_tree(f"DocumentRoot htdocs\n{text}", modules=MODULES))
    found = view.url(None, path).mapping
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/a/./b//c/../d?x#y", "/a/b/d"),
        ("/a/", "/a/"),
        ("/a/..", "/"),
        ("/a/b/.", "/a/b/"),
        ("/", "/"),
        ("", "/"),
        ("/%61%2Fb%2f", "/a%2Fb%2F"),
        ("/\xe9/%C3%A9", "/\xc3\xa9/\xc3\xa9"),
        ("#x", "/"),
    ],
)
def test_a_path_is_compared_decoded_and_without_dots(url: str, path: str) -> None:
    assert request_path(url) == path


@pytest.mark.parametrize(
    ("text", "path", "how", "target"),
    [
        ("", "/a/b", How.FILE, "/srv/htdocs/a/b"),
        ("DocumentRoot /www/", "/a/", How.FILE, "/www/a/"),
        ("Alias /a /other", "/a/b", How.FILE, "/other/b"),
        ("Alias /a /other", "/ab", How.FILE, "/srv/htdocs/ab"),
        ("Alias /a/ /other/", "/a", How.FILE, "/srv/htdocs/a"),
        ("Alias //a// /other/", "/a/b", How.FILE, "/other/b"),
        ("Alias /a one\nAlias /a/b two", "/a/b", How.FILE, "/srv/one/b"),
        ("ScriptAlias /cgi /bin", "/cgi/x", How.FILE, "/bin/x"),
        ("AliasMatch ^/a(.*) /x$1", "/a", How.UNKNOWN, ""),
        ("AliasMatch ^/b(.*) /x$1", "/a", How.FILE, "/srv/htdocs/a"),
        ("<Location /a>\nAlias /x\n</Location>", "/a/b", How.FILE, "/x"),
        ("<Location /a>\nAlias /x%{URI}\n</Location>", "/a", How.UNKNOWN, ""),
        ("<Location /a>\nAlias /x\nAliasPreservePath On\n</Location>", "/a", How.UNKNOWN, ""),
        ("Redirect /a http://r.test/x", "/a/b", How.REDIRECT, "http://r.test/x/b"),
        ("Redirect permanent /a /x", "/a", How.REDIRECT, "/x"),
        ("Redirect 410 /a", "/a", How.REDIRECT, ""),
        ("Redirect 403 /a", "/a/b", How.REDIRECT, ""),
        ("Redirect 403 /b", "/a", How.FILE, "/srv/htdocs/a"),
        ("RedirectMatch gone ^/a$", "/a", How.REDIRECT, ""),
        (
            "<Location />\nAlias /y\n</Location>\n<Location /a>\nAlias /w\nAlias /x\n</Location>",
            "/a",
            How.FILE,
            "/x",
        ),
        ("<Location /a>\nRedirect 403\n</Location>", "/a", How.REDIRECT, ""),
        ("<Location /a>\nRedirect gone\n</Location>", "/a", How.REDIRECT, ""),
        (
            "<Location /a>\nRedirect http://r.test/\n</Location>",
            "/a",
            How.REDIRECT,
            "http://r.test/",
        ),
        ("RedirectMatch ^/a(.*) /b$1", "/a", How.REDIRECT, ""),
        ("RedirectTemp /b /x", "/a", How.FILE, "/srv/htdocs/a"),
        ("<Location /a>\nRedirect 302 /x\n</Location>", "/a", How.REDIRECT, "/x"),
        ("<Location /a>\nRedirect /b /x\n</Location>", "/a", How.FILE, "/srv/htdocs/a"),
        ("Redirect", "/a", How.REDIRECT, ""),
        ("ProxyPass /a http://b.test/x", "/a/y", How.BACKEND, "http://b.test/x/y"),
        ("ProxyPass /b http://b.test", "/a", How.FILE, "/srv/htdocs/a"),
        ("ProxyPass /a !\nProxyPass / http://b.test/", "/a", How.FILE, "/srv/htdocs/a"),
        ("ProxyPass /a unix:/s|fcgi://x/", "/a/y", How.BACKEND, "fcgi://x//y"),
        ("ProxyPassMatch ^/a(.*) http://b.test$1", "/a", How.BACKEND, ""),
        (
            "<Location /a>\nProxyPass http://b.test\n</Location>",
            "/a/y",
            How.BACKEND,
            "http://b.test/y",
        ),
        ("<Location ~ ^/a>\nProxyPass http://b.test\n</Location>", "/a", How.BACKEND, ""),
        ("<LocationMatch ^/a>\nProxyPass http://b.test\n</LocationMatch>", "/a", How.BACKEND, ""),
        ("ProxyPass /a http://b.test\nRedirect /a /x", "/a", How.BACKEND, "http://b.test"),
        ("Redirect /a /x\nAlias /a /other", "/a", How.REDIRECT, "/x"),
        ("UserDir public_html", "/~joe/", How.UNKNOWN, ""),
        ("UserDir disabled", "/~joe/", How.FILE, "/srv/htdocs/~joe/"),
        ("VirtualDocumentRoot /w/%0", "/a", How.UNKNOWN, ""),
        ("VirtualDocumentRoot none", "/a", How.FILE, "/srv/htdocs/a"),
    ],
)
def test_a_url_leads_there(text: str, path: str, how: How, target: str) -> None:
    found = mapping(text, path)
    assert (found.how, found.target) == (how, target)
    assert found.unless == ()


def test_without_a_document_root_the_built_in_one_is_not_known() -> None:
    found = MergedView(a_tree("")).url(None, "/a").mapping
    assert found == Mapping(How.UNKNOWN)


@pytest.mark.parametrize("path", ["/a", "/b"])
@pytest.mark.parametrize(
    "text",
    [
        r"RedirectMatch (a)\1 /x",
        r"AliasMatch (a)\1 /x",
        r"ProxyPassMatch (a)\1 http://b.test",
        r"RewriteEngine On" + "\n" + r"RewriteRule (a)\1 /x",
    ],
)
def test_a_pattern_that_cannot_be_judged_leaves_it_open(text: str, path: str) -> None:
    found = mapping(text, path)
    assert found.target == f"/srv/htdocs{path}"
    assert len(found.unless) == 1


@pytest.mark.parametrize(
    ("rules", "may"),
    [
        ("RewriteRule ^/a /x", True),
        ("RewriteRule ^/b /x", False),
        ("RewriteRule !^/b /x", True),
        ("RewriteRule ^/A /x [NC]", True),
        ("RewriteRule ^/a -", False),
        ("RewriteRule ^/a - [E=x:1]", False),
        ("RewriteRule ^/a - [F]", True),
        ("RewriteCond %{HTTPS} on\nRewriteRule ^/a /x", True),
    ],
)
def test_a_rewrite_rule_may_lead_elsewhere(rules: str, may: bool) -> None:
    assert bool(mapping(f"RewriteEngine On\n{rules}", "/a").unless) is may
    assert mapping(f"RewriteEngine Off\n{rules}", "/a").unless == ()
    assert mapping(rules, "/a").unless == ()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ("^/a /b [R,L]", ("^/a", "/b", "[R,L]")),
        ("\"^/a b\" 'c d'", ("^/a b", "c d", "")),
        (r"a\ b c\d", (r"a\ b", r"c\d", "")),
        ("  a  b  ", ("a", "b", "")),
        ("", ("", "", "")),
    ],
)
def test_rewrite_arguments_are_split_in_their_own_way(
    args: str, words: tuple[str, str, str]
) -> None:
    assert rewrite_words(args) == words


def test_a_rule_has_flags_without_their_values() -> None:
    (line,) = a_tree("RewriteRule !^/a /b [R=301,NC,,E=x:y]").occurrences
    rule = rule_of(line)
    assert (rule.pattern, rule.negated, rule.substitution) == ("^/a", True, "/b")
    assert rule.flags == {"r", "nc", "e"}
