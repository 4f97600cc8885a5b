"""Names of directives."""

from mpmtune.httpd.names import MODERN, REFUSED, fold, manual, modern


def test_old_names_become_the_modern_ones() -> None:
    assert modern("maxclients") == "maxrequestworkers"
    assert modern("maxrequestsperchild") == "maxconnectionsperchild"
    assert modern("startservers") == "startservers"


def test_names_are_spelled_as_the_manual_does() -> None:
    assert manual(fold("MAXREQUESTWORKERS")) == "MaxRequestWorkers"
    assert manual("<virtualhost") == "<VirtualHost"
    assert manual("allow") == "Allow"
    assert manual("dav") == "Dav"
    assert manual("nonsense") == "nonsense"


def test_successors_are_directives() -> None:
    known = {manual(name) for name in (*MODERN.values(), *REFUSED.values())}
    assert known == {
        "ErrorLog",
        "IndexOptions",
        "Listen",
        "LogLevel",
        "MaxConnectionsPerChild",
        "MaxRequestWorkers",
    }
