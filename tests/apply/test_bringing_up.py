"""What the system refuses while something is done to httpd is a failure like any other."""

from __future__ import annotations

import os

import pytest

from mpmtune.apply.action import Action
from mpmtune.apply.bringing_up import Change, NotInForceError, bring_up, running_parent
from mpmtune.apply.service import Service
from mpmtune.apply.verification import Expectation
from mpmtune.host.httpd_binary import Invocation
from mpmtune.model.server import Mpm
from tests.scarcity import no_descriptors

SERVICE = Service(Invocation("/usr/sbin/httpd", "/etc/httpd", "/etc/httpd/conf/httpd.conf"))
EXPECTED = Expectation(Mpm.EVENT, {}, (), threaded=True)


def test_a_parent_that_cannot_be_held_fast_is_not_signalled() -> None:
    change = Change(SERVICE, Action.GRACEFUL, EXPECTED, None, 0.0, 0.0)
    with no_descriptors(), pytest.raises(NotInForceError, match="Too many open files"):
        bring_up(change, os.getpid())


def test_a_server_that_cannot_be_looked_for_is_not_taken_for_stopped() -> None:
    with (
        no_descriptors(),
        pytest.raises(NotInForceError, match="Whether httpd runs is not known"),
    ):
        running_parent(SERVICE)
