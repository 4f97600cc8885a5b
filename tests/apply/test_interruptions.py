"""Signals to a command that changes something: the first one counts, and not always."""

from __future__ import annotations

import os
import signal

import pytest

from mpmtune.apply.interruptions import no_more_interruptions, one_interruption

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.mark.parametrize("first", SIGNALS)
@pytest.mark.parametrize("second", SIGNALS)
def test_the_first_signal_interrupts_and_the_second_does_not(
    first: signal.Signals, second: signal.Signals
) -> None:
    taken_back = []

    def work() -> None:
        try:
            os.kill(os.getpid(), first)
        finally:
            os.kill(os.getpid(), second)
            taken_back.append("all of it")

    with one_interruption(), pytest.raises(KeyboardInterrupt):
        work()
    assert taken_back == ["all of it"]


def test_what_is_in_force_is_not_interrupted() -> None:
    with one_interruption():
        no_more_interruptions()
        for one in SIGNALS:
            os.kill(os.getpid(), one)
            # An ignored signal would be ignored by the httpd that is started, too.
            assert signal.getsignal(one) is not signal.SIG_IGN


def test_everything_is_as_before_afterwards() -> None:
    before = [signal.getsignal(one) for one in SIGNALS]
    no_more_interruptions()
    assert [signal.getsignal(one) for one in SIGNALS] == before
    with one_interruption():
        no_more_interruptions()
    assert [signal.getsignal(one) for one in SIGNALS] == before


def test_a_command_under_nohup_outlives_its_login() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with one_interruption():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
