"""What a fresh installation has in force."""

from __future__ import annotations

from mpmtune.httpd.shipped import shipped
from mpmtune.model.httpd import Mpm


def test_debian_and_ubuntu_write_their_own_values() -> None:
    assert shipped(Mpm.EVENT, frozenset({"debian"})) == shipped(
        Mpm.EVENT, frozenset({"ubuntu", "debian"})
    )
    name, values = shipped(Mpm.PREFORK, frozenset({"debian"}))
    assert (name, values["MaxRequestWorkers"], values["StartServers"]) == ("Debian's", 150, 5)


def test_others_have_those_that_are_compiled_in() -> None:
    name, values = shipped(Mpm.EVENT, frozenset({"rhel", "fedora"}))
    assert (name, values["MaxRequestWorkers"], values["StartServers"]) == ("httpd's own", 400, 3)
