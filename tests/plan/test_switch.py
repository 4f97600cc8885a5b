"""Which MPM, and what forbids a change to it."""

from __future__ import annotations

from dataclasses import replace

from mpmtune.model.compatibility import Compatibility, Verdict
from mpmtune.model.server import Linkage, Mpm
from mpmtune.model.unknown import Unknown
from mpmtune.plan.switch import choose_mpm, plan_switch
from tests.builders import a_server, facts
from tests.httpd.trees import a_tree


def judged(
    module: str, verdicts: dict[Mpm, Verdict], blocks: frozenset[Mpm] = frozenset()
) -> tuple[Compatibility, ...]:
    return tuple(
        Compatibility(module, mpm, verdict, "why", "source", "way out", blocks=mpm in blocks)
        for mpm, verdict in verdicts.items()
    )


THREADED = frozenset({Mpm.WORKER, Mpm.EVENT})
PHP = judged(
    "php_module",
    {Mpm.PREFORK: Verdict.OK, Mpm.WORKER: Verdict.REFUSED, Mpm.EVENT: Verdict.REFUSED},
    THREADED,
)
STRANGER = judged("stranger_module", dict.fromkeys(Mpm, Verdict.UNKNOWN))
ALIAS = judged("alias_module", dict.fromkeys(Mpm, Verdict.OK))


def test_event_is_best_when_every_module_allows_it() -> None:
    known = replace(facts(server=a_server(Mpm.PREFORK)), compatibility=ALIAS)
    mpm, because = choose_mpm(known)
    assert mpm is Mpm.EVENT
    assert because == "every loaded module allows it, and idle connections hold no worker"


def test_an_active_event_stays() -> None:
    mpm, because = choose_mpm(replace(facts(server=a_server()), compatibility=ALIAS))
    assert (mpm, because) == (
        Mpm.EVENT,
        "every loaded module allows it, and it is active already",
    )


def test_mod_php_holds_a_server_on_prefork_by_name() -> None:
    mpm, because = choose_mpm(
        replace(facts(server=a_server(Mpm.PREFORK)), compatibility=PHP + ALIAS)
    )
    assert (mpm, because) == (Mpm.PREFORK, "php_module does not allow event")


def test_a_module_that_nobody_has_judged_keeps_prefork() -> None:
    mpm, _ = choose_mpm(replace(facts(server=a_server(Mpm.PREFORK)), compatibility=STRANGER))
    assert mpm is Mpm.PREFORK


def test_a_module_that_nobody_has_judged_does_not_drive_event_away() -> None:
    mpm, _ = choose_mpm(replace(facts(server=a_server()), compatibility=STRANGER))
    assert mpm is Mpm.EVENT


def test_without_httpd_event_is_planned() -> None:
    assert choose_mpm(facts())[0] is Mpm.EVENT


def test_a_compiled_in_mpm_cannot_be_changed() -> None:
    server = a_server(Mpm.WORKER, mpm_linkage=Linkage.STATIC)
    known = replace(facts(server=server), compatibility=ALIAS)
    assert choose_mpm(known) == (Mpm.WORKER, "worker is compiled into this httpd")
    switch = plan_switch(known, Mpm.EVENT)
    assert switch is not None
    assert [one.what for one in switch.blockers] == ["worker"]


def test_a_switch_names_what_blocks_it_and_the_way_out() -> None:
    switch = plan_switch(
        replace(facts(server=a_server(Mpm.PREFORK)), compatibility=PHP + ALIAS), Mpm.EVENT
    )
    assert switch is not None
    assert (switch.source, switch.target) == (Mpm.PREFORK, Mpm.EVENT)
    assert [(one.what, one.way_out) for one in switch.blockers] == [("php_module", "way out")]


def test_no_switch_where_nothing_changes_or_nothing_is_known() -> None:
    assert plan_switch(facts(server=a_server()), Mpm.EVENT) is None
    assert plan_switch(facts(), Mpm.EVENT) is None
    unknown = a_server(mpm_found_by="")
    assert (
        plan_switch(facts(server=replace(unknown, mpm=Unknown("httpd.mpm", "?"))), Mpm.EVENT)
        is None
    )


def test_a_switch_that_would_serve_php_source_is_blocked() -> None:
    server = a_server(Mpm.PREFORK, modules=("php_module",))
    switch = plan_switch(replace(facts(server=server), compatibility=PHP), Mpm.EVENT)
    assert switch is not None
    assert [one.what for one in switch.blockers] == ["php_module", "php_module"]
    assert "source" in switch.blockers[1].why


def test_php_that_fpm_answers_for_is_no_leak() -> None:
    handlers = ("proxy:unix:/run/php/php.sock|fcgi://localhost",)
    server = a_server(Mpm.PREFORK, modules=("alias_module",), php_handlers=handlers)
    switch = plan_switch(facts(server=server), Mpm.EVENT)
    assert switch is not None
    assert switch.blockers == ()


def test_an_unknown_module_list_judges_no_php() -> None:
    server = replace(a_server(Mpm.PREFORK), modules=Unknown("httpd.modules", "?"))
    switch = plan_switch(facts(server=server), Mpm.WORKER)
    assert switch is not None
    assert switch.blockers == ()


def test_an_accept_mutex_blocks_event_at_its_line() -> None:
    tree = a_tree("Timeout 60\nMutex sem mpm-accept\n", Mpm.PREFORK)
    server = a_server(Mpm.PREFORK, tree=tree)
    event = plan_switch(facts(server=server), Mpm.EVENT)
    worker = plan_switch(facts(server=server), Mpm.WORKER)
    assert event is not None
    assert worker is not None
    assert [one.what for one in event.blockers] == ["/srv/httpd.conf:2"]
    assert worker.blockers == ()


def test_a_mutex_of_another_name_blocks_nothing() -> None:
    server = a_server(Mpm.PREFORK, tree=a_tree("Mutex sem ssl-cache\n", Mpm.PREFORK))
    switch = plan_switch(facts(server=server), Mpm.EVENT)
    assert switch is not None
    assert switch.blockers == ()


def test_prefork_is_left_when_every_mpm_has_something_against_it() -> None:
    everywhere = judged("odd_module", dict.fromkeys(Mpm, Verdict.REFUSED), frozenset(Mpm))
    mpm, because = choose_mpm(replace(facts(server=a_server()), compatibility=everywhere))
    assert (mpm, because) == (Mpm.PREFORK, "no MPM suits every module, and modules expect prefork")
