"""Rules of MOD in the cases that their examples are not about."""

from __future__ import annotations

from dataclasses import replace

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd.targets import find_target
from mpmtune.lint.engine import Checks, Reading, check
from mpmtune.lint.loading import load
from mpmtune.lint.registry import find, listings
from mpmtune.lint.rule import Example
from mpmtune.model.finding import Severity
from mpmtune.model.httpd import Mpm
from tests.lint.example_readings import report_of
from tests.lint.rules.cases import fixed, lines

CONF = "/usr/local/apache2/conf/httpd.conf"


def test_a_module_that_some_distribution_compiles_in_is_missed_softly() -> None:
    """Debian compiles mod_log_config in; httpd built from source loads it."""
    target = find_target("source")
    assert target is not None
    text = b"ServerName www.example.com\nCustomLog logs/access common\nExpiresActive On\n"
    tree = evaluate(
        MemoryFiles({CONF: text}), Start(CONF, replace(target, version=(2, 4, 71)), here=False)
    )
    known = listings()
    only = tuple(listing for listing in known if listing.code == "MOD113")
    report = check([Reading((tree,))], Checks(only, known))
    said = [(f.line, f.severity, f.message) for f in report.findings]
    assert said == [
        (
            2,
            Severity.WARNING,
            "CustomLog needs log_config_module, which is not loaded; where it is compiled in, say so with --target",
        ),
        (3, Severity.ERROR, "ExpiresActive needs expires_module, which is not loaded"),
    ]


def test_a_balancer_without_its_own_module_is_another_rule_s_matter() -> None:
    text = "<Proxy balancer://app>\nProxySet lbmethod=byrequests\n</Proxy>\n"
    assert lines("MOD106", text, "proxy") == []


def test_the_method_of_another_balancer_does_not_count() -> None:
    text = (
        "<Proxy balancer://a>\nProxySet nonce=None lbmethod=bytraffic\n</Proxy>\n"
        "<Proxy balancer://b>\nBalancerMember http://127.0.0.1:8081\n</Proxy>\n"
    )
    modules = ("proxy", "proxy_http", "slotmem_shm", "lbmethod_bytraffic", "proxy_balancer")
    assert lines("MOD106", text, *modules) == [4]


def test_http2_that_is_not_loaded_is_not_switched_off_by_prefork() -> None:
    rule = find("MOD102")
    assert rule is not None
    example = Example(bad="Protocols h2 http/1.1\n", mpm=Mpm.PREFORK)
    said = report_of(example, example.bad, rule).findings
    assert [one.code for one in said if one.code == "MOD102"] == []


def test_a_base_that_another_file_loads_is_not_moved_over() -> None:
    rule = find("MOD109")
    assert rule is not None
    text = "LoadModule dav_fs_module /usr/lib/apache2/modules/mod_dav_fs.so\nInclude /etc/apache2/b.conf\n"
    base = "LoadModule dav_module /usr/lib/apache2/modules/mod_dav.so\n"
    example = Example(bad=text, files=(("b.conf", base),))
    (said,) = (one for one in report_of(example, text, rule).findings if one.code == "MOD109")
    assert said.fix is None


def test_php_settings_are_right_where_mod_php_is_loaded() -> None:
    assert lines("MOD116", "php_value memory_limit 256M\n", "php") == []


def test_a_module_is_looked_for_where_the_others_come_from() -> None:
    text = "LoadModule x_module mod_x.so\nProtocols h2 http/1.1\n"
    assert "LoadModule http2_module /usr/lib/apache2/modules/mod_http2.so\n" in fixed(
        "MOD103", text
    )


def test_without_another_module_it_is_looked_for_in_modules() -> None:
    target = find_target("source")
    assert target is not None
    tree = evaluate(MemoryFiles({CONF: b"Protocols h2\n"}), Start(CONF, target, here=False))
    (hit,) = tree.by_name["protocols"]
    made = load(tree, hit, "http2_module")
    assert made is not None
    assert made.edits[0].text == "LoadModule http2_module modules/mod_http2.so\n"
