"""Rules of SEC that are on by default, in the cases that their examples are not about."""

from __future__ import annotations

from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Scope
from mpmtune.lint.surroundings import listens_locally
from tests.httpd.trees import a_tree
from tests.lint.rules.cases import findings, fixed, lines

COMPAT = "access_compat"


def test_a_root_that_the_words_of_2_2_shut_is_shut() -> None:
    text = "DocumentRoot /srv/www\n<Directory />\nOrder deny,allow\nDeny from all\n</Directory>\n"
    assert findings("SEC301", text, COMPAT) == []


def test_an_order_alone_shuts_nothing_and_grants_nothing_by_itself() -> None:
    text = "DocumentRoot /srv/www\n<Directory />\nOrder deny,allow\n</Directory>\n"
    assert len(findings("SEC301", text, COMPAT)) == 1
    assert findings("SEC302", text, COMPAT) == []


def test_a_root_whose_requires_may_be_passed_by_any_of_two_ways_is_not_judged() -> None:
    text = "<Directory />\nSatisfy any\nRequire all granted\n</Directory>\n"
    assert findings("SEC302", text, COMPAT) == []


def test_a_root_granted_by_several_lines_has_no_fix() -> None:
    text = "<Directory />\nRequire all granted\nRequire ip 192.0.2.1\n</Directory>\n"
    (said,) = findings("SEC302", text)
    assert (said.line, said.fix) == (1, None)
    text = (
        "<Directory />\n<RequireAll>\nRequire not ip 192.0.2.1\nRequire all granted\n"
        "</RequireAll>\n</Directory>\n"
    )
    assert findings("SEC302", text) == []


def test_a_root_granted_by_a_section_of_requires_has_no_fix() -> None:
    inner = "<RequireAny>\nRequire all granted\n</RequireAny>\n"
    (said,) = findings("SEC302", f"<Directory />\n{inner}</Directory>\n")
    assert (said.line, said.fix) == (2, None)


def test_a_root_of_which_a_part_may_do_is_not_judged() -> None:
    text = "<Directory />\nRequire all granted\n</Directory>\n<Directory />\nSatisfy any\n</Directory>\n"
    assert findings("SEC302", text, COMPAT) == []


def test_a_root_that_a_condition_may_shut_is_not_judged() -> None:
    text = (
        '<Directory />\nRequire all granted\n<If "-n %{QUERY_STRING}">\n'
        "Require all denied\n</If>\n</Directory>\n"
    )
    assert findings("SEC302", text) == []


def test_both_styles_must_be_passed() -> None:
    granted = "Require all granted\n"
    text = f"<Directory />\n{granted}Order allow,deny\nAllow from 192.0.2.1\n</Directory>\n"
    assert findings("SEC302", text, COMPAT) == []


def test_the_last_word_of_a_directory_counts_for_its_server_alone() -> None:
    one = "<Directory /srv/www>\nAllowOverride {}\n</Directory>\n"
    host = "<VirtualHost *:8080>\n{}</VirtualHost>\n"
    text = one.format("All") + host.format(one.format("None"))
    assert lines("SEC304", text) == [2]


def test_a_listing_that_a_location_takes_away_is_none() -> None:
    directory = "<Directory /srv/www>\nOptions Indexes\n</Directory>\n"
    assert lines("SEC305", f"{directory}Options Indexes\n", "autoindex") == [2, 4]
    assert lines("SEC305", directory, "autoindex") == [2]
    inner = "<Location /x>\nOptions +Indexes\n</Location>\n<Location /x>\nOptions -Indexes\n</Location>\n"
    assert lines("SEC305", inner, "autoindex") == []


def test_a_listing_by_a_pattern_is_judged_by_itself() -> None:
    pattern = "<LocationMatch ^/x>\nOptions Indexes\n</LocationMatch>\n"
    other = "<Files x>\nOptions None\n</Files>\n"
    assert lines("SEC305", pattern + other, "autoindex") == [2]


def test_a_server_is_listed_unless_it_says_no_itself() -> None:
    text = "Options Indexes\n<VirtualHost *:80>\nOptions None\n</VirtualHost>\n"
    assert lines("SEC305", text, "autoindex") == [1]


def test_what_lists_by_all_has_no_fix() -> None:
    (said,) = findings("SEC305", "Options All\n", "autoindex")
    assert said.fix is None


def test_a_handler_that_shows_source_or_has_no_extension_runs_nothing() -> None:
    text = (
        "AddHandler application/x-httpd-php-source .phps\nAddHandler\nAddHandler cgi-script\n"
        "AddHandler fcgid-script *.x\n"
    )
    assert lines("SEC309", text, scope=Scope.FRAGMENT) == []


def test_a_handler_under_a_condition_or_an_unknown_pattern_is_not_judged() -> None:
    condition = '<If "%{REQUEST_URI} =~ /x/">\nAddHandler fcgid-script .fcgi\n</If>\n'
    unknown = '<FilesMatch "(?<!x)\\.fcgi">\nAddHandler fcgid-script .fcgi\n</FilesMatch>\n'
    assert lines("SEC309", condition + unknown, scope=Scope.FRAGMENT) == []


def test_a_handler_is_not_rewritten_where_no_pattern_may_stand_or_a_password_may() -> None:
    for text in (
        "<Location />\nAddHandler fcgid-script .fcgi\n</Location>\n",
        '<Directory /srv>\nAddHandler "proxy:fcgi://u:p@127.0.0.1:9000" .php\n</Directory>\n',
    ):
        (said,) = findings("SEC309", text, scope=Scope.FRAGMENT)
        assert (said.line, said.fix) == (2, None)


def test_another_directory_of_scripts_does_not_make_this_one_safe() -> None:
    text = (
        "ScriptAlias /a/ /srv/a/\nScriptAlias /b/ /srv/b/\n<Directory /srv/b>\n"
        "Options ExecCGI\nAddHandler cgi-script .cgi\n</Directory>\n<Directory /srv/c>\n"
        "AddHandler cgi-script .cgi\n</Directory>\n"
    )
    assert lines("SEC309", text, "cgid") == [8]


def test_the_fix_of_a_handler_leaves_odd_extensions_alone() -> None:
    text = "AddHandler fcgid-script .fcgi .x*\n"
    assert fixed("SEC309", text, "actions") == text
    assert lines("SEC309", text, scope=Scope.FRAGMENT) == [1]


def test_a_pattern_for_other_scripts_or_with_an_odd_end_is_seen() -> None:
    body = "SetHandler fcgid-script\n"
    text = f"<FilesMatch \\.pl>\n{body}</FilesMatch>\n<FilesMatch \\.xyz>\n{body}</FilesMatch>\n"
    assert lines("SEC310", text, scope=Scope.FRAGMENT) == [1]
    assert (
        lines("SEC310", body + f"<Directory ~ x>\n{body}</Directory>\n", scope=Scope.FRAGMENT) == []
    )


def test_a_status_page_of_its_own_pattern_is_judged_by_itself() -> None:
    text = "<LocationMatch ^/s>\nSetHandler server-status\n</LocationMatch>\n"
    assert lines("SEC314", text, "status") == []
    assert lines("SEC314", "SetHandler server-status\n", "status") == []
    assert lines("SEC314", text.replace("/s>", "/s>\nRequire all granted"), "status") == [3]


def test_a_status_page_behind_several_requires_has_no_fix() -> None:
    text = (
        "<Location /s>\nSetHandler server-status\nRequire all granted\nRequire local\n</Location>\n"
    )
    (said,) = findings("SEC314", text, "status")
    assert said.fix is None


def test_a_list_of_methods_without_restriction_or_with_another_for_the_rest_is_right() -> None:
    text = (
        "<Directory /srv/www>\n<Limit GET>\nDirectoryIndex x\n</Limit>\n</Directory>\n"
        "<Directory /srv/ww>\n<Limit GET>\nRequire local\n</Limit>\nRequire local\n</Directory>\n"
    )
    assert lines("SEC321", text) == []


def test_deny_is_judged_as_require_is() -> None:
    limit = "<Limit GET>\nOrder allow,deny\nDeny from all\n</Limit>\n"
    rest = limit.replace("Limit GET", "LimitExcept GET").replace("/Limit>", "/LimitExcept>")
    assert lines("SEC321", f"<Directory /srv/www>\n{limit}</Directory>\n", COMPAT) == [2]
    assert lines("SEC321", f"<Directory /srv/www>\n{limit}{rest}</Directory>\n", COMPAT) == []


def test_an_alias_is_judged_by_its_own_two_words() -> None:
    text = 'Alias /img/ "/srv/img" extra\nAlias /u/ "/srv/%{reqenv:U}"\nAlias /q/ \'/srv/q\'\n'
    assert lines("SEC324", text, scope=Scope.FRAGMENT) == [3]
    assert fixed("SEC324", "Alias /q/ '/srv/q'\n") == "Alias /q/ '/srv/q/'\n"


def test_a_sensitive_directory_that_is_shut_is_a_warning() -> None:
    shut = "<Directory />\nRequire all denied\n</Directory>\n"
    (said,) = findings("SEC325", f"{shut}Alias /v /var\n")
    assert said.severity.value == "warning"
    assert lines("SEC325", "DocumentRoot htdocs\nAlias x\n", scope=Scope.FRAGMENT) == []


def test_a_macro_cannot_be_fixed() -> None:
    text = (
        "<Macro M>\n<Limit GET>\nRequire all denied\n</Limit>\nAddHandler fcgid-script .fcgi\n</Macro>\n"
        "<Directory /srv/www>\nUse M\n</Directory>\n"
    )
    for code in ("SEC309", "SEC321"):
        (said,) = findings(code, text, "macro", "fcgid")
        assert said.fix is None


def test_a_list_of_methods_is_no_section_of_its_own() -> None:
    header = "<Limit GET>\nHeader set X-Frame-Options DENY\n</Limit>\n"
    assert lines("SEC326", f"<Files x>\n{header}</Files>\n", "headers") == []
    assert lines("SEC326", f"<Directory /srv>\n{header}</Directory>\n", "headers") == [3]


def test_a_pattern_without_text_is_no_pattern() -> None:
    text = "<FilesMatch>\nSetHandler fcgid-script\n</FilesMatch>\n"
    assert lines("SEC310", text, scope=Scope.FRAGMENT) == []


def test_a_server_that_only_listens_on_loopback_is_behind_a_proxy() -> None:
    for listen, local in (
        ("Listen 127.0.0.1:80\nListen [::1]:443\n", True),
        ("Listen 127.0.0.1:80\nListen 81\n", False),
        ("ServerName x\n", False),
    ):
        assert listens_locally(merged_view_of(a_tree(listen))) is local


PROXY = ("rewrite", "proxy", "proxy_http")
PUBLIC = "Listen 8081\n"
LOGIN = "<Location /adm>\nAuthType Basic\nAuthName x\nRequire valid-user\n</Location>\n"
AUTH = ("authn_core", "auth_basic", "authz_user")


def rewritten(*rules: str) -> list[int]:
    return lines("SEC316", "\n".join(("RewriteEngine On", *rules, "")), *PROXY)


def test_the_host_of_a_proxied_rewrite_is_what_stands_before_the_first_slash() -> None:
    assert rewritten("RewriteRule ^/a/(.*)$ http://b/$1 [P]") == []
    assert rewritten("RewriteRule ^/a/(.*)$ http://b.$1/x [P]") == [2]
    assert rewritten("RewriteRule ^/a/(.*)$ $1 [P]") == [2]
    assert rewritten("RewriteRule ^/a/(.*)$ $1.internal/x [P]") == [2]
    assert rewritten("RewriteRule ^/(.*)$ http://$1.internal/x [P]") == [2]
    assert rewritten("RewriteRule ^/(.*)$ http://$1:81/x [proxy]") == [2]
    assert rewritten("RewriteRule ^/(.*)$ /local/$1 [P]") == []
    assert rewritten("RewriteRule ^ unix:/run/a.sock|http://app$1 [P]") == []
    assert rewritten("RewriteRule ^/x(.*) unix:/run/a.sock|http://app$1 [P]") == [2]
    assert rewritten("RewriteRule ^/x http://app$0 [P]") == []
    assert rewritten("RewriteRule .* http://app$0 [P]") == []
    assert rewritten("RewriteRule x.* http://app$0 [P]") == []
    assert rewritten("RewriteRule !^/x http://app$1 [P]") == []
    assert rewritten(f"RewriteRule ^/x(.*) http://{'a' * 5000}$1 [P]") == []


def test_a_capture_is_judged_by_what_it_may_be() -> None:
    for group, lines_ in {
        "([a-z]+)": [],
        "(.+)": [2],
        "([^/]+)": [2],
        "(?:x|y)(.*)": [2],
        "[(](.*)": [2],
        "\\((.*)": [2],
        "((.*))": [2],
        "(/.*)?": [],
        "(?<name>.*)": [],
        "(?i)(.*)": [],
        "(a(?=b).*)": [],
        "((?<!x).*)": [],
    }.items():
        assert rewritten(f"RewriteRule ^/app{group}$ http://b$1 [P]") == lines_, group


def test_a_number_that_no_group_has_is_empty() -> None:
    assert rewritten("RewriteRule ^/app(.*)$ http://b$2 [P]") == []
    assert rewritten("RewriteRule ^/app)(.*$ http://b$1 [P]") == []


def test_conditions_belong_to_the_rule_that_follows_them() -> None:
    any_host = "RewriteCond %{HTTP_HOST} ^(.*)$"
    target = "RewriteRule ^ http://%1/ [P]"
    assert rewritten(any_host, target) == [3]
    assert rewritten(any_host, "RewriteRule ^ - ", target) == []
    assert rewritten(any_host + " [OR]", any_host, target) == []
    assert rewritten("RewriteCond %{HTTP_HOST} !^(.*)$", target) == []
    assert rewritten("RewriteCond %{ENV:backend} ^(.*)$", target) == []
    assert (
        rewritten("RewriteCond %{HTTP_HOST} ^(.+)$ [NC]", "RewriteRule ^ http://%1.in/ [P]") == []
    )
    assert rewritten("RewriteCond %{REQUEST_URI} ^(.+)$", "RewriteRule ^ http://b%1 [P]") == []
    assert rewritten("RewriteCond %{REQUEST_URI} ^/b(.+)$", "RewriteRule ^ http://b%1 [P]") == [3]


def test_a_variable_is_the_client_s_unless_a_condition_looks_at_it() -> None:
    for name, lines_ in {
        "HTTP:X-To": [2],
        "QUERY_STRING": [2],
        "http_referer": [2],
        "SERVER_NAME": [2],
        "SERVER_ADDR": [],
        "ENV:to": [],
    }.items():
        assert rewritten(f"RewriteRule ^ http://%{{{name}}}/ [P]") == lines_, name
    condition = "RewriteCond %{http:x-to} ^(a|b)$"
    assert rewritten(condition, "RewriteRule ^ http://%{HTTP:X-To}/ [P]") == []


def test_the_name_of_a_host_that_answers_for_any_is_the_client_s() -> None:
    rule = "RewriteEngine On\nRewriteRule ^ http://%{HTTP_HOST}:81/ [P]\n"
    first = "<VirtualHost *:80>\nServerName a\n</VirtualHost>\n"
    other = f"<VirtualHost *:80>\nServerName b\nALIAS{rule}</VirtualHost>\n"
    assert lines("SEC316", first + other.replace("ALIAS", ""), *PROXY) == []
    assert lines("SEC316", first + other.replace("ALIAS", "ServerAlias *.b\n"), *PROXY) == [8]
    assert lines("SEC316", other.replace("ALIAS", ""), *PROXY) == [4]
    assert lines("SEC316", rule, scope=Scope.FRAGMENT) == []


def test_a_proxy_of_a_location_takes_its_pattern_from_there() -> None:
    text = "<LocationMatch ^/app(.*)$>\nProxyPassMatch http://b$1\n</LocationMatch>\n"
    assert lines("SEC316", text, *PROXY) == [2]
    assert lines("SEC316", "ProxyPassMatch ^/x(.*)$\n", scope=Scope.FRAGMENT) == []


def test_a_directory_without_an_address_of_its_own_gives_nothing_away() -> None:
    override = "<Directory {}>\nAllowOverride All\n</Directory>\n"
    for text in (
        override.format("/srv/www"),
        "DocumentRoot /srv/www\n" + override.format("/srv/other"),
        "DocumentRoot /srv/www\n" + override.format("/home/*/www"),
        "DocumentRoot htdocs\nAlias x\n" + override.format("/srv/www"),
        "Alias /x /srv/%{reqenv:U}/\n" + override.format("/srv/www"),
    ):
        assert lines("SEC317", text) == [], text
    inside = "DocumentRoot /srv/www/htdocs\n" + override.format("/srv/www")
    assert lines("SEC317", inside) == [3]
    assert lines("SEC317", "Alias /x/ /srv/x/\n" + override.format("/srv/x")) == [3]


def test_what_may_lead_elsewhere_gives_nothing_away() -> None:
    site = "DocumentRoot /srv/www\n<Directory /srv/www>\nAllowOverride All\n</Directory>\n"
    assert lines("SEC317", f"{site}ProxyPass / http://127.0.0.1:81/\n", *PROXY) == []
    assert lines("SEC317", f"{site}RedirectMatch (?<!x)y http://a.example/\n") == []
    rules = "RewriteEngine On\nRewriteRule ^ /index.html\n"
    assert lines("SEC317", site + rules, *PROXY) == [3]
    second = "DocumentRoot /srv/first\n" + site
    assert lines("SEC317", second) == [4]


def test_a_file_beside_the_site_has_no_address() -> None:
    assert lines("SEC323", "DocumentRoot /srv/www\nErrorLog /srv/error.log\n") == []
    assert lines("SEC323", "DocumentRoot /srv/www\nErrorLog |/usr/bin/log\nErrorLog\n") == []
    assert lines("SEC323", "DocumentRoot /\nErrorLog /srv/error.log\n") == []
    assert lines("SEC323", "AuthUserFile /srv/www/x\n", scope=Scope.HTACCESS) == []
    redirected = "DocumentRoot /srv/www\nRedirect / http://a.example/\nErrorLog /srv/www/e\n"
    assert lines("SEC323", redirected) == []


def test_a_password_is_in_clear_text_only_where_it_is_asked_for() -> None:
    assert lines("SEC322", PUBLIC + LOGIN, *AUTH) == [3]
    assert lines("SEC322", PUBLIC + LOGIN.replace("Basic", "Digest"), *AUTH) == []
    assert lines("SEC322", PUBLIC + "RemoteIPHeader X-Real-IP\n" + LOGIN, *AUTH, "remoteip") == []
    assert lines("SEC322", PUBLIC + LOGIN.replace("valid-user", "ssl"), *AUTH, "ssl") == []
    pattern = LOGIN.replace("Location /adm", "LocationMatch ^/adm").replace(
        "/Loc", "/LocationMatch>#"
    )
    assert lines("SEC322", PUBLIC + pattern.replace(">#ation>", ">"), *AUTH) == [3]


def test_a_host_with_tls_or_for_https_alone_is_another_matter() -> None:
    host = "<VirtualHost {}>\nServerName a\n{}" + LOGIN + "</VirtualHost>\n"
    assert lines("SEC322", host.format("*:80", "")) == []
    assert lines("SEC322", PUBLIC + host.format("*:443", ""), *AUTH) == []
    assert lines("SEC322", PUBLIC + host.format("*:80", ""), *AUTH) == [5]
    assert lines("SEC322", PUBLIC + host.format("*:80", "SSLEngine optional\n"), *AUTH, "ssl") == []
    assert lines("SEC322", PUBLIC + "SSLEngine on\n" + host.format("*:80", ""), *AUTH, "ssl") == []
    assert lines("SEC322", PUBLIC + "SSLEngine off\n" + LOGIN, *AUTH, "ssl") == [4]


CREDENTIALS = "Header set Access-Control-Allow-Credentials true\n"
CORS = ("headers", "setenvif", "env")


def test_an_origin_that_is_repeated_for_anybody_is_dangerous() -> None:
    line = "Header set Access-Control-Allow-Origin {}\n" + CREDENTIALS
    for value, lines_ in {
        '"expr=%{HTTP:Origin}"': [1],
        '"expr=%{req:Origin}" env=ORIGIN': [],
        "https://a.example.com": [],
        '"%{ORIGIN}e"': [],
    }.items():
        assert lines("SEC327", line.format(value), *CORS) == lines_, value
    for pattern, lines_ in {
        "SetEnvIf Origin .+ ORIGIN=$0\n": [2],
        "SetEnvIfNoCase origin ^https:// other=1 ORIGIN=$0\n": [2],
        "SetEnvIf Origin (?<!x).+ ORIGIN=$0\n": [],
        "SetEnvIf Referer .+ ORIGIN=$0\n": [],
        "SetEnvIf Origin .+ OTHER=$0\n": [],
    }.items():
        assert lines("SEC327", pattern + line.format('"%{ORIGIN}e"'), *CORS) == lines_, pattern
    condition = "<If \"-n req('Origin')\">\n{}</If>\n"
    assert lines("SEC327", condition.format(line.format('"expr=%{req:Origin}"')), *CORS) == []


def test_credentials_count_where_they_meet_the_origin() -> None:
    origin = 'Header set Access-Control-Allow-Origin "expr=%{req:Origin}"\n'
    inner = "<Location /api>\n{}</Location>\n"
    assert lines("SEC327", origin + inner.format(CREDENTIALS), *CORS) == [1]
    assert lines("SEC327", origin + CREDENTIALS.replace("true", "false"), *CORS) == []
    assert lines("SEC327", origin + CREDENTIALS.replace("set", "unset"), *CORS) == []
    host = "<VirtualHost *:80>\n{}</VirtualHost>\n"
    assert lines("SEC327", host.format(origin) + host.format(CREDENTIALS), *CORS) == []


def test_a_guard_with_more_inside_or_an_end_of_its_own_has_no_fix() -> None:
    text = "<Directory /srv>\n<IfModule mod_env.c>\nSetEnv A 1\nRequire all denied\n</IfModule>\n</Directory>\n"
    (said,) = findings("SEC333", text)
    assert (said.line, said.fix) == (2, None)


def test_a_guard_inside_another_and_one_at_server_level() -> None:
    inner = "<IfModule mod_authz_core.c>\n<IfModule mod_env.c>\nRequire local\n</IfModule>\n</IfModule>\n"
    assert lines("SEC333", f"<Directory /srv>\n{inner}</Directory>\n") == [3]
    assert lines("SEC333", "<IfModule mod_env.c>\nRequire local\n</IfModule>\n") == []


def test_every_place_of_a_plain_host_is_told() -> None:
    assert lines("SEC322", PUBLIC + LOGIN + LOGIN.replace("adm", "log"), *AUTH) == [3, 8]


def test_who_comes_from_somewhere_needs_no_password() -> None:
    for who, lines_ in {
        "ip 192.0.2.1": [],
        "not ip 192.0.2.1": [],
        "all granted": [],
        "group staff": [3],
        "user alice": [3],
    }.items():
        assert lines("SEC322", PUBLIC + LOGIN.replace("valid-user", who), *AUTH) == lines_, who


def test_a_directory_may_inherit_who_is_let_in() -> None:
    outer = "<Directory /srv>\nRequire valid-user\n</Directory>\n"
    inner = "<Directory /srv/www>\nAuthType Basic\n</Directory>\n"
    assert lines("SEC322", PUBLIC + outer + inner, *AUTH) == [6]
    assert lines("SEC322", PUBLIC + inner, *AUTH) == []
    assert lines("SEC322", PUBLIC + outer + inner.replace("/srv/www", "/srv/*"), *AUTH) == []


def test_a_location_that_itself_leads_to_https_asks_for_nothing() -> None:
    redirect = "Redirect permanent /adm https://a.example/adm\n"
    assert lines("SEC322", PUBLIC + redirect + LOGIN, *AUTH) == []
    assert lines("SEC322", PUBLIC + redirect + LOGIN.replace("/adm", "/log"), *AUTH) == [4]


def test_a_file_that_many_places_share_is_told_for_each() -> None:
    login = "<Location /{}>\nAuthUserFile /srv/www/users\n</Location>\n"
    text = "DocumentRoot /srv/www\n" + login.format("a") + login.format("b")
    assert lines("SEC323", text, "authn_core", "authn_file") == [3, 6]


def test_a_path_longer_than_any_file_system_takes_is_not_looked_at() -> None:
    long = "/a" * 3000
    grant = f"<Location {long}>\nRequire all granted\n</Location>\n"
    shut = "DocumentRoot /srv/www\n<Files x>\nRequire all denied\n</Files>\n"
    assert lines("SEC303", shut + grant) == []
    assert lines("SEC302", grant.replace("Location", "Directory")) == []
    assert lines("SEC325", f"DocumentRoot /proc{long}\n") == []
    assert lines("SEC323", f"DocumentRoot /srv\nErrorLog /srv{long}\n") == []


def test_a_name_that_the_server_insists_on_is_not_the_client_s() -> None:
    rule = "RewriteEngine On\nRewriteRule ^ http://%{SERVER_NAME}:81/ [P]\n"
    assert lines("SEC316", rule, *PROXY) == [2]
    assert lines("SEC316", f"UseCanonicalName On\n{rule}", *PROXY) == []


def test_homes_of_users_are_judged_where_the_tree_is_not_known() -> None:
    text = "<Directory /home/*/public_html>\nOptions Indexes\n</Directory>\n"
    assert lines("SEC305", text, "autoindex") == []
    assert lines("SEC305", text.replace("home", "srv"), "autoindex") == [2]
    assert lines("SEC305", text, scope=Scope.FRAGMENT) == [2]
