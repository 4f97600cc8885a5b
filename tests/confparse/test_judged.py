"""What httpd makes of each text, predicted; tests/live asks the real one the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.confparse.judged import CASES
from tests.confparse.judging import expected, judge

if TYPE_CHECKING:
    from pathlib import Path

    from tests.confparse.judged import Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text[:60])
def test_a_text_is_read_as_httpd_reads_it(case: Case, tmp_path: Path) -> None:
    assert judge(tmp_path, case) == expected(case)
