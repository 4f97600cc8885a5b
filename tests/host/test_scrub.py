from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.host.doorway import Absent, Answer, Entry, EntryKind, Process
from mpmtune.host.scrub import Scrubber, masked_directive


def conf(text: str, path: str = "/etc/apache2/apache2.conf") -> str:
    content = Scrubber().file(path, text.encode("latin-1"))
    assert isinstance(content, bytes)
    return content.decode("latin-1")


SECRETS = [
    "SSLPassPhraseDialog exec:/bin/S3CRET",
    "AuthLDAPBindPassword S3CRET",
    'AuthLDAPBindPassword "S3CRET two"',
    "ProxyPass /a http://user:S3CRET@10.0.0.5/",
    "ProxyPass /a http://app/?token=S3CRET",
    "ProxyPass /a ajp://app/ secret=S3CRET",
    "BalancerMember http://u:S3CRET@b",
    "SetEnv DB_PASSWORD S3CRET",
    "SetEnvIf Host x DB=S3CRET",
    "DBDParams host=db,pass=S3CRET",
    "MDExternalAccountBinding kid S3CRET",
    "RewriteRule ^/S3CRET /x [L]",
    "RewriteCond %{QUERY_STRING} S3CRET",
    "RequestHeader set Authorization S3CRET",
    "Header always set X-Key S3CRET",
    "Define DB_PASSWORD S3CRET",
    "Define API_KEY /S3CRET",
    "Define API_TOKEN 1234567S3CRET",
    "Use VHost name S3CRET",
    "PassengerThing S3CRET",
    "php_value session.secret S3CRET",
    "SessionCryptoPassphrase S3CRET",
    "AuthBasicFake user S3CRET",
    "<If \"%{HTTP:X} == 'S3CRET'\">",
    'CustomLog "|/usr/bin/log --key S3CRET" combined',
    "Include /etc/x?y=S3CRET",
    "# AuthLDAPBindPassword S3CRET",
    "  SetEnv A \\\n S3CRET",
    "SetEnv \\\n A \\\r\n S3CRET\\\n and more S3CRET",
    "# comment \\\n S3CRET",
    "SSLOpenSSLConfCmd Options S3CRET",
    "Redirect /a http://u:S3CRET@b/",
    "Substitute s/a/S3CRET/",
    'ExtFilterDefine f cmd="/bin/x S3CRET"',
]


@pytest.mark.parametrize("text", SECRETS)
def test_no_secret_stays_in_a_configuration(text: str) -> None:
    assert "S3CRET" not in conf(f"Timeout 5\n{text}\nKeepAlive On\n")


@pytest.mark.parametrize("text", SECRETS)
def test_lines_stay_where_they_are(text: str) -> None:
    scrubbed = conf(f"Timeout 5\n{text}\nKeepAlive On\n")
    assert scrubbed.count("\n") == text.count("\n") + 3
    assert scrubbed.startswith("Timeout 5\n")
    assert scrubbed.endswith("\nKeepAlive On\n")


@pytest.mark.parametrize(
    "line",
    [
        "MaxRequestWorkers 150",
        "  Listen 8080",
        '\tServerRoot "/etc/apache2"',
        "LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so",
        "<IfModule mpm_event_module>",
        "</IfModule>",
        "IncludeOptional mods-enabled/*.load",
        "Define LOGS /var/log/apache2",
        "Define WORKERS 400",
        "Define ENABLE_X On",
        "Define FLAG",
        "Use VHost 8080 /srv/www",
        "# mpmtune: ignore[MPM004] as the hoster wants it",
        "ServerAlias *",
        "",
    ],
)
def test_what_detect_needs_stays_as_it_is(line: str) -> None:
    assert conf(line + "\n") == line + "\n"


def test_a_masked_directive_has_as_many_arguments_as_before() -> None:
    assert masked_directive("RewriteRule ^/a$ /b [L]") == "RewriteRule *** *** ***"
    assert masked_directive("SetEnv A b") == "SetEnv A ***"
    assert masked_directive('  Use VHost "a b" 80') == "  Use VHost *** 80"
    assert masked_directive('<If "%{REMOTE_ADDR} == 1">') == "<If ***>"
    assert masked_directive("Timeout 5") is None


def test_a_masked_directive_over_three_lines_stays_on_three() -> None:
    assert conf("SetEnv A \\\n b \\\n c\nTimeout 5") == "SetEnv A *** ***\\\n\\\n\nTimeout 5"


def test_a_continuation_at_the_end_of_the_file_ends_there() -> None:
    assert conf("SetEnv A b\\\n") == "SetEnv A ***\n"
    assert conf("SetEnv A b") == "SetEnv A ***"


def test_names_and_addresses_are_replaced_alike_in_all_files() -> None:
    scrubber = Scrubber()
    first = scrubber.file("/a.conf", b"ServerName shop.corp.net\nListen 10.0.0.7:80\n")
    second = scrubber.file("/b.conf", b"DocumentRoot /srv/shop.corp.net\nListen 10.0.0.7:81\n")
    assert first == b"ServerName host1.example\nListen 198.18.0.2:80\n"
    assert second == b"DocumentRoot /srv/host1.example\nListen 198.18.0.2:81\n"


@pytest.mark.parametrize(
    "text",
    [
        "ServerAlias *.corp.net www.corp.net\n",
        "<VirtualHost shop.corp.net:443>\n",
        "ServerName https://shop.corp.net:443\n",
        "ServerAdmin me@corp.net\n",
        "ProxyPass / http://app.corp.net/\n",
    ],
)
def test_names_are_learnt_where_httpd_is_told_them(text: str) -> None:
    assert "corp" not in conf(text)


def test_a_private_key_is_never_given() -> None:
    pem = b"-----BEGIN RSA PRIVATE KEY-----\nS3CRET\n"
    assert Scrubber().file("/etc/ssl/x", pem) == Absent("/etc/ssl/x", "it holds a private key")


def test_variables_of_envvars_are_masked_but_for_httpds_own() -> None:
    assert conf(
        "# comment S3CRET\nunset HOME\nexport APACHE_RUN_USER=www-data\nexport DB=S3CRET\n"
        "export CONFDIR=/etc/x\nexport DB_PASSWORD=/S3CRET\nexport LANG=C\n",
        "/etc/apache2/envvars",
    ) == (
        "#\nunset HOME\nexport APACHE_RUN_USER=www-data\nexport DB=***\n"
        "export CONFDIR=/etc/x\nexport DB_PASSWORD=***\nexport LANG=C\n"
    )


def test_a_pool_keeps_what_sizes_it() -> None:
    assert conf(
        "[www]\nuser = www-data\npm = dynamic\npm.max_children = 5\nlisten = /run/x.sock\n"
        "env[DB_PASSWORD] = S3CRET\nphp_admin_value[x] = S3CRET\n; S3CRET\n\n",
        "/etc/php/8.2/fpm/pool.d/www.conf",
    ) == ("[www]\n;\npm = dynamic\npm.max_children = 5\nlisten = /run/x.sock\n;\n;\n;\n\n")


def test_an_httpd_file_about_fpm_is_no_pool() -> None:
    path = "/etc/apache2/conf-available/php8.2-fpm.conf"
    assert (
        conf("SetHandler proxy:unix:/run/x.sock\n", path) == "SetHandler proxy:unix:/run/x.sock\n"
    )


def test_tables_of_the_kernel_keep_what_detect_reads() -> None:
    scrubber = Scrubber()
    mounts = b"1 0 8:1 / / rw - ext4 /dev/x rw\n2 1 0:2 / /cg rw - cgroup2 none rw\n"
    assert scrubber.file("/proc/1/mountinfo", mounts) == b"2 1 0:2 / /cg rw - cgroup2 none rw"
    maps = b"7f r-xp /usr/lib/mod_ssl.so\n7f rw-p /srv/customers.db\n"
    assert scrubber.file("/proc/9/maps", maps) == b"7f r-xp /usr/lib/mod_ssl.so"
    smaps = b"7f r-xp /x.so\nPss:  5 kB\n7f rw-p /srv/customers.db\nPss:  7 kB\n"
    assert scrubber.file("/proc/9/smaps", smaps) == b"7f r-xp /x.so\nPss:  5 kB\nPss:  7 kB"
    assert scrubber.file("/proc/meminfo", b"MemTotal: 1 kB\n") == b"MemTotal: 1 kB\n"


@pytest.mark.parametrize("name", ["environ", "cmdline"])
def test_environments_and_command_lines_are_not_recorded(name: str) -> None:
    assert isinstance(Scrubber().file(f"/proc/9/{name}", b"A=S3CRET"), Absent)


def test_the_distribution_is_no_secret() -> None:
    text = b'HOME_URL="https://www.debian.org/"\nID=debian\n'
    assert Scrubber().file("/etc/os-release", text) == text


def test_directives_on_a_command_line_are_masked() -> None:
    process = Process(
        1, 0, "httpd", "/usr/sbin/httpd", ("httpd", "-c", "SetEnv A S3CRET", "-C", "Timeout 5"), 0
    )
    assert Scrubber().process(process).arguments == (
        "httpd",
        "-c",
        "SetEnv A ***",
        "-C",
        "Timeout 5",
    )


def test_answers_are_scrubbed_and_their_errors_cut() -> None:
    scrubber = Scrubber()
    answer = scrubber.answer(Answer(0, b"at http://a.corp.net and 10.0.0.9", b"e" * 100_000))
    assert isinstance(answer, Answer)
    assert answer.stdout == b"at http://host1.example and 198.18.0.2"
    assert len(answer.stderr) == 8192
    absent = Absent("/x", "not there")
    assert scrubber.answer(absent) is absent


def test_an_entry_is_named_as_it_was_asked_for() -> None:
    scrubber = Scrubber()
    scrubber.pseudonyms.learn_name("shop.corp.net")
    link = Entry("/real", EntryKind.LINK, 0, 0, 0o777, 9, "../shop.corp.net.conf")
    scrubbed = scrubber.entry("/asked", link)
    assert isinstance(scrubbed, Entry)
    assert (scrubbed.path, scrubbed.target) == ("/asked", "../host1.example.conf")
    assert scrubber.entry("/asked", Absent("/real", "no")) == Absent("/asked", "no")


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("SetEnv \\\n\r\t\"'<>#A=b$\x00\xff*"), max_size=60),
    st.sampled_from(["/a.conf", "/etc/apache2/envvars", "/etc/php/8/fpm/pool.d/x", "/proc/1/maps"]),
)
def test_no_text_is_a_crash_and_a_configuration_keeps_its_lines(text: str, path: str) -> None:
    scrubbed = conf(text, path)
    if path == "/a.conf" and not text.rstrip("\r\n").endswith("\\"):
        assert scrubbed.count("\n") == text.count("\n")
