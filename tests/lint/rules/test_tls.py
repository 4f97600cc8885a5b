"""Rules of TLS in the cases that their examples are not about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd.targets import TARGETS
from mpmtune.lint.engine import Checks, Reading, check
from mpmtune.lint.registry import listings
from mpmtune.lint.rule import Scope
from mpmtune.lint.tls_backends import backend_of, is_loopback
from mpmtune.model.finding import Severity
from tests.lint.rules.cases import findings, fixed, lines

CERTIFICATE = "SSLCertificateFile /srv/www/cert.pem\nSSLCertificateKeyFile /srv/www/key.pem\n"
SSL = ("ssl", "socache_shmcb", "headers")
PROXY = ("ssl", "proxy", "proxy_http", "rewrite")


def host(*body: str, at: str = "*:8080", name: str = "www.example.com") -> str:
    inside = "".join(f"{line}\n" for line in body)
    return f"<VirtualHost {at}>\nServerName {name}\n{inside}</VirtualHost>\n"


def tls(*body: str, at: str = "*:8080", name: str = "www.example.com") -> str:
    return host("SSLEngine on", *CERTIFICATE.splitlines(), *body, at=at, name=name)


def severities(code: str, text: str, target: str) -> list[Severity]:
    """Give what a rule says of a text on a distribution."""
    chosen = replace(TARGETS[target], version=(2, 4, 71))
    loaded = "LoadModule mpm_event_module a.so\nLoadModule ssl_module b.so\nListen 8080\n"
    files = MemoryFiles({chosen.conf: (loaded + text).encode()})
    tree = evaluate(files, Start(chosen.conf, chosen, here=False))
    only = tuple(one for one in listings() if one.code == code)
    return [f.severity for f in check([Reading((tree,))], Checks(only, listings())).findings]


@pytest.mark.parametrize(
    ("protocol", "target", "severity"),
    [
        ("all", "debian-12", Severity.INFO),
        ("all -SSLv3", "rhel-9", Severity.INFO),
        ("+TLSv1.1 +TLSv1.2", "debian-12", Severity.WARNING),
        ("all", "rhel-8", Severity.ERROR),
        ("all", "source", Severity.ERROR),
    ],
)
def test_old_versions_are_as_bad_as_the_library_is_old(
    protocol: str, target: str, severity: Severity
) -> None:
    assert severities("TLS401", tls(f"SSLProtocol {protocol}"), target) == [severity]


def test_security_level_0_lets_old_versions_through_on_every_target() -> None:
    text = tls("SSLProtocol all", "SSLCipherSuite HIGH:@SECLEVEL=0")
    assert severities("TLS401", text, "debian-12") == [Severity.ERROR]


def test_broken_ciphers_are_an_error_where_the_library_has_them() -> None:
    text = tls("SSLCipherSuite HIGH:RC4")
    assert severities("TLS402", text, "debian-12") == [Severity.WARNING]
    assert severities("TLS402", text, "rhel-9") == [Severity.ERROR]


def test_a_line_that_several_hosts_inherit_is_told_of_once() -> None:
    text = "SSLProtocol all\nSSLCipherSuite HIGH:RC4\n" + tls() + tls(name="b.example.com")
    assert lines("TLS401", text, *SSL) == [1]
    assert lines("TLS402", text, *SSL) == [2]


def test_a_value_that_nobody_knows_is_not_judged() -> None:
    unknown = ("SSLProtocol ${PROTOCOLS}", "SSLCipherSuite ${CIPHERS}:RC4")
    assert lines("TLS401", tls(*unknown), scope=Scope.FRAGMENT) == []
    assert lines("TLS402", tls(*unknown), scope=Scope.FRAGMENT) == []
    assert lines("TLS401", host("SSLEngine ${ENGINE}", "SSLProtocol all"), *SSL) == []


def test_an_empty_cipher_list_is_left_to_syn904() -> None:
    assert lines("TLS402", tls("SSLCipherSuite"), *SSL) == []


def test_optional_is_off_since_2_4_64_and_undecided_before() -> None:
    text = host("SSLEngine optional", "SSLProtocol TLSv1.1")
    assert severities("TLS401", text, "debian-12") == []
    assert lines("TLS406", host("SSLEngine optional", at="*:443"), *SSL) == [3]
    assert engine_of_old(host("SSLEngine optional", at="*:443")) == []


def engine_of_old(text: str) -> list[int]:
    target = replace(TARGETS["debian-12"], version=(2, 4, 62))
    files = MemoryFiles({target.conf: b"Listen 443\n" + text.encode()})
    tree = evaluate(files, Start(target.conf, target, here=False))
    only = tuple(one for one in listings() if one.code == "TLS406")
    return [f.line for f in check([Reading((tree,))], Checks(only, listings())).findings]


def test_tls_turns_itself_on_where_a_listen_for_https_has_the_very_address() -> None:
    alone = host(*CERTIFICATE.splitlines(), at="127.0.0.1:443")
    other = host(*CERTIFICATE.splitlines(), at="*:443")
    assert lines("TLS406", alone, *SSL) == []
    assert lines("TLS406", other, *SSL) == [1]
    assert lines("TLS406", "SSLEngine off\n" + alone, *SSL) == [1]


def test_one_that_listens_for_https_needs_no_engine_to_be_looked_at() -> None:
    text = host(*CERTIFICATE.splitlines(), "SSLProtocol +TLSv1.1", at="127.0.0.1:443")
    assert lines("TLS401", text, *SSL) == [5]
    assert lines("TLS414", text, *SSL) == []


def test_the_first_host_decides_for_its_address() -> None:
    assert lines("TLS406", host(at="*:443") + tls(at="*:443", name="b.example"), *SSL) == [1]
    later = tls(at="*:443") + host(at="*:443", name="b.example")
    assert [f.severity for f in findings("TLS406", later, *SSL)] == [Severity.WARNING]
    both = tls(at="192.0.2.1:443 192.0.2.2:443") + host(at="192.0.2.1:443 192.0.2.2:443")
    assert lines("TLS406", both, *SSL) == [7]


def test_another_module_may_speak_tls() -> None:
    assert lines("TLS406", host("GnuTLSEnable on", at="*:443")) == []


@pytest.mark.parametrize("code", ["TLS406", "TLS407"])
def test_addresses_that_nobody_knows_are_not_judged(code: str) -> None:
    text = "<VirtualHost ${ADDRESS}>\nServerName a.example\n</VirtualHost>\n"
    assert lines(code, text + "SSLEngine on\n" + host(at="*:80") + host(at="*:443"), *SSL) == []


def test_a_main_server_with_tls_is_told_of_once() -> None:
    text = "SSLEngine on\n" + CERTIFICATE + host(at="192.0.2.1:80") + host(at="192.0.2.2:80")
    assert lines("TLS407", text, *SSL) == [1]


def test_a_template_may_hold_the_certificate() -> None:
    text = "{% if tls %}\nSSLCertificateFile a.pem\n{% endif %}\n" + host("SSLEngine on")
    assert lines("TLS405", text, *SSL) == []
    stapling = "{% if tls %}\nSSLStaplingCache shmcb:x\n{% endif %}\n" + tls("SSLUseStapling on")
    assert lines("TLS409", stapling, *SSL) == []


def test_a_file_of_another_machine_may_decide() -> None:
    optional = "<IfFile /etc/ssl/a.pem>\nSSLCertificateFile /etc/ssl/a.pem\n</IfFile>\n"
    text = optional + host("SSLEngine on")
    assert severities("TLS405", host("SSLEngine on"), "rhel-9") == [Severity.ERROR]
    assert severities("TLS405", text, "rhel-9") == []
    assert lines("TLS405", text, *SSL) == [6]


def test_a_template_may_hold_the_engine() -> None:
    text = "{% if old %}\n" + tls("SSLProtocol TLSv1.1") + "{% endif %}\n"
    assert lines("TLS401", text, *SSL) == []


def test_a_certificate_may_come_by_openssl_or_by_mod_md() -> None:
    command = "SSLOpenSSLConfCmd Certificate /srv/www/cert.pem"
    assert lines("TLS405", host("SSLEngine on", command), *SSL) == []
    managed = "<MDomainSet www.example.com>\n</MDomainSet>\n"
    assert lines("TLS405", managed + host("SSLEngine on"), *SSL, "md") == []
    assert lines("TLS405", "SSLEngine on\nMDomain a.example\n", *SSL, "md") == []
    assert lines("TLS405", "MDomain ${NAME}\n" + host("SSLEngine on"), *SSL, "md") == []


def test_hsts_that_is_taken_away_is_none() -> None:
    gone = tls("Header unset Strict-Transport-Security")
    assert lines("TLS408", gone, *SSL) == [1]
    assert fixed("TLS408", gone, "ssl") == gone
    inherited = "SSLEngine on\n" + CERTIFICATE + host()
    assert fixed("TLS408", inherited, *SSL) == inherited
    assert lines("TLS408", "Header set X-A ${A}\n" + tls(), *SSL) == []


def test_one_cache_for_stapling_is_enough() -> None:
    text = tls("SSLUseStapling on") + tls("SSLUseStapling on", name="b.example")
    assert lines("TLS409", text, *SSL) == [6, 13]
    after = fixed("TLS409", text, *SSL)
    assert after == "SSLStaplingCache shmcb:ssl_stapling(128000)\n" + text
    assert lines("TLS409", "SSLStaplingCache ${CACHE}\n" + text, *SSL) == []
    inherited = "SSLUseStapling on\n" + tls() + tls(name="b.example")
    assert lines("TLS409", inherited, *SSL) == [1]


def test_several_sources_of_randomness_are_moved_together() -> None:
    text = host("SSLRandomSeed startup builtin", "SSLRandomSeed connect builtin")
    after = fixed("TLS410", text, *SSL)
    assert after.startswith("SSLRandomSeed startup builtin\n")
    assert lines("TLS410", "SSLFIPS off\n", *SSL) == []
    assert lines("TLS410", host("MaxRequestWorkers 5"), *SSL) == []
    assert lines("SYN903", host("SSLFIPS off"), *SSL) == []


def test_an_engine_of_another_module_asks_by_tls_too() -> None:
    backend = "ProxyPass / https://192.0.2.1/"
    assert lines("TLS411", "TLSProxyEngine on\n" + host(backend), *PROXY) == []
    assert lines("TLS411", host(backend, "SSLProxyEngine ${ON}"), *PROXY) == []
    assert lines("TLS411", "{% if x %}\nSSLProxyEngine on\n{% endif %}\n" + backend, *PROXY) == []


def test_a_proxy_section_of_the_main_server_is_for_all() -> None:
    section = "<Proxy *>\nSSLProxyEngine on\n</Proxy>\n"
    assert lines("TLS411", section + host("ProxyPass / https://192.0.2.1/"), *PROXY) == []
    assert lines("TLS411", host("ProxyPass / http://192.0.2.1/"), *PROXY) == []


def test_a_check_that_is_off_for_one_backend_is_told_of() -> None:
    off = ("SSLProxyCheckPeerName off", "</Proxy>")
    loose = ("<Proxy https://192.0.2.1/>", *off)
    here = ("<Proxy https://127.0.0.1/>", *off)
    text = host("SSLProxyVerify require", *loose, *here, "ProxyPass / https://192.0.2.1/a")
    assert lines("TLS412", text, *PROXY) == [5]
    everywhere = "<Proxy *>\nSSLProxyCheckPeerName off\n</Proxy>\nSSLProxyVerify require\n"
    both = host("ProxyPass /a https://192.0.2.1/", "ProxyPass /b https://192.0.2.2/")
    assert lines("TLS412", everywhere + both, *PROXY) == [2]


def test_what_holds_for_the_server_is_told_of_once() -> None:
    two = "ProxyPass /a https://192.0.2.1/\nProxyPass /b https://192.0.2.2/\n"
    assert lines("TLS412", "SSLProxyVerify none\nSSLProxyEngine on\n" + two, *PROXY) == [1]
    inherited = "SSLProxyVerify none\nSSLProxyEngine on\n" + host(two.strip()) + host(two.strip())
    assert lines("TLS412", inherited, *PROXY) == [1]
    (said,) = findings("TLS412", "SSLProxyEngine on\n" + two, *PROXY)
    assert (said.line, said.severity) == (2, Severity.INFO)
    unknown = host("SSLProxyVerify ${HOW}", "ProxyPass / https://192.0.2.1/")
    assert lines("TLS412", unknown, scope=Scope.FRAGMENT) == []


def test_a_cache_is_missed_only_where_tickets_are_off() -> None:
    assert lines("TLS413", "SSLSessionCache none\n" + tls(), *SSL) == []
    assert lines("TLS413", "SSLSessionTickets off\n" + host(), *SSL) == []


def test_tickets_with_a_key_of_ones_own_are_fine() -> None:
    rotated = tls("SSLSessionTicketKeyFile /srv/www/key.pem")
    assert lines("TLS414", rotated, *SSL) == []
    text = "SSLSessionTickets on\n" + tls() + tls(name="b.example")
    assert lines("TLS414", text, *SSL) == [1]


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("https://127.0.0.1:8443/", True),
        ("https://user:pass@localhost:8443/x", True),
        ("wss://[::1]/", True),
        ("unix:/run/app.sock|https://app/", True),
        ("https://localhost.example.com/", False),
        ("https://10.0.0.1/", False),
    ],
)
def test_a_backend_on_this_machine_is_told_from_others(url: str, here: bool) -> None:
    assert is_loopback(url) is here


@pytest.mark.parametrize(
    ("name", "args", "url"),
    [
        ("ProxyPass", "/a https://b/", "https://b/"),
        ("BalancerMember", "https://b route=1", "https://b"),
        ("ProxyPass", "/a !", ""),
        ("RewriteRule", "^ https://b/ [P,L]", "https://b/"),
        ("RewriteRule", "^ https://b/ [R]", ""),
        ("RewriteRule", "^ https://b/", ""),
        ("SetHandler", '"proxy:https://b/"', "https://b/"),
        ("SetHandler", "server-status", ""),
    ],
)
def test_the_url_of_a_backend_is_found(name: str, args: str, url: str) -> None:
    files = MemoryFiles({"/x": f"{name} {args}\n".encode()})
    tree = evaluate(files, Start("/x", TARGETS["debian-12"], here=False))
    assert backend_of(tree.occurrences[0]) == url
