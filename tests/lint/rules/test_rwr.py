"""Rules of RWR in the cases that their examples are not about."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd.targets import find_target
from mpmtune.lint.engine import Checks, Reading, check
from mpmtune.lint.registry import listings
from mpmtune.lint.rule import Scope
from mpmtune.model.finding import Severity
from tests.lint.rules.cases import findings, fixed, lines

ON = "RewriteEngine On\n"
ROOT = "DocumentRoot /srv/www/htdocs\n"
CONF = "/etc/apache2/apache2.conf"


def inside(text: str) -> str:
    return f"<Directory /srv/www/htdocs>\n{ON}{text}</Directory>\n"


def test_an_engine_that_a_condition_switches_on_may_run_the_rules() -> None:
    text = (
        "<Directory /srv/www/htdocs>\nRewriteRule ^a$ b\n"
        '<If "true">\nRewriteEngine On\n</If>\n</Directory>\n'
    )
    assert not lines("RWR601", text, "rewrite")


def test_rules_of_files_run_where_the_engine_is_on_for_their_server_only_perhaps() -> None:
    text = '<FilesMatch "x">\nRewriteRule ^ - [F]\n</FilesMatch>\n'
    assert lines("RWR601", text, "rewrite") == [2]
    assert not lines("RWR601", text + ON, "rewrite")


def test_rules_in_a_limit_belong_to_the_section_around_it() -> None:
    text = inside("<Limit GET>\nRewriteRule ^/old$ /new [R]\n</Limit>\n")
    assert lines("RWR602", text, "rewrite") == [4]


def test_a_line_that_is_not_known_says_nothing_of_others() -> None:
    text = inside("RewriteRule ^/a$ ${TARGET} [R]\nRewriteRule ^/old$ /new [R]\n")
    assert lines("RWR602", text, "rewrite") == [4]


def test_a_pattern_with_an_escaped_blank_is_reported_and_left_to_its_author() -> None:
    text = inside("RewriteRule ^/a\\ b$ /new [R]\nRewriteRule ^(.*)$ $1\\ x\n")
    assert lines("RWR602", text, "rewrite") == [3]
    assert fixed("RWR602", text, "rewrite") == text


def test_a_loop_whose_line_cannot_be_split_alike_is_left_to_its_author() -> None:
    text = f"{ON}RewriteRule ^(.*)$ $1\\x.php\n"
    assert not lines("RWR607", text, scope=Scope.HTACCESS)
    text = f'{ON}RewriteRule "^(.*)$" $1.php?a=\\ b\n'
    (finding,) = findings("RWR607", text, scope=Scope.HTACCESS)
    assert finding.fix is None


@pytest.mark.parametrize(
    "text",
    [
        "RewriteRule ^ - [E=A:1]\n",
        "RewriteRule ^(.*)$ /app/$1 [L]\n</Directory>\nRedirect /app /x\n<Directory /srv/y>\n",
        "RewriteRule ^a$ /index.html [L]\n",
        "RewriteRule ^ /%{QUERY_STRING} [L]\n",
        "RewriteRule ^.*$ /x/$1 [L]\n",
        "RewriteCond %{REQUEST_URI} !^/x\nRewriteRule ^(.*)$ /x/$1 [L]\n",
        "RewriteRule ^(.*)$ /x/$1\nRewriteRule ^x/ - [END]\n",
        '<If "true">\nRewriteEngine Off\n</If>\nRewriteRule ^(.*)$ /x/$1 [L]\n',
    ],
)
def test_a_rule_that_may_come_to_an_end_is_no_loop(text: str) -> None:
    quiet = "<Directory />\nAllowOverride None\n</Directory>\n"
    assert not lines("RWR607", ROOT + quiet + inside(text), "rewrite")


def test_before_2_4_60_a_variable_at_the_beginning_is_enough() -> None:
    target = find_target("debian-12")
    assert target is not None
    text = (
        "LoadModule rewrite_module modules/mod_rewrite.so\n"
        f"{ON}RewriteRule ^(.*)\\.html$ $1.php\nRewriteRule ^/a$ /b\n"
    )
    start = Start(CONF, replace(target, version=(2, 4, 59)), here=False)
    tree = evaluate(MemoryFiles({CONF: text.encode()}), start)
    known = listings()
    only = tuple(listing for listing in known if listing.code == "RWR609")
    report = check([Reading((tree,))], Checks(only, known))
    assert [(f.line, f.severity) for f in report.findings] == [(3, Severity.WARNING)]


def test_the_name_that_was_asked_for_is_no_choice_of_another() -> None:
    text = f"{ON}RewriteRule ^/(.*)$ https://%{{HTTP_HOST}}/$1 [R]\n"
    assert not lines("RWR610", text, "rewrite")


def test_a_redirect_to_a_whole_host_is_reported_and_left_to_its_author() -> None:
    text = f"{ON}RewriteRule ^/to/(.*)$ https://$1 [R]\n"
    assert lines("RWR610", text, "rewrite") == [2]
    assert fixed("RWR610", text, "rewrite") == text


def test_a_pass_out_of_a_macro_is_reported_and_left_to_its_author() -> None:
    text = (
        "<Macro m $host>\nProxyPass /app/ http://$host\n</Macro>\nUse m 127.0.0.1\n"
        "<Macro n $a>\nProxyPass /$a/ http://127.0.0.1/$a/\nProxyPass /$a/b !\n</Macro>\nUse n x\n"
    )
    assert lines("RWR614", text, "macro", "proxy", "proxy_http") == [2]
    assert lines("RWR615", text, "macro", "proxy", "proxy_http") == [7]
    assert fixed("RWR614", text, "macro", "proxy", "proxy_http") == text
    assert fixed("RWR615", text, "macro", "proxy", "proxy_http") == text


def test_no_password_is_repeated_in_a_fix() -> None:
    text = (
        "ProxyPass / http://127.0.0.1:9000/\n"
        "ProxyPass /b http://u:s3cret@127.0.0.1:9001/c\n"
        "ProxyPass /c/ http://u:s3cret@127.0.0.1:9001\n"
    )
    for code in ("RWR614", "RWR615", "RWR616"):
        for finding in findings(code, text, "proxy", "proxy_http"):
            assert "s3cret" not in finding.message
            edits = finding.fix.edits if finding.fix else ()
            assert all("s3cret" not in edit.text for edit in edits)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("RWR602", inside("RewriteRule ^/s3cret$ - [F]\n")),
        ("RWR603", f"{ON}RewriteRule ^s3cret$ - [F]\n"),
        ("RWR607", f"{ON}RewriteRule ^(.*)$ $1.s3cret [E=KEY:s3cret,L]\n"),
        ("RWR610", "Redirect / https://u:s3cret@www.example.com\n"),
        ("RWR610", "RedirectMatch ^/(.*)$ https://u:s3cret@www.example.com$1\n"),
        ("RWR610", f"{ON}RewriteRule ^/(.*)$ https://a.example$1?s3cret [R]\n"),
        ("RWR611", f"{ON}RewriteRule ^/(.*)$ /s3cret?q=$1 [E=KEY:s3cret]\n"),
        ("RWR613", f"{ON}RewriteRule ^/s3cret$ /new/s3cret [R]\n"),
    ],
)
def test_a_fix_repeats_nothing_of_a_rule(code: str, text: str) -> None:
    scope = Scope.HTACCESS if code == "RWR607" else None
    (finding,) = findings(code, text, "rewrite", scope=scope)
    assert finding.fix is not None
    assert all("s3cret" not in edit.text for edit in finding.fix.edits)
    assert "s3cret" not in finding.message


def test_a_flag_is_added_where_no_other_has_its_place() -> None:
    text = f"{ROOT}<Directory />\nAllowOverride None\n</Directory>\n"
    text += inside("RewriteRule ^(.*)$ /x/$1 [QSA]\n")
    assert fixed("RWR607", text, "rewrite") == text.replace("[QSA]", "[QSA,END]")


def test_a_rule_out_of_a_macro_is_reported_and_left_to_its_author() -> None:
    text = (
        f"<Macro m zz>\n{ON}RewriteRule ^/s/(.*)$ /s?q=$1 [L]\nRewriteRule ^/old$ /new [R]\n"
        "RewriteRule ^/t/(.*)$ https://a.example$1 [R]\n"
        "RedirectMatch ^/u/(.*)$ https://a.example$1\n</Macro>\nUse m x\n"
    )
    assert lines("RWR611", text, "macro", "rewrite") == [3]
    assert lines("RWR613", text, "macro", "rewrite") == [4]
    assert lines("RWR610", text, "macro", "rewrite") == [5, 6]
    for code in ("RWR610", "RWR611", "RWR613"):
        assert fixed(code, text, "macro", "rewrite") == text


def test_a_line_that_says_what_the_first_said_is_not_shadowed() -> None:
    text = (
        "ProxyPass /a !\nProxyPass /a/b !\nProxyPass / http://127.0.0.1:9000/\n"
        "ProxyPass /x http://127.0.0.1:9000/x\nProxyPass /y http://127.0.0.1:9000/y timeout=9\n"
    )
    assert lines("RWR615", text, "proxy", "proxy_http") == [5]


def test_a_line_of_another_file_is_not_moved() -> None:
    text = (
        "ProxyPass /a http://127.0.0.1:9000/a\n"
        "<VirtualHost *:8080>\nProxyPass /a/b !\n</VirtualHost>\n"
    )
    assert lines("RWR615", text, "proxy", "proxy_http") == [3]
    assert fixed("RWR615", text, "proxy", "proxy_http") == text


def test_workers_are_those_of_one_server() -> None:
    host = (
        "<VirtualHost *:8080>\nServerName {0}.example\nProxyPass /a http://127.0.0.1:9000/ timeout=5\n"
        "ProxyPass /b http://127.0.0.1:9000/b timeout=90\n</VirtualHost>\n"
    )
    text = host.format("a") + host.format("b")
    assert lines("RWR621", text, "proxy", "proxy_http") == [4, 9]


def test_two_sockets_behind_one_invented_host_are_one_worker() -> None:
    text = (
        "ProxyPass /a/ unix:/run/a.sock|http://localhost/\n"
        "ProxyPass /b/ unix:/run/b.sock|http://localhost/\n"
        "ProxyPass /c/ http://localhost/\nProxyPass /d/ unix:/run/a.sock|http://localhost/\n"
    )
    said = [(f.line, f.message) for f in findings("RWR621", text, "proxy", "proxy_http")]
    assert said == [
        (2, "An earlier line has made the worker for this URL: the socket is ignored here"),
        (3, "An earlier line has made the worker for this URL: the host is ignored here"),
    ]


def test_members_of_two_balancers_have_workers_of_their_own() -> None:
    one = "<Proxy balancer://{0}>\nBalancerMember http://127.0.0.1:9000 timeout={1}\n</Proxy>\n"
    text = (
        one.format("a", 5) + one.format("b", 9) + "ProxyPass /x http://127.0.0.1:9000/ timeout=1\n"
    )
    modules = ("proxy", "proxy_http", "proxy_balancer", "lbmethod_byrequests", "slotmem_shm")
    assert not lines("RWR621", text, *modules)
    assert lines("RWR621", text + one.format("A/", 6), *modules) == [9]


def test_a_page_that_a_rule_may_take_elsewhere_is_not_judged() -> None:
    text = "ErrorDocument 503 /err.html\nProxyPass / http://127.0.0.1:9000/\n"
    assert lines("RWR620", text, "proxy", "proxy_http", "rewrite") == [1]
    rule = f"{ON}RewriteRule ^/err - [H=x]\n"
    assert not lines("RWR620", rule + text, "proxy", "proxy_http", "rewrite")


def test_a_page_that_a_virtual_host_replaces_is_judged_by_its_own() -> None:
    text = (
        "ErrorDocument 503 /main.html\n<VirtualHost *:8080>\nServerName a.example\n"
        "ErrorDocument 503 /own.html\nProxyPass / http://127.0.0.1:9000/\n</VirtualHost>\n"
    )
    assert lines("RWR620", text, "proxy", "proxy_http") == [4]


def test_an_exclusion_counts_where_it_is_for_the_page() -> None:
    excluded = "ErrorDocument 503 /err.html\nProxyPass /err.html/x !\nProxyPass /err !\n"
    assert lines("RWR620", f"{excluded}ProxyPass / http://127.0.0.1:9000/\n", "proxy") == [1]
    location = "<Location />\nProxyPass http://127.0.0.1:9000/\n</Location>\n"
    text = f"ErrorDocument 503 /err.html\nProxyPass /err.html !\n{location}"
    assert lines("RWR620", text, "proxy", "proxy_http") == [1]


def a_large_site(hosts: int) -> str:
    one = (
        "<VirtualHost *:8080>\nServerName h{0}.example\nDocumentRoot /srv/www/h{0}\n"
        "ErrorDocument 503 /err/503.html\nRewriteEngine On\nRewriteCond %{{HTTPS}} off\n"
        "RewriteRule ^/s/(.*)$ /s.php?q=$1 [L]\nProxyPass /err !\n"
        "ProxyPass /api/{0} http://127.0.0.1:9000/api/{0} timeout=5\n"
        "ProxyPass / http://127.0.0.1:9000/\n"
        "ProxyPassReverse / http://127.0.0.1:9000/\n"
        "<Directory /srv/www/h{0}>\nRewriteEngine On\nRewriteRule ^old$ /new [R]\n"
        "Options FollowSymLinks\n</Directory>\n</VirtualHost>\n"
    )
    return "".join(one.format(number) for number in range(hosts))


def test_ten_times_the_virtual_hosts_take_about_ten_times_as_long() -> None:
    known = listings()
    only = tuple(listing for listing in known if listing.code[:3] in {"RWR", "PRF"})
    target = find_target("debian-12")
    assert target is not None
    spent = []
    for hosts in (100, 1_000):
        names = ("mpm_event", "rewrite", "proxy", "proxy_http", "alias")
        loads = "".join(f"LoadModule {name}_module modules/mod_{name}.so\n" for name in names)
        text = (loads + "Listen 8080\n" + a_large_site(hosts)).encode()
        tree = evaluate(MemoryFiles({CONF: text}), Start(CONF, target, here=False))
        begun = time.process_time()
        check([Reading((tree,))], Checks(only, known))
        spent.append(time.process_time() - begun)
    assert spent[1] < 30 * spent[0]
