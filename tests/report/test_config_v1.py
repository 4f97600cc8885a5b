"""The published configuration, its text and its dump."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import mpmtune
from mpmtune.confparse.start import Limits
from mpmtune.httpd import effective
from mpmtune.model.server import Mpm
from mpmtune.report import directive_text
from mpmtune.report.config_text import config_lines
from mpmtune.report.config_v1 import config_v1
from mpmtune.report.directive_text import decoded
from mpmtune.report.dump import dump
from mpmtune.report.text import plain
from tests.confparse.test_evaluate import MAIN, read

SCHEMA = json.loads(
    (Path(mpmtune.__file__).parent / "schemas" / "config_v1.json").read_text("utf-8")
)
TEXT = """\
LoadModule mpm_event_module x
<Macro host $name>
  ServerName $name
</Macro>
<VirtualHost *:80>
  serveralias "a b" \\
    c
  Include more.conf
  Use host x
</VirtualHost>
MaxClients 401
MaxRequestWorkers 410
"""
MORE = {"/srv/more.conf": "<Directory /x>\nOptions  None\n</Directory>\n"}


def document(text: str, more: dict[str, str] | None = None, **start: object) -> dict[str, Any]:
    tree = read(text, more, **start)
    made: dict[str, Any] = json.loads(config_v1(tree, effective.of(tree)))
    jsonschema.Draft202012Validator(SCHEMA).validate(made)
    return made


def text_of(text: str, more: dict[str, str] | None = None, **start: object) -> str:
    tree = read(text, more, **start)
    return plain(config_lines(tree, effective.of(tree), 100))


def test_each_directive_has_its_words_its_place_and_its_way() -> None:
    made = document(TEXT, MORE)["directives"]
    assert [one["name"] for one in made] == [
        "<VirtualHost",
        "ServerAlias",
        "<Directory",
        "Options",
        "ServerName",
        "MaxClients",
        "MaxRequestWorkers",
    ]
    assert made[1] == {
        "name": "ServerAlias",
        "args": ["a b", "c"],
        "raw_args": '"a b"     c',
        "file": MAIN,
        "line": 6,
        "last_line": 7,
        "context": ["VirtualHost *:80"],
        "origin": [],
    }
    include = {"directive": "Include more.conf", "file": MAIN, "line": 8, "last_line": 8}
    assert made[3] == {
        "name": "Options",
        "args": ["None"],
        "raw_args": "None",
        "file": "/srv/more.conf",
        "line": 2,
        "last_line": 2,
        "context": ["VirtualHost *:80", "Directory /x"],
        "origin": [include],
    }
    assert made[4]["file"] == (
        f'macro \'host\' (defined on line 2 of "{MAIN}") used on line 9 of "{MAIN}"'
    )
    assert (made[4]["line"], made[4]["last_line"]) == (1, 1)
    assert made[4]["written"] == {"file": MAIN, "line": 3}
    assert made[4]["origin"][0]["directive"] == "Use host ***"


def test_values_and_messages_are_those_of_httpd() -> None:
    made = document(TEXT, MORE)
    assert made["accepted"] is True
    assert made["mpm"] == "event"
    assert made["effective"]["MaxRequestWorkers"] == 400
    assert made["check_config"]["MaxRequestWorkers"] == 400
    assert [(one["id"], one["line"]) for one in made["messages"]] == [("AH00513", 12)]
    assert made["errors"] == made["further_errors"] == []
    assert [one["id"] for one in made["notes"]] == ["AH00521"]
    assert made["unknown"] == []


def test_the_first_error_is_httpds_and_the_others_come_after() -> None:
    made = document("Nonsense\nInclude none\n</X>\n", mpm=Mpm.EVENT)
    assert made["accepted"] is False
    assert made["errors"] == [
        {
            "id": None,
            "level": "error",
            "text": "Could not open configuration file /srv/none: No such file or directory",
            "file": MAIN,
            "line": 2,
            "note": "",
        }
    ]
    assert [one["line"] for one in made["further_errors"]] == [3, 1]
    assert made["further_errors_total"] == 2


def test_many_errors_are_counted_and_not_all_written() -> None:
    made = document("LoadModule mpm_event_module x\n" + "Nonsense\n" * 1500)
    assert len(made["further_errors"]) == 1000
    assert made["further_errors_total"] == 1499


def test_what_was_not_read_to_its_end_is_neither_accepted_nor_refused() -> None:
    text = "ServerName a\nInclude b\nInclude b\n"
    made = document(text, {"/srv/b": ""}, limits=Limits(files=2), mpm=Mpm.EVENT)
    assert made["accepted"] is None
    why = "more than 2 files: mpmtune stops reading here"
    assert made["unknown"] == [{"what": "accepted", "why": why}]
    shown = text_of(text, {"/srv/b": ""}, limits=Limits(files=2), mpm=Mpm.EVENT)
    assert f"{MAIN}: not read to its end" in shown
    assert why in shown


@pytest.mark.parametrize(
    ("line", "args", "raw"),
    [
        ("SetEnv PASSWORD s3cret", ["PASSWORD", "***"], "PASSWORD ***"),
        ("ProxyPass /a http://u:s3cret@h/", ["/a", "http://***@h/"], "/a http://***@h/"),
        (
            'CustomLog "|/bin/x --key s3cret" combined',
            ["|/bin/x ***", "combined"],
            '"|/bin/x ***" combined',
        ),
        ("Require expr %{X} == 's3cret'", ["expr", "***"], "expr ***"),
        ("Require all granted", ["all", "granted"], "all granted"),
        ("ThirdParty s3cret", ["***"], "***"),
    ],
)
def test_secrets_are_held_back_in_every_format(line: str, args: list[str], raw: str) -> None:
    made = document(f"{line}\n")["directives"][0]
    assert (made["args"], made["raw_args"]) == (args, raw)
    tree = read(f'<IfModule core.c>\n{line}\n</IfModule>\n<If "s3cret">\n{line}\n</If>\n')
    assert "s3cret" not in dump(tree) + config_v1(tree, effective.of(tree))
    assert "<If ***>" in dump(tree)


def test_what_was_seen_is_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directive_text, "_MOST_SEEN", 2)
    made = document("".join(f"SetEnv V{n} x\n" for n in range(5)))["directives"]
    assert [one["args"][0] for one in made] == ["V0", "V1", "V2", "V3", "V4"]


def test_text_is_utf_8_where_it_can_be_and_latin_1_otherwise() -> None:
    assert decoded("plain") == "plain"
    assert decoded("\xc3\xa9") == "é"
    assert decoded("\xe9") == "\xe9"
    assert decoded("é\u20ac") == "é\u20ac"
    made = document("ServerAdmin \xc3\xa9@x\n<Files \xe9>\nServerSignature \xff\n</Files>\n")[
        "directives"
    ]
    assert made[0]["args"] == ["é@x"]
    assert made[2]["context"] == ["Files \xe9"]


def test_no_control_character_leaves_any_format() -> None:
    text = "ServerAdmin \x1b[2J\x07\x9b31m\xe2\x80\xae\n\x1bNonsense \x7f\n<Files \x1b>\n</X\x1b>\n"
    tree = read(text)
    values = effective.of(tree)
    for made in (dump(tree), config_v1(tree, values), plain(config_lines(tree, values, 80))):
        assert not any(ord(char) < 32 and char != "\n" for char in made)
        assert not any(127 <= ord(char) < 160 or char == "\u202e" for char in made)


def test_the_dump_names_files_and_indents_sections() -> None:
    assert dump(read(TEXT, MORE)).replace(MAIN, "M") == (
        "# In file: M\n"
        "#   5:\n<VirtualHost *:80>\n"
        '  #   7:\n  ServerAlias "a b"     c\n'
        "# In file: /srv/more.conf\n"
        "  #   1:\n  <Directory /x>\n"
        "    #   2:\n    Options None\n"
        "  </Directory>\n"
        '# In file: macro \'host\' (defined on line 2 of "M") used on line 9 of "M"\n'
        "  #   1:\n  ServerName x\n"
        "# In file: M\n"
        "</VirtualHost>\n"
        "#  11:\nMaxClients 401\n"
        "#  12:\nMaxRequestWorkers 410\n"
    )


def test_the_text_shows_verdict_values_and_where_they_come_from() -> None:
    shown = text_of(TEXT, MORE)
    assert shown.startswith(f"{MAIN}: accepted\n  7 directives in 2 files, MPM event;")
    assert f"MaxRequestWorkers         400       {MAIN}:12; " in shown
    assert "ServerLimit               16        built-in default" in shown
    assert "httpd says\n" in shown
    assert "AH00513: WARNING: MaxRequestWorkers of 410 is not an integer multiple" in shown
    assert "AH00521" in shown.partition("Also to know")[2]


def test_the_text_shows_what_is_refused_and_what_comes_next() -> None:
    shown = text_of("Include none\n" + "</X>\n" * 30, mpm=Mpm.EVENT)
    assert f"{MAIN}: refused\n" in shown
    assert f"httpd refuses it\n  {MAIN}:1: Could not open" in shown
    assert "It would meet next\n" in shown
    assert "and 10 more" in shown


def test_notes_of_ours_are_told_apart() -> None:
    shown = text_of("Include a\n", {"/srv/a": "Include a\n"}, mpm=Mpm.EVENT)
    assert "The files include each other: /srv/a → /srv/a." in shown
