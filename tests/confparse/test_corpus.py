"""Public configuration files, and the tree that the real httpd made of each."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from mpmtune.confparse.edit import apply_edits, changes_only
from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.reader import read
from mpmtune.confparse.second_reader import Opinion, confirm
from mpmtune.confparse.start import Start
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd.targets import TARGETS
from mpmtune.model.config import Level, Tree
from mpmtune.model.finding import Edit
from tests.confparse.judging import shown, squeezed

pytestmark = pytest.mark.shared

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/bin", "LANG": "C"}
TUNED = {
    "keepalive",
    "keepalivetimeout",
    "maxrequestworkers",
    "startservers",
    "serverlimit",
    "timeout",
}


@cache
def index() -> list[dict[str, str]]:
    if not CORPUS.is_dir():
        pytest.skip("the public configuration files are not beside the project")
    with (CORPUS / "index.tsv").open(encoding="utf-8", errors="surrogateescape") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def content(name: str) -> bytes:
    return (CORPUS / "files" / name).read_bytes()


def read_wrapped(name: str, kind: str) -> Tree:
    include = f'Include "/corpus/{name}"'
    if kind == "htaccess":
        include = f'<Directory "/x">\n{include}\n</Directory>'
    wrapper = (CORPUS / "wrapper.conf").read_text("utf-8")
    text = wrapper.replace('Include "@FILE@"', include).replace("@ROOT@", "/empty")
    files = MemoryFiles(
        {"/w": text.encode("utf-8"), f"/corpus/{name}": content(name), "/empty/logs/x": b""}
    )
    target = replace(TARGETS["debian-12"], environment=ENVIRONMENT)
    return evaluate(files, Start("/w", target))


def test_every_accepted_file_gives_the_directives_of_httpd_in_its_order() -> None:
    index()
    counted = 0
    with gzip.open(CORPUS / "dump.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            recorded = json.loads(line)
            tree = read_wrapped(recorded["file"], recorded["kind"])
            expected = [
                f"{file}:{number} {name} {squeezed(args)}".rstrip(" ")
                for file, number, name, args in recorded["directives"]
            ]
            ours = [
                shown(found).replace("/corpus/", "")
                for found in tree.occurrences
                if found.source.path != "/w"
            ]
            assert ours == expected, recorded["file"]
            assert not [one for one in tree.diagnostics if one.level is Level.ERROR]
            counted += len(ours)
    assert counted == 2251


def test_every_file_good_or_bad_joins_to_itself() -> None:
    for row in index():
        text = content(f"{row['repo']}/{row['path']}").decode("latin-1")
        source = read(text, row["path"])
        assert "".join(text[item.start : item.end] for item in source.items) == text
    assert len(index()) == 459


def test_what_httpd_refuses_while_reading_is_refused_in_its_words() -> None:
    """Its other refusals need handlers; these are all of the reading pass."""
    words = ("was not closed", "is built-in", "Could not open", "No matches")
    told = 0
    for row in index():
        if not any(word in row["message"] for word in words) or "DOCUMENTROOT" in row["message"]:
            continue
        tree = read_wrapped(f"{row['repo']}/{row['path']}", row["kind"])
        first = next(found for found in tree.diagnostics if found.level is Level.ERROR)
        text = first.text.replace("/corpus/", "").replace("/empty", "ROOT")
        if "/tmp/" not in row["message"]:  # one names a file beside the wrapper
            assert row["message"].endswith(text[-120:]), row["path"]
        told += 1
    assert told > 50


def test_the_second_reader_agrees_with_every_edit_that_it_can_judge() -> None:
    opinions = dict.fromkeys(Opinion, 0)
    for row in index():
        text = content(f"{row['repo']}/{row['path']}").decode("latin-1")
        source = read(text, row["path"])
        tuned = [one for one in source.items if one.name in TUNED and one.args_start >= 0]
        for item in tuned:
            end = item.args_start + len(item.args)
            edits = [Edit(source, item.args_start, end, "42")]
            after = apply_edits(text, edits)
            assert changes_only(text, after, edits)
            opinions[confirm(text, after, edits).opinion] += 1
    assert opinions[Opinion.DISAGREES] == 0
    assert (opinions[Opinion.AGREES], opinions[Opinion.NOT_AVAILABLE]) == (75, 2)
