from __future__ import annotations

import pytest

from mpmtune.detect.choice import Choice, beneath, choose_instance, equally_meant
from mpmtune.model.server import Instance, StartOptions

NO_OPTIONS = StartOptions()


def _instance(
    pid: int, options: StartOptions = NO_OPTIONS, children: int = 2, **more: object
) -> Instance:
    values = {"binary": "/usr/sbin/apache2", "other_namespace": False} | more
    return Instance(
        parent_pid=pid,
        options=options,
        child_pids=tuple(range(children)),
        helper_pids=(),
        uptime_seconds=60,
        **values,  # type: ignore[arg-type]  # test keywords
    )


PLAIN = _instance(10)
SECOND = _instance(20, StartOptions("/etc/apache2-second"))
PRIVATE = _instance(30, StartOptions("/srv", "conf/x.conf"), children=50)
CONTAINER = _instance(5, children=90, other_namespace=True)
ALL = (CONTAINER, PLAIN, SECOND, PRIVATE)


@pytest.mark.parametrize(
    ("instances", "choice", "expected"),
    [
        ((), Choice(), None),
        (ALL, Choice(), PLAIN),
        ((SECOND, PRIVATE), Choice(), PRIVATE),
        ((CONTAINER, SECOND), Choice(), SECOND),
        ((CONTAINER,), Choice(), CONTAINER),
        ((_instance(11), PLAIN), Choice(), PLAIN),
        (ALL, Choice(conf="/srv/conf/x.conf"), PRIVATE),
        ((SECOND, PRIVATE), Choice(conf="/srv/conf/x.conf"), PRIVATE),
        ((PRIVATE,), Choice(conf="/srv/other.conf"), None),
        ((PRIVATE,), Choice(server_root="/srv", conf="conf/x.conf"), PRIVATE),
        ((SECOND, PRIVATE), Choice(server_root="/etc/apache2-second"), SECOND),
        ((SECOND,), Choice(server_root="/elsewhere"), None),
        (ALL, Choice(httpd="/opt/httpd"), None),
        (
            (_instance(7, binary="/opt/httpd"), PLAIN),
            Choice(httpd="/opt/httpd"),
            _instance(7, binary="/opt/httpd"),
        ),
        ((_instance(7, binary=""),), Choice(httpd="/opt/httpd"), _instance(7, binary="")),
    ],
)
def test_the_instance_that_is_meant_is_chosen(
    instances: tuple[Instance, ...], choice: Choice, expected: Instance | None
) -> None:
    assert choose_instance(instances, choice) == expected


@pytest.mark.parametrize(
    ("instances", "choice", "expected"),
    [
        ((), Choice(), ()),
        (ALL, Choice(), (PLAIN,)),
        ((SECOND, PRIVATE, CONTAINER), Choice(), (SECOND, PRIVATE)),
        ((SECOND, PRIVATE), Choice(httpd="/usr/sbin/apache2"), (SECOND, PRIVATE)),
        ((SECOND, PRIVATE), Choice(conf="/srv/conf/x.conf"), (PRIVATE,)),
        ((SECOND, PRIVATE), Choice(server_root="/etc/apache2-second"), (SECOND,)),
        ((_instance(11), PLAIN), Choice(), (_instance(11), PLAIN)),
        ((PLAIN, SECOND), Choice(conf="/etc/apache2/apache2.conf"), (PLAIN,)),
    ],
)
def test_who_may_be_meant_as_well_is_known(
    instances: tuple[Instance, ...], choice: Choice, expected: tuple[Instance, ...]
) -> None:
    assert equally_meant(instances, choice) == expected


def test_paths_are_resolved_against_server_root() -> None:
    assert beneath("/etc/httpd", "conf/httpd.conf") == "/etc/httpd/conf/httpd.conf"
    assert beneath("/etc/httpd", "/srv/./x.conf") == "/srv/x.conf"
    assert beneath(None, "x.conf") == "/x.conf"
