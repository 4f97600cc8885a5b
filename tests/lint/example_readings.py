"""The examples of rules, read as the files of a complete configuration, as a fragment, as .htaccess."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.fragments import read_alone
from mpmtune.confparse.htaccess import ServedPlaces
from mpmtune.confparse.start import Start
from mpmtune.confparse.wholes import Assumptions
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd.targets import TARGETS
from mpmtune.lint.engine import Checks, Reading, Report, check
from mpmtune.lint.listing import Listing, listing_of, written_names
from mpmtune.lint.profiles import Profile
from mpmtune.lint.registry import all_rules
from mpmtune.lint.rule import Scope
from tests.lint.example_hosts import host_facts

if TYPE_CHECKING:
    from mpmtune.lint.rule import AnyRule, Example

SERVER_ROOT = "/etc/apache2"
MAIN = f"{SERVER_ROOT}/apache2.conf"
TEXT = f"{SERVER_ROOT}/example.conf"
ALWAYS = ("authz_core", "authz_host", "alias", "dir", "mime", "reqtimeout")
LISTINGS = tuple(map(listing_of, all_rules()))
WRITTEN = written_names(LISTINGS)
IN_PLACE = "/srv/www/htdocs/.htaccess"
MODULES = "/usr/lib/apache2/modules"
DIRECTORIES = frozenset({"/srv/www", "/srv/www/htdocs", "/srv/www/logs", "/srv/www/run"})


def main_file(example: Example) -> str:
    """The configuration around an example."""
    lines = [load_module(name) for name in modules_of(example)]
    ports = ("Listen 127.0.0.1:8080", "Listen 127.0.0.1:80", "Listen 127.0.0.1:443")
    return "\n".join([*lines, *ports, f"Include {TEXT}", ""])


def modules_of(example: Example) -> tuple[str, ...]:
    """Give the identifiers of the modules that the configuration loads."""
    mpm = () if example.mpm is None else (example.mpm.module,)
    usual = (f"{name}_module" for name in ALWAYS)
    return (*mpm, *(name for name in usual if name not in example.without), *example.modules)


def load_module(name: str) -> str:
    """Give the LoadModule line of a module."""
    stem = name.removesuffix("_module")
    file = f"lib{stem}8.2.so" if stem == "php" else f"mod_{stem}.so"
    return f"LoadModule {name} {MODULES}/{file}"


def reading_of(example: Example, text: str) -> Reading:
    """Read one of an example's texts the way that the example asks for."""
    content = {TEXT: text.encode("utf-8", "surrogateescape")}
    content |= {f"{SERVER_ROOT}/{path}": body.encode() for path, body in example.files}
    if example.scope is Scope.WHOLE:
        files = MemoryFiles({MAIN: main_file(example).encode(), **content})
        start = Start(
            MAIN, TARGETS["debian-12"], here=False, keep_written=True, written_names=WRITTEN
        )
        return Reading((replace(evaluate(files, start), is_directory=is_directory),))
    if example.server:
        return in_place(example, content[TEXT])
    path = f"{SERVER_ROOT}/.htaccess" if example.scope is Scope.HTACCESS else TEXT
    content[path] = content[TEXT]
    return read_alone(MemoryFiles(content), path, Assumptions("/nowhere", written_names=WRITTEN))


def is_directory(path: str) -> bool | None:
    """Know the directories of the machine that examples are of."""
    return path in DIRECTORIES if path.startswith("/srv/") else None


def in_place(example: Example, content: bytes) -> Reading:
    """Read a .htaccess under the configuration that its example gives."""
    main = f"DocumentRoot /srv/www/htdocs\n{example.server}{main_file(example)}"
    files = MemoryFiles({MAIN: main.encode(), TEXT: b"", IN_PLACE: content})
    start = Start(MAIN, TARGETS["debian-12"], here=False)
    whole = Reading((evaluate(files, start),))
    assumptions = Assumptions("/nowhere", written_names=WRITTEN)
    found = ServedPlaces(whole).read(files, IN_PLACE, assumptions)
    assert found is not None
    return found


def report_of(example: Example, text: str, *rules: AnyRule) -> Report:
    """Check one of an example's texts with the default profile and the named rules."""
    reading = reading_of(example, text)
    facts = host_facts(example.host, reading.trees[0]) if example.host else None
    checks = Checks(rules=rules_with(*rules), known=LISTINGS, facts=facts)
    return check([reading], checks)


def rules_with(*more: AnyRule) -> tuple[Listing, ...]:
    """Give the default profile and some rules besides, by code."""
    codes = {rule.code for rule in more}
    return tuple(one for one in LISTINGS if Profile.DEFAULT.takes(one) or one.code in codes)
