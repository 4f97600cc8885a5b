"""Sound configurations in five styles have no finding of severity error."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.lint.engine import Checks, Reading, check
from mpmtune.lint.profiles import Profile
from mpmtune.model.finding import Severity
from tests.lint.example_readings import LISTINGS, WRITTEN
from tests.lint.sound_configurations import FILES, STYLES, target_of

if TYPE_CHECKING:
    from pathlib import Path

    from mpmtune.lint.engine import Report

DEFAULT = tuple(listing for listing in LISTINGS if Profile.DEFAULT.takes(listing))


def report_of(file: Path) -> Report:
    """Check one with the rules of the default profile, as the only file of its distribution."""
    target = target_of(file)
    files = MemoryFiles({target.conf: file.read_bytes()})
    start = Start(target.conf, target, here=False, keep_written=True, written_names=WRITTEN)
    return check([Reading((evaluate(files, start),))], Checks(DEFAULT, LISTINGS))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sound_configuration_has_no_error(file: Path) -> None:
    report = report_of(file)
    assert report.directives >= 20
    wrong = [f for f in report.findings if f.severity is Severity.ERROR]
    assert not [(f.code, f.line, f.message) for f in wrong]


def test_there_are_forty_in_five_styles_and_none_is_a_copy() -> None:
    styles = Counter(file.name.partition("-")[0] for file in FILES)
    assert styles == {"debian": 13, "rhel": 9, "alpine": 6, "docker": 7, "cpanel": 5}
    assert styles.keys() == STYLES.keys()
    texts = [file.read_text() for file in FILES]
    assert len(set(texts)) == 40
    assert all(20 <= text.count("\n") <= 120 for text in texts)


def test_the_warnings_on_them_are_few_and_known() -> None:
    """Each says what an administrator may have meant otherwise: see the pages of the rules."""
    found = Counter(
        f.code for file in FILES for f in report_of(file).findings if f.severity is Severity.WARNING
    )
    assert found == WARNED


# Accounts of a shared host, and Nextcloud, ask for a .htaccess that may say everything.
WARNED = {"SEC304": 8}
