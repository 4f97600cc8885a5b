"""Reads a judged text with our evaluator, and writes what came of it as the cases do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.local import LocalFiles
from mpmtune.httpd.directives import find_all
from mpmtune.model.config import Level
from tests.httpd.trees import a_target

if TYPE_CHECKING:
    from pathlib import Path

    from mpmtune.model.config import Occurrence, Tree
    from tests.confparse.judged import Case

BESIDE = {
    "one.conf": "SetEnv ONE 1\n",
    "many/b.conf": "SetEnv B 1\n",
    "many/a.conf~": "SetEnv A 1\n",
    "many/.hidden": "SetEnv HIDDEN 1\n",
}
MODULES = ("alias", "authz_core", "env", "macro")
_BLANKS = re.compile(r"[ \t\n\v\f\r]+")


class Judgement(NamedTuple):
    """What came of a text: directives kept, the first refusal, what was said before it."""

    kept: list[str]
    refused: str | None
    said: list[str]


def lay_out(directory: Path, case: Case) -> Path:
    """Write the text and what lies beside it; give the path of F."""
    for name, content in BESIDE.items():
        path = directory / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    (directory / "empty").mkdir()
    file = directory / "F"
    file.write_bytes(case.text.replace(" D/", f" {directory}/").encode("latin-1"))
    if case.text.endswith("ServerRoot D\n</Directory>\n"):
        file.write_text(case.text.replace("ServerRoot D", f"ServerRoot {directory}"))
    return file


def read(directory: Path, main: str) -> Tree:
    """Read a main file as the httpd of the cases does."""
    conf = directory / "main.conf"
    conf.write_text(main)
    return evaluate(LocalFiles(), Start(str(conf), a_target()))


def judge(directory: Path, case: Case) -> Judgement:
    """Read the text of a case."""
    file = lay_out(directory, case)
    loads = "".join(f"LoadModule {name}_module /none/mod_{name}.so\n" for name in MODULES)
    head = f'ServerRoot "{directory}"\nLoadModule mpm_event_module /none/mod_mpm_event.so\n'
    tree = read(directory, f"{head}{loads}Include {file}\n")
    kept, said, refused = [shown(found) for found in tree.occurrences], [], None
    for found in tree.diagnostics:
        if found.level is Level.ERROR:
            refused = f"{found.line}: {found.text}"
            break
        if found.level is Level.WARNING:
            said.append(f"{found.id}: {found.text}")
    if refused is not None:
        kept = []
    return Judgement(*(hidden(directory, part) for part in (kept, refused, said)))


def shown(occurrence: Occurrence) -> str:
    """Write an occurrence: place, name as the command table has it, arguments."""
    rows = find_all(occurrence.name)
    name = rows[0].name if rows else occurrence.item.spelling.removesuffix(">")
    file, line = occurrence.httpd_place
    return f"{file}:{line} {name} {squeezed(occurrence.args)}".rstrip(" ")


def squeezed(text: str) -> str:
    """Make every run of blanks one blank."""
    return _BLANKS.sub(" ", text).strip(" ")


def hidden(directory: Path, found: object) -> object:
    """Put F, D and plain names in the place of paths."""
    if isinstance(found, list):
        return [hidden(directory, one) for one in found]
    if not isinstance(found, str):
        return found
    text = found.removeprefix(f"{directory}/F:") if found.startswith(f"{directory}/F:") else found
    text = text.replace(f"{directory}/F", "F")
    text = text.removeprefix(f"{directory}/")
    return text.replace(str(directory), "D")


def expected(case: Case) -> Judgement:
    """Write a case's expectation in the same way."""
    kept = [] if case.refused is not None else list(case.kept)
    return Judgement(kept, case.refused, list(case.said))
