"""The pass that runs the handlers: what httpd refuses, in its words, where and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.httpd.handlers import Circumstances, PathKind
from mpmtune.httpd.mutexes import types_of
from mpmtune.httpd.placement import HTACCESS, SERVER
from mpmtune.httpd.walk import Walk
from mpmtune.model.config import Fault, Level
from mpmtune.model.server import Mpm
from tests.httpd.judged import MODULES, REFUSED, TAKEN, UNKNOWN
from tests.httpd.trees import a_tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.model.config import Diagnostic

PATHS = {
    "/srv/there": PathKind.DIRECTORY,
    "/srv/file.pem": PathKind.FILE,
    "/srv/empty.pem": PathKind.OTHER,
}


def walk(
    text: str,
    mpm: Mpm = Mpm.EVENT,
    modules: Iterable[str] = MODULES,
    version: tuple[int, int, int] = (2, 4, 71),
    *,
    htaccess: bool = False,
    look: bool = False,
) -> list[Diagnostic]:
    tree = a_tree(text, mpm, modules, version)
    paths = (lambda path: PATHS.get(path, PathKind.ABSENT)) if look else None
    world = Circumstances(version, "/srv", types_of(tree.modules), paths)
    start = HTACCESS if htaccess else SERVER
    return list(Walk(frozenset(tree.modules), world, start).diagnostics(tree.occurrences))


def said(text: str, **how: object) -> list[str]:
    return [found.text for found in walk(text, **how)]  # type: ignore[arg-type]  # as walk takes it


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_what_httpd_refuses(text: str, sentence: str) -> None:
    (found,) = walk(text)
    assert found.text == sentence
    assert (found.id, found.level) == ("AH00526", Level.ERROR)


@pytest.mark.parametrize("text", TAKEN)
def test_what_httpd_takes(text: str) -> None:
    assert walk(text) == []


def test_refusals_come_in_the_order_of_the_file_and_at_the_line_of_httpd() -> None:
    text = "Nonsense\n<VirtualHost *>\nServerLimit \\\n5\n</VirtualHost>\nKeepAlive x\n"
    found = walk(text)
    assert [(one.line, one.fault) for one in found] == [
        (1, Fault.UNKNOWN_COMMAND),
        (4, Fault.NOT_ALLOWED_HERE),
        (6, Fault.ARGUMENT_COUNT),
    ]
    assert {one.file for one in found} == {"/srv/httpd.conf"}
    source = found[1].source
    assert source is not None
    assert source.text[found[1].start : found[1].end] == "ServerLimit \\\n5\n"


def test_an_unknown_name_says_whose_it_is() -> None:
    (found,) = walk("Header set X y")
    assert found.note == "It is a directive of mod_headers."
    (found,) = walk("MinSpareServers 5")
    assert found.note == "It is a directive of prefork."
    (found,) = walk("EnableExceptionHook On")
    assert found.note == "It is documented, but not in usual builds."
    (found,) = walk("Nonsense")
    assert found.note == ""


def test_a_name_that_a_foreign_module_may_have_is_left_alone() -> None:
    modules = (*MODULES, "security2")
    assert walk("SecRuleEngine On", modules=modules) == []
    assert said("MinSpareServers 5", modules=modules) == [UNKNOWN.format("MinSpareServers")]


def test_a_directive_is_unknown_before_its_release() -> None:
    assert walk("ListenTCPDeferAccept 30", version=(2, 4, 66)) == []
    (found,) = walk("ListenTCPDeferAccept 30", version=(2, 4, 65))
    assert found.text == UNKNOWN.format("ListenTCPDeferAccept")
    assert found.note == "It is a directive of event and prefork and worker since 2.4.66."


def test_modules_that_are_packaged_apart_may_be_newer_than_httpd() -> None:
    assert walk("H2WebSockets on", modules=("http2",), version=(2, 4, 37)) == []


def test_each_mpm_has_its_own_help() -> None:
    assert said("MaxRequestWorkers", mpm=Mpm.PREFORK) == [
        "MaxRequestWorkers takes one argument, Maximum number of children alive at the same time"
    ]
    assert said("MaxRequestWorkers", mpm=Mpm.WORKER) == [
        "MaxRequestWorkers takes one argument, Maximum number of threads alive at the same time"
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Options None", None),
        ("<Files x>\nRequire all denied\n</Files>", None),
        ("<If true>\nHeader x\n</If>", UNKNOWN.format("Header")),
        ("StartServers 5", "StartServers not allowed here"),
        ("<Files x>\nAllowOverride None\n</Files>", "AllowOverride not allowed in <Files> context"),
        ("Alias /a /b", "Alias not allowed here"),
    ],
)
def test_a_htaccess_file_admits_less(text: str, sentence: str | None) -> None:
    assert said(text, htaccess=True) == ([sentence] if sentence else [])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("CoreDumpDirectory there", None),
        ("CoreDumpDirectory gone", "CoreDumpDirectory /srv/gone does not exist"),
        ("CoreDumpDirectory file.pem", "CoreDumpDirectory /srv/file.pem is not a directory"),
        ("DocumentRoot /srv/there", None),
        ("DocumentRoot //srv/./gone/", ("DocumentRoot '/srv/gone/' is not a directory, or is not"
         " readable")),
        ("DocumentRoot /", "DocumentRoot '/' is not a directory, or is not readable"),
        ("Mutex file:there", None),
        ("Mutex file:gone", "Invalid Mutex directory in argument file:gone"),
        ("SSLCertificateFile file.pem", None),
        ("SSLCertificateFile pkcs11:token", None),
        ("SSLCertificateFile gone.pem",
         "SSLCertificateFile: file '/srv/gone.pem' does not exist or is empty"),
        ("SSLCertificateKeyFile empty.pem",
         "SSLCertificateKeyFile: file '/srv/empty.pem' does not exist or is empty"),
        ("SSLCACertificatePath gone",
         "SSLCACertificatePath: directory '/srv/gone' does not exist"),
    ],
)  # fmt: skip
def test_what_depends_on_the_machine(text: str, sentence: str | None) -> None:
    assert said(text, look=True) == ([sentence] if sentence else [])


@pytest.mark.parametrize(
    ("text", "number", "level", "sentence"),
    [
        ("MaxClients 100", "AH00521", Level.INFO,
         "MaxClients is deprecated, use MaxRequestWorkers instead."),
        ("MaxRequestsPerChild 0", "AH00545", Level.INFO,
         "MaxRequestsPerChild is deprecated, use MaxConnectionsPerChild instead."),
        ("NameVirtualHost *", "AH00548", Level.WARNING,
         ("NameVirtualHost has no effect and will be removed in the next release"
         " /srv/httpd.conf:1")),
        ("DefaultType text/plain", "AH00117", Level.WARNING,
         "Ignoring deprecated use of DefaultType in line 1 of /srv/httpd.conf."),
        ("<Location />\nAllowOverride None\n</Location>", "AH00114", Level.WARNING,
         "Useless use of AllowOverride in line 2 of /srv/httpd.conf."),
        ("<VirtualHost *>\nDocumentRoot gone\n</VirtualHost>", "AH00112", Level.WARNING,
         "Warning: DocumentRoot [/srv/gone] does not exist"),
    ],
)  # fmt: skip
def test_what_httpd_remarks(text: str, number: str, level: Level, sentence: str) -> None:
    (found,) = walk(text, look=True)
    assert (found.id, found.level, found.text) == (number, level, sentence)


@pytest.mark.parametrize(
    "text",
    [
        "DefaultType None",
        "<VirtualHost *>\nDefaultType text/plain\n</VirtualHost>",
        "<VirtualHost *>\n<Location />\nAllowOverride None\n</Location>\n</VirtualHost>",
        "<Directory /x>\nAllowOverride None\n</Directory>",
        "<VirtualHost *>\nDocumentRoot there\n</VirtualHost>",
        "MaxRequestWorkers 400",
    ],
)
def test_what_httpd_does_not_remark(text: str) -> None:
    assert walk(text, look=True) == []


def test_the_old_name_has_a_number_in_each_mpm() -> None:
    numbers = {mpm: walk("MaxClients 25", mpm)[0].id for mpm in Mpm}
    assert numbers == {Mpm.PREFORK: "AH00188", Mpm.WORKER: "AH00324", Mpm.EVENT: "AH00521"}


def test_a_section_that_is_not_among_the_occurrences_still_counts() -> None:
    tree = a_tree("<VirtualHost *>\n<Directory /x>\nServerLimit 5\n</Directory>\n</VirtualHost>")
    world = Circumstances((2, 4, 71), "/srv", frozenset())
    (found,) = Walk(frozenset(tree.modules), world).diagnostics(tree.occurrences[2:])
    assert found.text == "ServerLimit not allowed in <Directory> context"


def test_deep_nesting_makes_few_contexts_and_takes_no_recursion() -> None:
    depth = 800
    text = "".join(f"<Files f{n}>\n" for n in range(depth)) + "StartServers 5\n"
    text += "</Files>\n" * depth
    (found,) = walk(text)
    assert found.text == "StartServers not allowed in <Files> context"
    inner = SERVER.inside("<files")
    assert inner.inside("<files") is inner
