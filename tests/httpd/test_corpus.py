"""The verdict on public configuration files: those that httpd took, and its words on the others."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.local import LocalFiles
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd import effective
from mpmtune.httpd.handlers import PathKind
from mpmtune.model.config import Fault
from tests.httpd.trees import a_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.effective import EffectiveValues

pytestmark = pytest.mark.shared

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
WRAPPER = "/dir/wrapper.conf"


@cache
def rows() -> tuple[dict[str, str], ...]:
    if not CORPUS.exists():
        pytest.skip("the public configuration files are not beside the project")
    with (CORPUS / "index.tsv").open(encoding="utf-8", errors="surrogateescape") as lines:
        return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def values_of(row: dict[str, str]) -> EffectiveValues:
    file = CORPUS / "files" / row["repo"] / row["path"]
    include = f'Include "{file}"'
    if row["kind"] == "htaccess":
        include = f'<Directory "/x">\n{include}\n</Directory>'
    wrapper = (CORPUS / "wrapper.conf").read_text("utf-8").replace('Include "@FILE@"', include)
    content = wrapper.replace("@ROOT@", "/dir").encode()
    files = MemoryFiles({WRAPPER: content, "/dir/logs/x": b""}, beneath=LocalFiles())
    tree = evaluate(files, Start(WRAPPER, a_target(), here=False))
    kinds = {False: PathKind.ABSENT, True: PathKind.DIRECTORY}
    return effective.of(tree, look=lambda path: kinds[path in {"/dir", "/dir/logs", "/tmp"}])


def with_verdict(*verdicts: str) -> Iterator[dict[str, str]]:
    return (row for row in rows() if row["verdict"] in verdicts)


def test_no_file_that_httpd_took_is_refused() -> None:
    taken = list(with_verdict("ok"))
    refused = {
        row["path"]: values.errors[0].text
        for row in taken
        if not (values := values_of(row)).accepted
    }
    assert not refused
    assert len(taken) == 247


def test_unknown_directives_are_refused_in_the_words_and_at_the_line_of_httpd() -> None:
    unknown = list(with_verdict("unknown-directive"))
    wrong = {}
    for row in unknown:
        first = values_of(row).errors[0]
        place = f"Syntax error on line {first.line} of {row['repo']}/{row['path']}"
        if first.fault is not Fault.UNKNOWN_COMMAND or not row["message"].endswith(first.text):
            wrong[row["path"]] = (first.text, row["message"])
        elif first.file.endswith(row["path"]) and place not in row["message"]:
            wrong[row["path"]] = (place, row["message"])
    assert not wrong
    assert len(unknown) == 102
