"""Derivations as text."""

from mpmtune.model.quantity import ONE, Unit, assumed, declared, measured
from mpmtune.report.derivation import Derivations, derivation_lines

MEMORY = measured("MemAvailable", 7800 * 1024**2, "/proc/meminfo", Unit.BYTES)
RESERVE = assumed("reserve", 1024 * 1024**2, "for everything that is not httpd", Unit.BYTES)
CHILD = measured("child PSS p95", 92 * 1024**2, "smaps_rollup of 6 children", Unit.BYTES)
THREADS = declared("ThreadsPerChild", 25, "mpm_event.conf:6")


def test_a_derivation_reads_from_the_number_to_its_evidence() -> None:
    budget = (MEMORY - RESERVE).named("memory budget")
    children = (budget // CHILD).named("children that fit")
    workers = (children * THREADS).named("MaxRequestWorkers", "httpd takes it as it is")
    assert list(derivation_lines(Derivations(frozenset()).of(workers))) == [
        "MaxRequestWorkers = 1825: children that fit 73 × ThreadsPerChild 25   (httpd takes it as it is)",
        "  children that fit = 73: memory budget 6776 MiB ÷ child PSS p95 92 MiB",
        "    memory budget = 6776 MiB: MemAvailable 7800 MiB − reserve 1024 MiB",
        "      MemAvailable 7800 MiB   [measured: /proc/meminfo]",
        "      reserve 1024 MiB   [assumed: for everything that is not httpd]",
        "    child PSS p95 92 MiB   [measured: smaps_rollup of 6 children]",
        "  ThreadsPerChild 25   [declared: mpm_event.conf:6]",
    ]


def test_another_setting_is_referred_to() -> None:
    threads = (THREADS + ONE).named("ThreadLimit")
    number = (threads * THREADS).named("MaxRequestWorkers")
    trees = Derivations(frozenset({"ThreadLimit", "MaxRequestWorkers"}))
    assert list(derivation_lines(trees.of(number))) == [
        "MaxRequestWorkers = 650: ThreadLimit 26 × ThreadsPerChild 25",
        "  ThreadLimit 26   [see above]",
        "  ThreadsPerChild 25   [declared: mpm_event.conf:6]",
    ]


def test_bounds_read_in_their_order_without_brackets() -> None:
    number = (THREADS - ONE).at_most(THREADS).at_least(ONE).named("x")
    first, *_ = derivation_lines(Derivations(frozenset()).of(number))
    assert first == "x = 24: ThreadsPerChild 25 − 1, at most ThreadsPerChild 25, at least 1"
