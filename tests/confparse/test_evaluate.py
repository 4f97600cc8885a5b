"""The tree: what is kept, by which name it is found, where it came from, what goes on after errors."""

from __future__ import annotations

import gc

import pytest

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.errors import InputError
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd.targets import TARGETS
from mpmtune.model.config import Fault, Level, Tree
from mpmtune.model.server import Linkage, Mpm
from tests.httpd.trees import a_target

MAIN = "/srv/main.conf"


def read(text: str, more: dict[str, str] | None = None, **start: object) -> Tree:
    contents = {MAIN: text, **(more or {})}
    files = MemoryFiles({path: content.encode("latin-1") for path, content in contents.items()})
    options = {"target": a_target("macro"), "here": False, **start}
    return evaluate(files, Start(MAIN, **options))  # type: ignore[arg-type]


def told(tree: Tree) -> list[tuple[Fault, Level, int]]:
    return [(found.fault, found.level, found.line) for found in tree.diagnostics]


def test_an_old_spelling_stands_under_the_modern_name() -> None:
    tree = read("MaxClients 5\nmaxrequestworkers 6\nMaxRequestsPerChild 1\n")
    found = tree.by_name["maxrequestworkers"]
    assert [(one.item.spelling, one.args) for one in found] == [
        ("MaxClients", "5"),
        ("maxrequestworkers", "6"),
    ]
    assert "maxclients" not in tree.by_name
    assert len(tree.by_name["maxconnectionsperchild"]) == 1
    last = tree.last("maxrequestworkers")
    assert last is not None
    assert last.args == "6"


def test_what_is_executed_while_reading_is_found_by_name_but_not_kept() -> None:
    tree = read(
        "Define V v\n<IfDefine V>\nServerName ${V}\n</IfDefine>\n<IfDefine W>\nA\n</IfDefine>\n"
    )
    assert [one.name for one in tree.occurrences] == ["servername"]
    assert len(tree.by_name["<ifdefine"]) == 2
    assert tree.by_name["define"][0].args == "V v"
    assert "a" not in tree.by_name
    assert tree.defines == {"V": "v"}


def test_a_replaced_argument_has_no_place_to_edit() -> None:
    tree = read("Define V v\nServerName ${V}\nServerAdmin x\n")
    name, admin = tree.occurrences
    assert (name.args, name.item.args_start) == ("v", -1)
    assert admin.item.args_start == 39


def test_sections_enclose_each_other_across_files() -> None:
    tree = read(
        "<VirtualHost *>\n<IfModule core.c>\nInclude more.conf\n</IfModule>\n</VirtualHost>\n",
        {"/srv/more.conf": "<Directory /x>\nOptions None\n</Directory>\n"},
    )
    options = tree.by_name["options"][0]
    assert [section.args for section in options.sections()] == ["*>", "/x>"]
    assert tree.last("options") is None
    (include,) = options.chain()
    assert (include.args, include.place) == ("more.conf", (3, 1))
    assert options.httpd_place == ("/srv/more.conf", 2)
    assert [source.path for source in tree.sources] == [MAIN, "/srv/more.conf"]


def test_a_macro_gives_its_directives_two_places() -> None:
    tree = read(
        "\n<Macro m $a>\n# c\n  Alias $a /b\n</Macro>\n<VirtualHost *>\nUse m /a\n</VirtualHost>\n"
    )
    alias = tree.by_name["alias"][0]
    assert (alias.args, alias.line, alias.place) == ("/a /b", 4, (4, 3))
    name = f'macro \'m\' (defined on line 2 of "{MAIN}") used on line 7 of "{MAIN}"'
    assert alias.httpd_place == (name, 1)
    assert [via.name for via in alias.chain()] == ["use"]
    assert [section.name for section in alias.sections()] == ["<virtualhost"]


def test_modules_are_known_in_order_with_their_linkage() -> None:
    tree = read(
        "LoadModule mpm_event_module x\nLoadModule php7_module libphp7.so\n<IfModule mod_php7.c>\nA\n</IfModule>\n"
    )
    names = list(tree.modules)
    assert names[0] == "core_module"
    assert names[-2:] == ["mpm_event_module", "php7_module"]
    assert tree.modules["core_module"].linkage is Linkage.STATIC
    assert tree.modules["php7_module"].linkage is Linkage.SHARED
    assert len(tree.occurrences) == 1


def test_a_chosen_mpm_is_taken_as_compiled_in() -> None:
    text = "<IfModule worker.c>\nA\n</IfModule>\nLoadModule mpm_event_module x\n<IfModule event.c>\nB\n</IfModule>\n"
    tree = read(text, mpm=Mpm.WORKER)
    assert [one.name for one in tree.occurrences] == ["a"]
    assert "mpm_event_module" not in tree.modules
    tree = read(text, target=TARGETS["source"], mpm=Mpm.WORKER)
    assert "mpm_event_module" not in tree.modules


def test_old_versions_do_not_know_all_conditions() -> None:
    text = "<IfFile none>\nA\n</IfFile>\n"
    assert [one.name for one in read(text).occurrences] == []
    old = a_target(version=(2, 4, 29))
    assert [one.name for one in read(text, target=old).occurrences] == ["<iffile", "a"]


def test_a_condition_of_a_module_that_is_absent_is_an_ordinary_section() -> None:
    tree = read("<Macro m>\nA\n</Macro>\nUse m\n", target=a_target())
    assert [one.name for one in tree.occurrences] == ["<macro", "a", "use"]


def test_a_module_is_missed_only_where_others_of_its_kind_lie() -> None:
    text = "LoadModule a_module /m/mod_a.so\nLoadModule b_module /n/mod_b.so\n"
    tree = read(text, {"/m/mod_c.so": ""}, here=True)
    (found,) = tree.diagnostics
    assert (found.fault, found.line) == (Fault.LOAD_MODULE, 1)
    assert found.text == (
        "Cannot load /m/mod_a.so into server: /m/mod_a.so: cannot open shared object file: No such"
        " file or directory"
    )
    assert read(text, {"/m/mod_a.so": ""}, here=True).diagnostics == ()
    assert read(text, {"/m/mod_c.so": ""}, here=False).diagnostics == ()


def test_the_directory_that_apache2ctl_makes_need_not_be_there() -> None:
    text = "Define APACHE_RUN_DIR /run/a\nDefaultRuntimeDir ${APACHE_RUN_DIR}\nServerRoot /none\n"
    tree = read(text, here=True)
    assert told(tree) == [(Fault.SERVER_ROOT, Level.ERROR, 3)]


def test_raw_bodies_are_passed_over_where_their_module_is_loaded() -> None:
    text = "<Perl>\n</Directory>\nif <x\n</Perl>\nA\n"
    tree = read(text, target=a_target("perl"))
    assert [one.name for one in tree.occurrences] == ["a"]
    assert tree.diagnostics == ()
    assert told(read("<Perl>\n", target=a_target("perl"))) == [
        (Fault.UNCLOSED_SECTION, Level.ERROR, 1)
    ]
    assert [one.name for one in read("<Perl>\n</Perl>\n").occurrences] == ["<perl"]


def test_the_environment_is_asked_after_the_defines_and_minds_case() -> None:
    tree = read("A ${HOME} ${home}\nDefine HOME /d\nB ${HOME}\n", environment={"HOME": "/h"})
    assert [one.args for one in tree.occurrences] == ["/h ${home}", "/d"]
    assert told(tree) == [(Fault.UNDEFINED_VARIABLE, Level.WARNING, 1)]


def test_the_defines_of_the_command_line_have_no_value() -> None:
    tree = read("<IfDefine SSL>\nA ${SSL}\n</IfDefine>\n", defines=("SSL",))
    assert [one.args for one in tree.occurrences] == ["${SSL}"]
    assert tree.defines == {"SSL": ""}


def test_reading_goes_on_after_each_error() -> None:
    tree = read(
        "Include none\n<IfModule x\nA\n</IfModule>\n</X>\n<B>\n<C>\n</B>\nDefine\nUse m\n<D>\nE\n"
    )
    assert [one.name for one in tree.occurrences] == ["<b", "<c", "<d", "e"]
    assert told(tree) == [
        (Fault.INCLUDE_UNREADABLE, Level.ERROR, 1),
        (Fault.MISSING_BRACKET, Level.ERROR, 2),
        (Fault.STRAY_CLOSE, Level.ERROR, 5),
        (Fault.MISMATCHED_CLOSE, Level.ERROR, 8),
        (Fault.ARGUMENT_COUNT, Level.ERROR, 9),
        (Fault.MACRO_UNDEFINED, Level.ERROR, 10),
        (Fault.UNCLOSED_SECTION, Level.ERROR, 11),
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<IfModule core.c>\n<A>\n</IfModule>\nB\n", ["<a", "b"]),
        ("<IfModule core.c>\n</IfModule> # c\nB\n", ["b"]),
        ("<IfModule x>\n<A>\n</IfModule>\nC\n", ["c"]),
        ("<IfModule x>\n</IfDefine>\nC\n</IfModule>\nD\n", ["d"]),
        ("<A>\n</B>\nC\n</A>\nD\n", ["<a", "c", "d"]),
        ("<A>\n</A\nD\n", ["<a", "d"]),
        ("<Macro m $a $a>\nA\n</Macro>\nB\n", ["b"]),
        ("<Macro m>\nA\n", []),
    ],
)
def test_after_an_error_the_rest_is_understood(text: str, kept: list[str]) -> None:
    tree = read(text)
    assert [one.name for one in tree.occurrences] == kept
    assert tree.diagnostics[0].level is Level.ERROR


def test_true_sections_that_stay_open_are_noted() -> None:
    tree = read("<IfModule core.c>\n<A>\nB\n")
    assert told(tree) == [
        (Fault.UNCLOSED_SECTION, Level.NOTE, 2),
        (Fault.UNCLOSED_TRUE_SECTION, Level.NOTE, 1),
    ]


def test_all_that_is_written_is_indexed_when_asked() -> None:
    text = "<IfModule x>\nMaxClients 5\n<A>\n</IfModule>\nB\n</A>\n</Z>\n<Macro m>\nC\n</Macro>\n"
    assert read(text).written == {}
    tree = read(text, keep_written=True)
    workers = tree.written["maxrequestworkers"][0]
    assert [section.name for section in workers.sections()] == ["<ifmodule"]
    assert tree.written["b"][0].enclosing is None
    assert [section.name for section in tree.written["c"][0].sections()] == ["<macro"]
    assert "maxrequestworkers" not in tree.by_name


def test_the_collector_is_left_as_it_was() -> None:
    read("A\n")
    assert gc.isenabled()
    gc.disable()
    try:
        read("A\n")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_missing_main_file_is_no_configuration() -> None:
    with pytest.raises(InputError, match=r"/srv/none cannot be read: No such file or directory\."):
        evaluate(MemoryFiles({}), Start("/srv/none", a_target()))


def test_a_name_of_nothing_but_a_bracket_is_kept() -> None:
    assert [one.name for one in read("> x\n").occurrences] == [""]


def test_a_path_that_is_no_ascii_is_found_and_told_as_utf_8() -> None:
    tree = evaluate(
        MemoryFiles({MAIN: "Include é.conf\n".encode(), "/srv/é.conf": b"A x\n"}),
        Start(MAIN, a_target(), here=False),
    )
    assert tree.occurrences[0].httpd_place == ("/srv/é.conf", 1)
