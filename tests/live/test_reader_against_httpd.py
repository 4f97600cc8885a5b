"""The real httpd's own reading against ours: judged texts, random texts, and its dump.

MPMTUNE_SAMPLE makes the random sample larger.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.local import LocalFiles
from mpmtune.httpd import effective
from mpmtune.model.config import Level
from mpmtune.report.dump import dump
from tests.confparse.judged import CASES
from tests.confparse.judging import MODULES, Judgement, expected, hidden, lay_out, shown, squeezed
from tests.httpd.trees import a_target
from tests.live.private_httpd import binary, module_directory
from tests.live.random_configuration import write_random

if TYPE_CHECKING:
    from pathlib import Path

    from tests.confparse.judged import Case

pytestmark = pytest.mark.httpd

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/bin", "LANG": "C"}
_PREFIX = re.compile(r"(?m)^\[[^\]]*\] \[[^\]]*\] \[pid [^\]]*\] ")
_SAMPLE = int(os.environ.get("MPMTUNE_SAMPLE", "250"))
_CUT_OFF = 8000  # httpd cuts its own messages: a chain of 128 Includes does not fit


def head(directory: Path) -> str:
    """What every main file here begins with."""
    modules = ("mpm_event", "info", *MODULES)
    loads = [f"LoadModule {name}_module {module_directory()}/mod_{name}.so" for name in modules]
    lines = (f'ServerRoot "{directory}"', "ServerName localhost", *loads)
    (directory / "logs").mkdir(exist_ok=True)
    return "".join(f"{line}\n" for line in lines)


def ask(conf: Path) -> tuple[bool, str, str]:
    """Ask for the tree; give whether it was accepted, what was said, and the dump."""
    command = [binary(), "-t", "-D", "DUMP_CONFIG", "-f", str(conf)]
    answer = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        env=ENVIRONMENT,
        cwd=conf.parent,
        check=False,
    )
    said = _PREFIX.sub("", answer.stderr.decode("latin-1")).replace("Syntax OK", "").strip()
    said = said.replace("\\n", "\n").replace("\\t", "\t")
    return answer.returncode == 0, said, answer.stdout.decode("latin-1")


def kept_in(text: str, main: Path) -> list[str]:
    """Read a dump: place, name, arguments; the main file's own lines left out."""
    kept = []
    file = line = ""
    for written in text.split("\n"):
        bare = written.lstrip(" ")
        if bare.startswith("# In file: "):
            file = bare.removeprefix("# In file: ")
        elif re.fullmatch(r"# *\d+:", bare):
            line = bare.strip("#: ")
        elif bare and not bare.startswith("</") and file != str(main):
            kept.append(f"{file}:{line} {squeezed(bare)}")
    return kept


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text[:60])
def test_httpd_makes_of_a_text_what_is_said_of_it(case: Case, tmp_path: Path) -> None:
    file = lay_out(tmp_path, case)
    (tmp_path / "many" / "logs").mkdir()
    main = tmp_path / "main.conf"
    main.write_text(f"{head(tmp_path)}Include {file}\n")
    accepted, said, text = ask(main)
    if len(said) > _CUT_OFF:
        assert not accepted
        return
    error = re.search(
        r"(?:^|\n)\S+: Syntax error on line \d+ of [^\n]*main\.conf: (.*)", said, re.DOTALL
    )
    refused = None
    if error is not None:
        last = re.match(
            r"(?:Syntax error on line (?P<line>\d+) of .*?: )+(?P<text>.*)", error[1], re.DOTALL
        )
        assert last is not None
        refused = hidden(tmp_path, innermost(error[1]))
        said = said[: error.start()]
    warnings = [line for line in said.split("\n") if re.match(r"AH0(?!0526)\d{4}: ", line)]
    kept = [] if refused is not None else kept_in(text, main)
    got = Judgement(hidden(tmp_path, kept), refused, hidden(tmp_path, warnings))
    wanted = expected(case)
    if "AH00526" in said:  # a handler refuses it after the reading, and then there is no dump
        got, wanted = got._replace(kept=[]), wanted._replace(kept=[])
    assert got == wanted


def innermost(text: str) -> str:
    """Give line and words of the file that is at fault: ``3: …``."""
    step = re.compile(r"Syntax error on line (\d+) of (?:macro .*\"|\S+): ", re.DOTALL)
    line = ""
    while match := step.match(text):
        line, text = match[1], text[match.end() :]
    return f"{line}: {text}"


@pytest.mark.parametrize("seed", range(_SAMPLE))
def test_a_random_configuration_is_read_alike(seed: int, tmp_path: Path) -> None:
    main = write_random(random.Random(seed), tmp_path, head(tmp_path))
    accepted, said, text = ask(main)
    target = replace(a_target(), environment=ENVIRONMENT)
    tree = evaluate(LocalFiles(), Start(str(main), target, defines=("DUMP_CONFIG",)))
    values = effective.of(tree)
    assert values.accepted == accepted, said
    warnings = [
        f"{found.id}: {found.text}" for found in values.messages if found.level is Level.WARNING
    ]
    first = values.errors[:1]
    if accepted:
        ours = [shown(found) for found in tree.occurrences if found.source.path != str(main)]
        assert ours == kept_in(text, main)
        assert "\n".join(warnings) == said
    elif first[0].id == "AH00526":
        error = (
            f"AH00526: Syntax error on line {first[0].line} of {first[0].file}:\n{first[0].text}"
        )
        assert said == "\n".join((*warnings, error))
    elif len(said) < _CUT_OFF:
        assert said.endswith(f"on line {first[0].line} of {first[0].file}: {first[0].text}")
        assert said.startswith("\n".join(warnings))


def test_the_dump_has_the_layout_of_httpd(tmp_path: Path) -> None:
    (tmp_path / "more.conf").write_text("<Files x>\n</Files>\nServerAdmin y@example.com\n")
    main = tmp_path / "main.conf"
    main.write_text(
        head(tmp_path)
        + "<VirtualHost *:80>\n  serveralias  a   b\n  Include more.conf\n\n <Location />\n"
        + "Require  all granted\n</Location>\nInclude more.conf\n</VirtualHost>\n"
        + "\n" * 1200
        + "<Macro m>\n<Directory />\nAllowOverride none\n</Macro>\nUse m\n</Directory>\n"
        + "<IfModule alias_module>\n<Directory />\n<RequireAll>\nRequire all granted\n"
        + "</RequireAll>\n</Directory>\n<Location />\n"
    )
    accepted, said, text = ask(main)
    assert accepted, said
    tree = evaluate(LocalFiles(), Start(str(main), a_target()))
    assert dump(tree) == text
