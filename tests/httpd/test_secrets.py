"""No secret of a configuration is shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.httpd.secrets import cut_urls, mask, mask_raw, may_be_shown

# Each line holds a secret where an administrator would put one.
CANARIES = [
    ("SSLPassPhraseDialog", ["|/usr/bin/pass S3CRET-1"]),
    ("SSLPassPhraseDialog", ["exec:/usr/bin/pass", "S3CRET-2"]),
    ("AuthLDAPBindPassword", ["S3CRET-3"]),
    ("AuthLDAPBindPassword", ["exec:/bin/cat", "S3CRET-4"]),
    ("ProxyPass", ["/a", "http://user:S3CRET-5@app:8080/"]),
    ("ProxyPass", ["/a", "ajp://app:8009/", "secret=S3CRET-6"]),
    ("ProxyPass", ["/a", "http://app/?token=S3CRET-7"]),
    ("BalancerMember", ["ajp://app:8009", "secret=S3CRET-8", "route=a"]),
    ("ProxySet", ["secret=S3CRET-9"]),
    ("ProxyPassMatch", ["^/x", "http://u:S3CRET-10@h/$1"]),
    ("ProxyPassReverse", ["/", "https://u:S3CRET-11@h/"]),
    ("ProxyRemote", ["*", "http://proxy:3128", "user:S3CRET-12"]),
    ("ProxyRemote", ["*", "http://user:S3CRET-13@proxy:3128"]),
    ("SetEnv", ["DB_PASSWORD", "S3CRET-14"]),
    ("setenv", ["DB_PASSWORD", "S3CRET-15"]),
    ("SetEnvIf", ["X-Key", "^S3CRET-16$", "let_in"]),
    ("SetEnvIfExpr", ["%{HTTP:X-Key} == 'S3CRET-17'", "let_in"]),
    ("DBDParams", ["host=db user=www pass=S3CRET-18"]),
    ("DBDParams", ["host=db", "password=S3CRET-19"]),
    ("DBDInitSQL", ["SET PASSWORD 'S3CRET-20'"]),
    ("MDExternalAccountBinding", ["kid", "S3CRET-21"]),
    ("RewriteRule", ["^/S3CRET-22/(.*)", "/$1", "[L]"]),
    ("RewriteCond", ["%{HTTP:X-Token}", "!=S3CRET-23"]),
    ("RequestHeader", ["set", "Authorization", "Basic S3CRET-24"]),
    ("Header", ["always", "set", "X-Key", "S3CRET-25"]),
    ("Header", ["set", "Set-Cookie", "id=S3CRET-26"]),
    ("Define", ["DB_PASS", "S3CRET-27"]),
    ("Use", ["VHost", "example.org", "S3CRET-28"]),
    ("SessionCryptoPassphrase", ["S3CRET-29"]),
    ("AuthFormSitePassphrase", ["S3CRET-30"]),
    ("AuthBasicFake", ["demo", "S3CRET-31"]),
    ("SSLSRPUnknownUserSeed", ["S3CRET-32"]),
    ("SSLCertificateKeyFile", ["pkcs11:object=key;pin-value=S3CRET-33"]),
    ("Redirect", ["/a", "https://h/?api_key=S3CRET-34"]),
    ("Redirect", ["/a", "/b?S3CRET-35"]),
    ("ErrorDocument", ["404", "/missing?auth=S3CRET-36"]),
    ("CustomLog", ["|/usr/bin/curl -H 'X-Key: S3CRET-37' https://h", "combined"]),
    ("ErrorLog", ["|/usr/bin/ship --token S3CRET-38"]),
    ("MDNotifyCmd", ["/usr/bin/notify", "S3CRET-39"]),
    ("MDHttpProxy", ["http://u:S3CRET-40@proxy:3128"]),
    ("ExtFilterDefine", ["f", "cmd=/bin/sed s/x/S3CRET-41/"]),
    ("Substitute", ["s/KEY/S3CRET-42/"]),
    ("OutputSed", ["s/KEY/S3CRET-43/"]),
    ("Require", ["expr", "%{HTTP:X-Key} == 'S3CRET-44'"]),
    ("SSLRequire", ["%{HTTP:X-Key} eq 'S3CRET-45'"]),
    ("<If", ["%{HTTP:X-Key} == 'S3CRET-46'"]),
    ("<ElseIf>", ["%{HTTP:X-Key} == 'S3CRET-47'"]),
    ("AuthLDAPURL", ["ldap://h/o=x?uid?sub?(key=S3CRET-48)"]),
    ("OIDCClientSecret", ["S3CRET-49"]),
    ("OIDCCryptoPassphrase", ["S3CRET-50"]),
    ("php_admin_value", ["mysqli.default_pw", "S3CRET-51"]),
    ("PerlSetVar", ["DbPassword", "S3CRET-52"]),
    ("WSGIDaemonProcess", ["app", "home=/srv/S3CRET-53"]),
    ("ProxyFCGISetEnvIf", ["true", "KEY", "S3CRET-54"]),
    ("ProxyHCExpr", ["up", "{hc('body') =~ /S3CRET-55/}"]),
    ("RewriteMap", ["m", "prg:/usr/bin/map --password=S3CRET-56"]),
]


@pytest.mark.parametrize(("name", "args"), CANARIES)
def test_a_secret_is_not_shown(name: str, args: list[str]) -> None:
    raw = " ".join(f'"{arg}"' for arg in args)
    assert "S3CRET" not in " ".join(mask(name, args))
    assert "S3CRET" not in mask_raw(name, args, raw)
    assert "***" in mask_raw(name, args, raw)


def test_there_are_at_least_forty_canaries_each_with_its_own_secret() -> None:
    secrets = {args[-1] if "S3CRET" in args[-1] else str(args) for _, args in CANARIES}
    assert len(secrets) == len(CANARIES) >= 40


@pytest.mark.parametrize(
    ("name", "args", "shown"),
    [
        ("SetEnv", ["DB_PASSWORD", "x"], ("DB_PASSWORD", "***")),
        ("SetEnv", ["FLAG"], ("FLAG",)),
        ("DBDParams", ["host=db pass=x", "y"], ("***",)),
        ("Header", ["always", "set", "X-Key", "v", "env=e"], ("always", "set", "X-Key", "***")),
        ("Header", ["unset", "ETag"], ("unset", "ETag")),
        ("RequestHeader", ["set", "X-Key", "v"], ("set", "X-Key", "***")),
        ("Require", ["valid-user"], ("valid-user",)),
        ("Require", ["all", "granted"], ("all", "granted")),
        ("Require", [], ()),
        ("ProxyPass", ["/a", "http://u:p@h:8080/x?y=z"], ("/a", "http://***@h:8080/x?***")),
        ("ProxyPass", ["/a", "ajp://h:8009/", "secret=x"], ("/a", "ajp://h:8009/", "secret=***")),
        ("CustomLog", ["|/bin/x -k y", "combined"], ("|/bin/x ***", "combined")),
        ("CustomLog", ["|/bin/x", "combined"], ("|/bin/x", "combined")),
        ("FallbackResource", ["/index.php?x=1"], ("/index.php?***",)),
        ("OIDCClientSecret", ["a", "b"], ("***",)),
        ("RewriteRule", [], ()),
    ],
)
def test_what_is_held_back_becomes_one_mark(
    name: str, args: list[str], shown: tuple[str, ...]
) -> None:
    assert mask(name, args) == shown


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("MaxRequestWorkers", ["400"]),
        ("MaxClients", ["150"]),
        ("Listen", ["[::1]:8080", "https"]),
        ("<VirtualHost", ["*:443", "[::]:443"]),
        ("VirtualHost", ["*:443"]),
        ("LoadModule", ["php_module", "/usr/lib/apache2/modules/libphp8.2.so"]),
        ("SSLCertificateKeyFile", ["/etc/ssl/private/key.pem"]),
        ("SSLSessionCache", ["shmcb:/run/ssl(512000)"]),
        ("RequestReadTimeout", ["header=20-40,MinRate=500", "body=20,MinRate=500"]),
        ("FilesMatch", [r"\.ph(?:ar|p[3457]?|tml)$"]),
        ("<LocationMatch", ["/(images?)/x?"]),
        ("ProxyPassMatch", ["/a?b(.*)", "http://app/$1"]),
        ("SetHandler", ["proxy:unix:/run/php/fpm.sock|fcgi://localhost"]),
        ("ServerAlias", ["www.example.org"]),
        ("LogFormat", ['%h %l %u %t "%r" %>s %O', "common"]),
        ("CGIPassAuth", ["On"]),
        ("ProxyPassReverse", ["/", "https://app.example.org/"]),
    ],
)
def test_what_is_no_secret_is_shown_as_written(name: str, args: list[str]) -> None:
    assert mask(name, args) == tuple(args)
    assert mask_raw(name, args, "as  written") == "as  written"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("MaxRequestWorkers", True),
        ("KEEPALIVETIMEOUT", True),
        ("<VirtualHost", True),
        ("</VirtualHost>", True),
        ("SSLCertificateFile", True),
        ("AuthLDAPBindPassword", False),
        ("setenv", False),
        ("<If", False),
        ("OIDCClientSecret", False),
        ("", False),
    ],
)
def test_only_directives_of_httpd_without_secrets_may_be_shown(name: str, shown: bool) -> None:
    assert may_be_shown(name) is shown


def test_a_raw_text_is_quoted_again_where_something_was_cut() -> None:
    args = ["/a b", "http://u:p@h/"]
    assert mask_raw("ProxyPass", args, "raw") == '"/a b" http://***@h/'
    assert mask_raw("ErrorDocument", ["404", 'say "x" http://u:p@h'], "raw") == (
        r'404 "say \"x\" http://***@h"'
    )


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("no url here, 5 ? 6", "no url here, 5 ? 6"),
        ("see https://u:p@h/x?y=z now", "see https://***@h/x?*** now"),
        ("http://a@b@c/d", "http://***@c/d"),
        ("http://h/mail@x", "http://h/mail@x"),
        ("Cannot parse PASSWORD=abc;x", "Cannot parse PASSWORD=***;x"),
        ("db_password=a b", "db_password=*** b"),
        ("x-api-key=1&y=2", "x-api-key=***&y=2"),
        ("client_secret=1", "client_secret=***"),
        ("max=100 timeout=5", "max=100 timeout=5"),
    ],
)
def test_urls_and_named_secrets_are_cut_out_of_any_text(text: str, cut: str) -> None:
    assert cut_urls(text) == cut


@settings(max_examples=100)
@given(
    st.text(st.characters(exclude_characters="/?#@\"'", exclude_categories=["Z", "Cc"]), min_size=6)
)
def test_the_user_part_of_a_url_never_survives(password: str) -> None:
    shown = cut_urls(f"http://user:{password}@host/path")
    assert shown == "http://***@host/path"


@pytest.mark.parametrize("piece", ["://", "http://a@", "token", "secret=", "?", "'\"", "/a?b"])
def test_a_long_hostile_argument_takes_linear_work(piece: str) -> None:
    # 300,000 pieces are cut in well under a second; quadratic work would take hours.
    assert mask("ProxyPass", [piece * 300_000])
