"""Contexts: what the sections around a directive make of the place where it stands."""

from mpmtune.httpd.directives import (
    ACCESS_CONF,
    ALL_OVERRIDES,
    AUTHCONFIG,
    NOT_IN_LIMIT,
    NOT_IN_VIRTUALHOST,
    PROXY_CONF,
    find,
)
from mpmtune.httpd.placement import HTACCESS, SERVER


def test_a_virtual_host_admits_what_the_server_admits() -> None:
    inside = SERVER.inside("<virtualhost")
    assert inside.override == SERVER.override
    assert not inside.in_directory


def test_sections_widen_or_narrow_what_is_admitted() -> None:
    assert SERVER.inside("<directory").override == ALL_OVERRIDES | ACCESS_CONF
    assert SERVER.inside("<proxy").override == ALL_OVERRIDES | ACCESS_CONF | PROXY_CONF
    assert SERVER.inside("<requireall").override == AUTHCONFIG


def test_sections_in_a_htaccess_widen_nothing() -> None:
    assert HTACCESS.inside("<if").override == ALL_OVERRIDES
    assert HTACCESS.in_directory


def test_a_section_that_changes_nothing_shares_its_context() -> None:
    assert SERVER.inside("<nonsense") is SERVER
    assert SERVER.inside("<directory") is SERVER.inside("<directory")


def test_the_first_breach_in_the_order_of_httpd() -> None:
    files = find("<files")
    assert files is not None
    limited = SERVER.inside("<location").inside("<limit")
    assert limited.breach(files) == NOT_IN_LIMIT
    limit = find("serverlimit")
    assert limit is not None
    assert SERVER.inside("<virtualhost").inside("<location").breach(limit) == NOT_IN_VIRTUALHOST
    assert SERVER.breach(limit) == 0
