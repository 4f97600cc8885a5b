"""The directive table."""

from mpmtune.httpd.directives import (
    RSRC_CONF,
    TABLE,
    by_name,
    find,
    find_all,
    is_shipped,
    known_modules,
    module_id,
)


def test_the_table_has_every_directive_once_but_for_differing_registrations() -> None:
    assert len(TABLE) == 757
    assert len(by_name()) == 754
    several = {name for name, rows in by_name().items() if len(rows) > 1}
    assert several == {"heartbeatstorage", "maxrequestworkers", "serverlimit"}


def test_a_row_says_who_has_a_directive_and_how_it_is_used() -> None:
    row = find("startservers")
    assert row is not None
    assert row.module_ids == ("mpm_prefork_module", "mpm_worker_module", "mpm_event_module")
    assert (row.kind, row.flags, row.home) == ("TAKE1", RSRC_CONF, "mpm_common")
    assert row.help == "Number of child processes launched at server startup"
    assert not row.section


def test_the_help_of_max_request_workers_depends_on_the_mpm() -> None:
    helps = {row.modules: row.help for row in find_all("maxrequestworkers")}
    assert helps == {
        ("prefork",): "Maximum number of children alive at the same time",
        ("worker", "event"): "Maximum number of threads alive at the same time",
    }


def test_a_section_is_found_with_and_without_its_bracket() -> None:
    with_bracket, without = find("<directory"), find("directory")
    assert with_bracket == without
    assert with_bracket is not None
    assert with_bracket.section
    assert find_all("directory") == ()
    assert find("nonsense") is None


def test_module_identifiers_follow_from_source_names_with_five_exceptions() -> None:
    assert module_id("mod_ssl") == "ssl_module"
    assert module_id("core") == "core_module"
    assert module_id("http_core") == "http_module"
    assert module_id("util_ldap") == "ldap_module"
    assert module_id("event") == "mpm_event_module"


def test_modules_without_directives_are_known_too() -> None:
    assert {"unique_id_module", "proxy_http_module", "ssl_module"} <= known_modules()
    assert "php_module" not in known_modules()


def test_what_httpd_ships() -> None:
    assert is_shipped("sslengine")
    assert is_shipped("enableexceptionhook")  # documented, in no build here
    assert not is_shipped("secrule")


def test_since_is_a_release_of_2_4_or_nothing() -> None:
    found = {row.since for rows in by_name().values() for row in rows if row.since}
    assert {"2.4.17", "2.4.66"} <= found
    assert all(since.startswith("2.4.") for since in found)
