"""``mpmtune explain``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mpmtune.cli.app import run
from mpmtune.httpd.corrections import DEFAULTS
from mpmtune.httpd.directives import by_name
from mpmtune.httpd.messages import by_id
from mpmtune.httpd.module_verdicts import BUNDLED, KNOWN
from mpmtune.lint.registry import all_rules
from mpmtune.model.server import Mpm
from mpmtune.report.explain.connection_directives import CONNECTIONS
from mpmtune.report.explain.mpms import text_of
from mpmtune.report.explain.pool_directives import POOL
from mpmtune.report.explain.topics import explain, nearest, overview
from mpmtune.report.text import plain

PAGES = POOL | CONNECTIONS


def told(topic: str) -> str:
    page = explain(topic, 78)
    assert page is not None
    return plain(page)


def flat(topic: str) -> str:
    return " ".join(told(topic).split())


@pytest.mark.parametrize("topic", ["prefork", "worker", "event"])
def test_an_mpm_page_says_what_an_administrator_has_to_know(topic: str) -> None:
    page = told(topic)
    for title in (
        "HOW IT TAKES A CONNECTION",
        "STRENGTHS",
        "LIMITS",
        "KEEP-ALIVE",
        "WHAT IS OFTEN SAID",
        "HOW TO SEE WHICH ONE RUNS",
    ):
        assert f"\n{title}\n" in page
    assert f'"Server MPM: {topic}"' in page
    assert f"mpm_{topic}_module" in page
    assert f"-l lists {topic}.c only where the MPM is compiled in" in flat(topic)


@pytest.mark.parametrize(
    ("topic", "says"),
    [
        ("event", "not with HTTP/1, where they are answered one after the other"),
        ("event", "true of HTTP/2: its streams run in H2 workers"),
        ("event", "the server never changes its MPM"),
        ("event", "clogging_input_filters"),
        ("event", "0.90 of worker's rate"),
        ("event", "since 2.4.7"),
        ("event", "the source of every .php file goes to the client"),
        ("event", "mpm-accept"),
        ("prefork", "96 MB under prefork, 33 MB under worker, 28 MB under event"),
        ("prefork", "PHP-FPM"),
        ("worker", "a crash takes the threads of one child with it"),
    ],
)
def test_a_common_belief_is_put_right(topic: str, says: str) -> None:
    assert says in flat(topic)


@pytest.mark.parametrize("topic", ["prefork", "worker", "event"])
def test_a_page_and_its_drawing_fit_78_columns_of_plain_ascii(topic: str) -> None:
    page = told(topic)
    assert page.isascii()
    assert max(len(line) for line in page.splitlines()) <= 78
    assert page.count("+--") >= 3


def test_the_drawing_is_not_wrapped_on_a_narrow_terminal() -> None:
    wide, narrow = explain("event", 78), explain("event", 40)
    assert wide is not None
    assert narrow is not None
    drawing = [line for line in plain(wide).splitlines() if "|" in line]
    assert drawing == [line for line in plain(narrow).splitlines() if "|" in line]
    prose = [line for line in plain(narrow).splitlines() if not {"|", "+"} & set(line)]
    assert max(len(line) for line in prose if "parent:" not in line) <= 40


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("EVENT", "event - "),
        ("mpm_worker", "worker - "),
        ("mpm_prefork_module", "prefork - "),
        ("event.c", "event - "),
        (" event ", "event - "),
        ("maxrequestworkers", "MaxRequestWorkers - directive"),
        ("MaxClients", "MaxRequestWorkers - directive"),
        ("maxrequestsperchild", "MaxConnectionsPerChild - directive"),
        ("TimeOut", "Timeout - directive"),
        ("<VirtualHost>", "<VirtualHost> - "),
        ("virtualhost", "<VirtualHost> - "),
        ("sslengine", "SSLEngine - "),
        ("order", "Order - "),
        ("php_module", "php_module - under the three MPMs"),
        ("mod_php", "php_module - under the three MPMs"),
        ("mod_cgi.c", "cgi_module - under the three MPMs"),
    ],
)
def test_a_topic_is_found_in_any_spelling(written: str, first: str) -> None:
    assert told(written).startswith(first)


@pytest.mark.parametrize("name", list(PAGES))
def test_a_directive_of_a_plan_has_a_full_page(name: str) -> None:
    page = told(name)
    for title in ("WHAT IT DOES", "DEFAULT", "TO CHANGE IT", "TOGETHER WITH", "FACTS"):
        assert f"\n{title}\n" in page, name
    assert page.isascii()
    assert "\n\n\n" not in page


def test_the_defaults_told_are_those_of_the_corrections() -> None:
    for mpm, defaults in DEFAULTS.items():
        for name, value in defaults.items():
            page = PAGES[name]
            default = page[page.index("DEFAULT\n") : page.index("\n\n", page.index("DEFAULT\n"))]
            assert str(value) in default, (mpm, name)


@pytest.mark.parametrize("name", ["ServerLimit", "ThreadLimit", "ListenBacklog"])
def test_what_only_a_stop_and_a_start_changes_is_said(name: str) -> None:
    assert "Only a stop and a start puts a change in force" in flat(name)


@pytest.mark.parametrize("name", ["MaxRequestWorkers", "ThreadsPerChild", "KeepAliveTimeout"])
def test_what_a_graceful_reload_changes_is_said(name: str) -> None:
    assert "A graceful reload puts a change in force" in flat(name)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("SSLEngine", ["module ssl_module", "stand in server config, virtual host", "default off"]),
        ("AddHandler", ["directory, .htaccess", "AllowOverride FileInfo"]),
        ("MaxRequestWorkers", ["mpm_prefork_module, mpm_worker_module, mpm_event_module"]),
        ("AliasPreservePath", ["since 2.4.58"]),
        ("Port", ["use Listen"]),
        ("MDHttpProxyCACertificateFile", ["module md_module", "stand in server config"]),
        ("EnableExceptionHook", ["no module of the build"]),
    ],
)
def test_any_other_directive_is_told_from_the_table(name: str, facts: list[str]) -> None:
    page = flat(name)
    for fact in facts:
        assert fact in page


def test_every_directive_and_every_module_of_the_tables_has_a_page_of_plain_text() -> None:
    modules = [name for row in KNOWN for name in row.modules.split()]
    for topic in [*by_name(), *modules, *(f"{stem}_module" for stem in BUNDLED)]:
        page = told(topic)
        assert page.isascii(), topic
        lines = [line for line in page.splitlines() if "https://" not in line]
        assert max(len(line) for line in lines) <= 78, topic


@pytest.mark.parametrize("topic", ["AH00513", "ah00513", "AH513", "513", " 00513 "])
def test_a_message_is_explained_by_its_number(topic: str) -> None:
    page = told(topic)
    assert page.startswith("AH00513 - MaxRequestWorkers of N is not an integer multiple")
    for title in ("WHAT IT MEANS", "WHERE IT COMES FROM", "WHAT TO DO", "FACTS"):
        assert f"\n{title}\n" in page
    facts = flat(topic)
    assert "said by event seen on the console" in facts
    assert "same as AH00316, AH00317, AH00514" in facts


def test_a_message_without_an_mpm_or_another_number_says_neither() -> None:
    page = told("AH10034")
    assert "said by" not in page
    assert "same as" not in page


@pytest.mark.parametrize("topic", ["AH99999", "0", "AH", "123456", "\u0665\u0661\u0663"])
def test_a_number_that_is_not_in_the_table_is_unknown(topic: str) -> None:
    assert explain(topic, 78) is None


def test_every_number_that_a_page_or_a_verdict_names_is_explained() -> None:
    said = " ".join([*PAGES.values(), *(text_of(mpm) for mpm in Mpm)])
    for row in KNOWN:
        said += row.prefork.why + row.worker.why + row.event.why
    numbers = set(re.findall(r"AH\d{5}", said))
    assert len(numbers) > 40
    assert [number for number in sorted(numbers) if explain(number, 78) is None] == []


def test_every_message_has_a_page_of_plain_text() -> None:
    for number in by_id():
        page = told(number)
        assert page.isascii(), number
        assert max(len(line) for line in page.splitlines()) <= 78, number


@pytest.mark.parametrize("topic", ["MPM004", "mpm004", "workers-exceed-process-capacity"])
def test_a_rule_is_explained_by_code_and_by_name(topic: str) -> None:
    page = told(topic)
    assert page.startswith("MPM004 - workers-exceed-process-capacity\n")
    for title in ("WHAT IT DOES", "WHY IT MATTERS", "WHEN TO IGNORE IT", "EXAMPLE", "FACTS"):
        assert f"\n{title}\n" in page
    assert "    MaxRequestWorkers 800\n  is flagged; write\n" in page
    assert "AH00515, AH00516 (event)" in page
    assert "fix --fix --unsafe-fixes" in flat(topic)


def test_the_numbers_of_benchmarks_and_the_profiles_are_among_the_facts() -> None:
    page = flat("KAL204")
    assert "profiles default, strict, cis, stig, perf" in page
    assert "CIS 2.4 9.3 STIG 2.4 V-214228" in page
    assert "profiles strict, cis; not in default" in flat("SEC319")


def test_every_rule_has_a_page_that_is_safe_to_print() -> None:
    for rule in all_rules():
        page = told(rule.code)
        assert page.splitlines()[0].startswith(rule.code)
        assert page.replace("\n", "").isprintable(), rule.code


def test_a_module_page_gives_verdicts_way_out_and_source() -> None:
    page = flat("php_module")
    assert "prefork ok" in page
    assert "event refused" in page
    assert page.count("Serve PHP through PHP-FPM") == 1
    assert "KNOWN FROM" in page
    assert "WHAT TO DO" not in told("rewrite_module")


@pytest.mark.parametrize(
    ("topic", "names"),
    [
        ("ThreadPerChild", ("ThreadsPerChild",)),
        ("maxrequestworker", ("MaxRequestWorkers",)),
        ("evnt", ("event",)),
        ("workers-exceed-capacity", ("workers-exceed-process-capacity",)),
        ("xyzzy", ()),
        ("", ()),
    ],
)
def test_an_unknown_topic_is_met_with_the_nearest_names(topic: str, names: tuple[str, ...]) -> None:
    assert explain(topic, 78) is None
    assert nearest(topic)[: len(names)] == names
    assert bool(nearest(topic)) is bool(names)


def test_an_unknown_topic_is_one_sentence_and_exit_code_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["explain", "ThreadPerChild"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    first, hint = shown.err.splitlines()
    assert first == "mpmtune: mpmtune knows no topic 'ThreadPerChild'."
    assert hint.startswith("  Did you mean ThreadsPerChild")


def test_a_hostile_topic_does_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "\x1b[2J\u202e\udce9"]) == 2
    shown = capsys.readouterr().err
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "lists the topics" in shown


def test_without_a_topic_the_topics_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain"]) == 0
    out = capsys.readouterr().out
    assert "  event    threads" in out
    for name in PAGES:
        assert name in out
    assert out.isascii()
    assert max(len(line) for line in plain(overview(78)).splitlines()) <= 78


def test_a_page_goes_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "event.txt"
    assert run(["explain", "event", "-o", str(path)]) == 0
    assert capsys.readouterr().out == ""
    assert path.read_text().startswith("event - ")


def test_colour_comes_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "event", "--color", "always"]) == 0
    assert "\x1b[1" in capsys.readouterr().out
    assert run(["explain", "event"]) == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("locale", ["C", "POSIX", "tr_TR.ISO-8859-9"])
def test_a_page_survives_any_locale_and_a_pipe(locale: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mpmtune", "explain", "event"],
        env={"PATH": os.environ["PATH"], "LC_ALL": locale, "PYTHONIOENCODING": "ascii:strict"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode("ascii") == told("event")
    assert done.stderr == b""


def test_explaining_loads_no_heavy_library() -> None:
    probe = (
        "import sys; from mpmtune.cli.app import run; run(['explain', 'event']);"
        "print([m for m in ('rich', 'jinja2', 'psutil', 'apacheconfig') if m in sys.modules],"
        " file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stderr == "[]\n"
