"""Which module works under which MPM, and what makes event hold a worker."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mpmtune.httpd.compatibility import fallbacks, identifier, verdicts
from mpmtune.httpd.module_verdicts import BUNDLED, KNOWN
from mpmtune.httpd.verdict_words import VERDICT, Word
from mpmtune.model.compatibility import Compatibility, Notice, Verdict
from mpmtune.model.server import Linkage, Module, Mpm, ProxyBackend

NOW = (2, 4, 71)
OK, FALLBACK, UNSAFE, REFUSED, UNKNOWN = (
    Verdict.OK,
    Verdict.FALLBACK,
    Verdict.UNSAFE,
    Verdict.REFUSED,
    Verdict.UNKNOWN,
)


def judged(name: str, version: tuple[int, ...] | None = NOW) -> tuple[Compatibility, ...]:
    return verdicts((name,), version)


def under(name: str, mpm: Mpm, version: tuple[int, ...] | None = NOW) -> Compatibility:
    return next(verdict for verdict in judged(name, version) if verdict.mpm is mpm)


@pytest.mark.parametrize(
    ("module", "prefork", "worker", "event"),
    [
        ("php_module", OK, REFUSED, REFUSED),
        ("php7_module", OK, REFUSED, REFUSED),
        ("mpm_itk_module", OK, REFUSED, REFUSED),
        ("ruid2_module", OK, UNSAFE, UNSAFE),
        ("evasive20_module", OK, UNSAFE, UNSAFE),
        ("perl_module", OK, UNKNOWN, UNKNOWN),
        ("wsgi_module", OK, UNKNOWN, UNKNOWN),
        ("passenger_module", UNKNOWN, UNKNOWN, UNKNOWN),
        ("qos_module", UNKNOWN, UNKNOWN, UNKNOWN),
        ("bw_module", OK, UNKNOWN, UNKNOWN),
        ("mod_shib", UNKNOWN, UNKNOWN, UNKNOWN),
        ("security2_module", OK, OK, OK),
        ("http2_module", FALLBACK, OK, OK),
        ("ssl_module", OK, OK, OK),
        ("cgi_module", OK, OK, OK),
        ("proxy_fcgi_module", OK, OK, OK),
        ("proxy_wstunnel_module", OK, OK, FALLBACK),
        ("proxy_connect_module", OK, OK, FALLBACK),
        ("rewrite_module", OK, OK, OK),
        ("core_module", OK, OK, OK),
        ("systemd_module", OK, OK, OK),
        ("mpm_event_module", OK, OK, OK),
        ("never_heard_of_module", UNKNOWN, UNKNOWN, UNKNOWN),
        ("rewrite", UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_a_module_is_judged_under_each_mpm(
    module: str, prefork: Verdict, worker: Verdict, event: Verdict
) -> None:
    found = judged(module)
    assert [verdict.mpm for verdict in found] == [Mpm.PREFORK, Mpm.WORKER, Mpm.EVENT]
    assert [verdict.verdict for verdict in found] == [prefork, worker, event]
    assert {verdict.module for verdict in found} == {module}
    assert all(verdict.why and verdict.source for verdict in found)


@pytest.mark.parametrize("module", ["php_module", "mpm_itk_module", "ruid2_module"])
def test_a_mode_that_cannot_start_or_is_not_safe_blocks_and_has_a_way_out(module: str) -> None:
    assert not under(module, Mpm.PREFORK).blocks
    for mpm in (Mpm.WORKER, Mpm.EVENT):
        assert under(module, mpm).blocks
        assert "prefork" in under(module, mpm).way_out


@pytest.mark.parametrize("module", ["http2_module", "cgi_module", "never_heard_of_module"])
def test_what_works_badly_or_is_not_known_does_not_block_but_has_a_way_out(module: str) -> None:
    found = judged(module)
    assert not any(verdict.blocks for verdict in found)
    assert any(verdict.way_out for verdict in found)


def test_mpm_itk_is_not_seen_by_a_configuration_test_and_mod_php_is() -> None:
    assert under("mpm_itk_module", Mpm.EVENT).notice is Notice.START
    assert under("php_module", Mpm.EVENT).notice is Notice.CONFIGTEST
    assert under("ruid2_module", Mpm.EVENT).notice is Notice.NOWHERE


def test_a_php_module_nobody_has_looked_at_is_refused_unless_it_is_thread_safe() -> None:
    refused = under("php_module", Mpm.EVENT)
    assert "unless" in refused.why
    assert "ZTS" in refused.why


def test_a_thread_safe_php_module_depends_on_its_extensions() -> None:
    found = verdicts(("php_module",), NOW, php_thread_safe=True)
    assert [verdict.verdict for verdict in found] == [OK, UNKNOWN, UNKNOWN]
    assert not any(verdict.blocks for verdict in found)
    assert "extension" in found[2].why


def test_a_php_module_known_not_to_be_thread_safe_is_refused() -> None:
    found = verdicts(("php_module",), NOW, php_thread_safe=False)
    assert [verdict.verdict for verdict in found] == [OK, REFUSED, REFUSED]


def test_http2_under_prefork_loses_the_feature_and_says_which() -> None:
    lost = under("http2_module", Mpm.PREFORK)
    assert lost.word == "inactive"
    assert "HTTP/1.1" in lost.why
    assert "AH10034" in lost.why


@pytest.mark.parametrize(
    ("module", "mpm", "version", "word"),
    [
        ("ssl_module", Mpm.EVENT, (2, 4, 6), "holds-thread"),
        ("ssl_module", Mpm.EVENT, (2, 4, 7), "ok-async"),
        ("ssl_module", Mpm.EVENT, (2, 2, 34), "holds-thread"),
        ("ssl_module", Mpm.EVENT, (2, 4), "holds-thread"),
        ("ssl_module", Mpm.EVENT, None, "ok-async"),
        ("ssl_module", Mpm.WORKER, (2, 4, 6), "ok"),
        ("http2_module", Mpm.PREFORK, (2, 4, 26), "ok-holds-worker"),
        ("http2_module", Mpm.PREFORK, (2, 4, 27), "inactive"),
        ("http2_module", Mpm.EVENT, (2, 4, 62), "ok-holds-thread-while-active"),
        ("http2_module", Mpm.EVENT, (2, 4, 63), "ok-async-when-idle"),
        ("file_cache_module", Mpm.EVENT, (2, 4, 67), "ok"),
    ],
)
def test_a_verdict_follows_the_version(
    module: str, mpm: Mpm, version: tuple[int, ...] | None, word: str
) -> None:
    assert under(module, mpm, version).word == word


def test_a_crash_that_was_mended_is_told_only_of_older_versions() -> None:
    assert "2.4.68" in under("file_cache_module", Mpm.EVENT, (2, 4, 67)).why
    assert under("file_cache_module", Mpm.EVENT, (2, 4, 68)).way_out == ""


def test_modules_may_come_as_values_and_twice() -> None:
    modules = (Module("php_module", Linkage.SHARED), "php_module", "ssl_module")
    assert [verdict.module for verdict in verdicts(modules, NOW)] == ["php_module"] * 3 + [
        "ssl_module"
    ] * 3


def test_a_module_has_one_row_for_each_span_of_versions() -> None:
    rows = [(name, row.since) for row in KNOWN for name in row.modules.split()]
    assert len(rows) == len(set(rows))
    assert not {f"{stem}_module" for stem in BUNDLED} & {name for name, _ in rows}


def test_rows_of_one_module_stand_newest_first() -> None:
    for name in ("http2_module", "ssl_module", "file_cache_module"):
        versions = [row.since for row in KNOWN if name in row.modules.split()]
        assert versions == sorted(versions, reverse=True)
        assert versions[-1] == (2, 4, 0)


def test_each_word_has_a_verdict_and_each_trouble_a_way_out() -> None:
    assert set(VERDICT) == set(Word)
    for row in KNOWN:
        for case in (row.prefork, row.worker, row.event):
            assert case.why.endswith(".")
            assert case.way_out or VERDICT[case.word] is OK, row.modules


@pytest.mark.parametrize(
    ("written", "module"),
    [
        ("mod_php", "php_module"),
        ("mod_cgi.c", "cgi_module"),
        ("cgi", "cgi_module"),
        ("mod_shib", "mod_shib"),
        ("mpm_event_module", "mpm_event_module"),
        ("core_module", "core_module"),
        ("_module", None),
        ("", None),
        ("mod_never_heard_of", None),
    ],
)
def test_a_module_is_found_by_its_usual_names(written: str, module: str | None) -> None:
    assert identifier(written) == module


def a_backend(url: str, *, tunnel: bool) -> ProxyBackend:
    return ProxyBackend(url, None, "site.conf", 12, tunnel)


PROXIES = ("proxy_module", "proxy_http_module", "proxy_wstunnel_module", "proxy_connect_module")


def test_nothing_is_claimed_of_loaded_modules_alone() -> None:
    everything = [f"{stem}_module" for stem in BUNDLED] + [
        name for row in KNOWN for name in row.modules.split()
    ]
    assert fallbacks([*everything, "never_heard_of_module"], NOW) == ()


def test_a_configured_web_socket_holds_a_worker() -> None:
    (found,) = fallbacks(PROXIES, NOW, [a_backend("ws://127.0.0.1:8080/chat", tunnel=True)])
    assert found.module == "proxy_wstunnel_module"
    assert "ws://127.0.0.1:8080/chat (site.conf:12)" in found.why


def test_without_wstunnel_proxy_http_carries_the_tunnel() -> None:
    backends = [a_backend("ws://app/", tunnel=True)]
    (found,) = fallbacks(("proxy_module", "proxy_http_module"), NOW, backends)
    assert found.module == "proxy_http_module"


def test_an_upgrade_over_http_is_named_with_the_number_of_others() -> None:
    backends = [
        a_backend("http://app/", tunnel=False),
        a_backend("http://app/ws", tunnel=True),
        a_backend("ws://b/", tunnel=True),
        a_backend("ws://c/", tunnel=True),
    ]
    (found,) = fallbacks(PROXIES, NOW, backends)
    assert found.module == "proxy_http_module"
    assert "http://app/ws (site.conf:12) and 2 more" in found.why


def test_the_password_of_a_backend_is_not_shown() -> None:
    backends = [a_backend("wss://u:S3CRET@h/x?token=S3CRET", tunnel=True)]
    (found,) = fallbacks(PROXIES, NOW, backends)
    assert "S3CRET" not in found.why


def test_an_ordinary_backend_holds_no_worker_for_a_connection() -> None:
    assert fallbacks(PROXIES, NOW, [a_backend("http://app/", tunnel=False)]) == ()


def test_a_tunnel_without_mod_proxy_is_none() -> None:
    assert fallbacks(("ssl_module",), NOW, [a_backend("ws://app/", tunnel=True)]) == ()


def test_connect_counts_only_where_it_is_allowed_and_loaded() -> None:
    (found,) = fallbacks(PROXIES, NOW, allow_connect=True)
    assert found.module == "proxy_connect_module"
    assert fallbacks(PROXIES, NOW, allow_connect=False) == ()
    assert fallbacks(("proxy_module",), NOW, allow_connect=True) == ()


@pytest.mark.parametrize(
    ("version", "held"), [((2, 4, 6), True), ((2, 4, 7), False), (None, False)]
)
def test_tls_held_a_worker_up_to_2_4_6(version: tuple[int, ...] | None, held: bool) -> None:
    assert bool(fallbacks((Module("ssl_module", Linkage.SHARED),), version)) is held


# The verdict of the reference material → ours. "ok-holds-thread-while-streaming" and the like
# stay finer words; "holds-thread" is a fallback under event only.
COARSE = {
    "holds-thread": {"event": FALLBACK, "worker": OK},
    "inactive": FALLBACK,
    "ok-if-threadsafe": UNKNOWN,
    "ok-if-extensions-threadsafe": UNKNOWN,
    "racy": UNSAFE,
    "unsafe": UNSAFE,
    "refuses": REFUSED,
    "unproven": UNKNOWN,
    "loads-unproven": UNKNOWN,
    "see-note": UNKNOWN,
    "unknown": UNKNOWN,
}
ALIASES = {"evasive": "evasive20_module", "shib": "mod_shib"}


def reference() -> list[tuple[str, str, Verdict]]:
    path = Path(__file__).parents[3] / "shared/facts/module-compat.json"
    if not path.is_file():
        pytest.skip("the reference material is not beside the project")
    return [
        (module, mpm, verdict[mpm] if isinstance(verdict, dict) else verdict)
        for entry in json.loads(path.read_text())["modules"]
        if entry["module"] not in {"mod_php (ZTS build)", "mod_wsgi (daemon)"}
        for module in identifiers(entry["module"])
        for mpm, verdict in ((mpm, COARSE.get(word, OK)) for mpm, word in entry["verdict"].items())
    ]


def identifiers(entry: str) -> list[str]:
    """Split ``mod_proxy_http / balancer / ajp``; what is no module (a directive, CONNECT) falls out."""
    names = [name for name in re.split(r" / | \+ ", re.sub(r" \(.*", "", entry)) if name.islower()]
    family = "proxy_" if names[:1] == ["mod_proxy_http"] else ""
    stems = [n.removeprefix("mod_") if n.startswith("mod_") else family + n for n in names]
    return [ALIASES.get(stem, f"{stem}_module") for stem in stems if " " not in stem]


@pytest.mark.shared
def test_the_table_agrees_with_the_reference_material() -> None:
    rows = reference()
    assert len(rows) > 180
    wrong = [
        (module, mpm, verdict.value, under(module, Mpm(mpm)).verdict.value)
        for module, mpm, verdict in rows
        if under(module, Mpm(mpm)).verdict is not verdict
    ]
    assert wrong == []
