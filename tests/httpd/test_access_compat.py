"""What Order, Allow and Deny come to; the pairs follow the tables of the manual's page."""

from __future__ import annotations

import pytest

from mpmtune.httpd.access_compat import Access, Admitted, access

ALL = Access(Admitted.ALL, ("all granted",))
NONE = Access(Admitted.NONE, ("all denied",))
SECTIONS = {
    "Order allow,deny; Allow from all": ALL,
    "Order allow,deny": NONE,
    "Order allow,deny; Allow from all; Deny from all": NONE,
    "Order allow,deny; Allow from all; Deny from 192.0.2.7": Access(Admitted.SOME),
    "Order allow,deny; Allow from 192.0.2.0/24": Access(Admitted.SOME, ("ip 192.0.2.0/24",)),
    "Order mutual-failure; Allow from 10.": Access(Admitted.SOME, ("ip 10.",)),
    "Order deny,allow": ALL,
    "Order deny,allow; Deny from all": NONE,
    "Order Deny,Allow; Deny from All; Allow from ALL": ALL,
    "Order deny,allow; Deny from 192.0.2.7": Access(Admitted.SOME),
    "Order deny,allow; Deny from all; Allow from .example.com 2001:db8::/32 env=ok": Access(
        Admitted.SOME, ("ip 2001:db8::/32", "host .example.com", "env ok")
    ),
    "Order deny,allow; Deny from all; Allow from env=!ok": Access(Admitted.SOME),
    "Deny from all": NONE,
    "Allow from 192.0.2.7": ALL,
    "Allow from 192.0.2.7; Order allow,deny": Access(Admitted.SOME, ("ip 192.0.2.7",)),
}
REFUSED = ("Order deny, allow", "Order sideways", "Allow 192.0.2.7", "Deny from")


def words(section: str) -> list[tuple[str, list[str]]]:
    """Name and arguments of each directive of a section."""
    lines = [line.split() for line in section.split("; ")]
    return [(name.lower(), args) for name, *args in lines]


@pytest.mark.parametrize(("section", "meaning"), SECTIONS.items())
def test_a_section_comes_to_what_the_manual_says(section: str, meaning: Access) -> None:
    assert access(words(section)) == meaning


@pytest.mark.parametrize("section", REFUSED)
def test_what_httpd_refuses_comes_to_nothing(section: str) -> None:
    assert access(words(section)) is None
