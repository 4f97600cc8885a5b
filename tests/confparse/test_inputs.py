"""From paths to readings: what is a whole configuration, and what is read alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.confparse.inputs import read_inputs
from mpmtune.confparse.rerooted import RerootedFiles
from mpmtune.confparse.wholes import Assumptions
from mpmtune.errors import InputError
from mpmtune.host.local import LocalFiles
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd.targets import TARGETS
from mpmtune.lint.rule import Scope
from mpmtune.model.config import Fault
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from pathlib import Path

    from mpmtune.lint.engine import Reading

MAIN = (
    b"ServerRoot /etc/httpd\nInclude conf.d/*.conf\nInclude /etc/httpd/more.conf\n"
    b"Include /elsewhere/x.conf\n"
)
TREE = {
    "/repo/conf/httpd.conf": MAIN,
    "/repo/conf.d/a.conf": b"Timeout 1\n",
    "/repo/conf.d/b.conf": b"Timeout 2\n",
    "/repo/more.conf": b"Timeout 3\n",
    "/repo/alone.conf": b"Timeout 4\n",
    "/repo/www/.htaccess": b"Options -Indexes\n",
    "/repo/README.md": b"text\n",
}


def read(*paths: str, files: dict[str, bytes] | None = None, **more: object) -> list[Reading]:
    assumptions = Assumptions("/repo", **more)  # type: ignore[arg-type]
    return list(read_inputs(MemoryFiles(files or TREE), paths, assumptions))


def names(reading: Reading) -> list[str]:
    return list(reading.names.values())


def timeouts(reading: Reading) -> list[str]:
    return [found.args for found in reading.trees[0].by_name["timeout"]]


def test_a_directory_is_read_from_its_main_file_on() -> None:
    (reading,) = read(".")
    assert reading.scope is Scope.WHOLE
    assert names(reading) == [
        "conf/httpd.conf",
        "conf.d/a.conf",
        "conf.d/b.conf",
        "more.conf",
    ]


def test_a_copied_tree_is_read_as_if_it_lay_in_its_place() -> None:
    (reading,) = read("conf/httpd.conf")
    tree = reading.trees[0]
    assert [source.path for source in tree.sources][1:3] == [
        "/etc/httpd/conf.d/a.conf",
        "/etc/httpd/conf.d/b.conf",
    ]
    assert timeouts(reading) == ["1", "2", "3"]
    assert [d.fault for d in tree.diagnostics] == [Fault.INCLUDE_OUTSIDE_ROOT]
    assert tree.server_root == "/etc/httpd"


def test_a_file_that_a_main_file_includes_is_read_in_its_place() -> None:
    (reading,) = read("conf.d/a.conf", "more.conf", files={**TREE, "/repo/httpd.conf": MAIN})
    assert reading.scope is Scope.WHOLE
    assert reading.only == {"conf.d/a.conf", "more.conf"}


def test_a_file_that_nobody_includes_is_read_alone() -> None:
    one, two = read("conf/httpd.conf", "alone.conf", "conf.d/b.conf")
    assert (one.scope, one.only) == (Scope.WHOLE, None)
    assert (two.scope, names(two)) == (Scope.FRAGMENT, ["alone.conf"])


def test_a_main_file_that_includes_none_of_what_was_asked_is_left_out() -> None:
    (reading,) = read("alone.conf", files={**TREE, "/repo/httpd.conf": MAIN})
    assert (reading.scope, names(reading)) == (Scope.FRAGMENT, ["alone.conf"])


def test_a_directory_without_a_main_file_is_a_heap_of_fragments() -> None:
    files = {
        "/repo/x/a.conf": b"Timeout 1\n",
        "/repo/x/y/b.load": b"LoadModule a_module a.so\n",
        "/repo/x/y/.htaccess": b"Options -Indexes\n",
        "/repo/x/.git/config.conf": b"no\n",
        "/repo/x/z.txt": b"no\n",
    }
    readings = read("x", files=files)
    assert [(names(r)[0], r.scope) for r in readings] == [
        ("x/a.conf", Scope.FRAGMENT),
        ("x/y/.htaccess", Scope.HTACCESS),
        ("x/y/b.load", Scope.FRAGMENT),
    ]


def test_a_pattern_is_expanded_and_each_file_is_read_once() -> None:
    readings = read("conf.d/*.conf", "./conf.d/a.conf", "/repo/alone.conf")
    assert [names(reading)[0] for reading in readings] == [
        "conf.d/a.conf",
        "conf.d/b.conf",
        "alone.conf",
    ]


def test_standard_input_is_a_fragment_or_a_main_file_by_what_it_holds() -> None:
    (reading,) = read("-", files={"-": b"Timeout 1\n"})
    assert (reading.scope, names(reading)) == (Scope.FRAGMENT, ["-"])
    (reading,) = read("-", files={"-": b"LoadModule mpm_event_module a.so\nTimeout 1\n"})
    assert (reading.scope, names(reading)) == (Scope.WHOLE, ["-"])


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("absent.conf", "absent.conf does not exist."),
        ("*.none", "*.none does not exist."),
        ("docs", "/repo/docs holds no httpd configuration."),
        ("a\x1b[2J", r"a\x1b[2J does not exist."),
    ],
)
def test_a_path_that_names_nothing_ends_with_a_sentence(path: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        read(path, files={**TREE, "/repo/docs/README": b""})
    assert caught.value.sentence == says


def test_outside_of_the_root_nothing_is_named() -> None:
    with pytest.raises(InputError, match="lies outside of --root /repo/conf"):
        read("alone.conf", root="/repo/conf")
    (reading,) = read("conf.d/a.conf", root="/repo")
    assert names(reading) == ["conf.d/a.conf"]


def test_a_snippet_called_httpd_conf_is_a_fragment() -> None:
    (reading,) = read(".", files={"/repo/httpd.conf": b"<VirtualHost *:80>\n</VirtualHost>\n"})
    assert reading.scope is Scope.FRAGMENT


def test_in_a_fragment_all_modules_count_as_loaded_but_no_mpm() -> None:
    text = b"<IfModule ssl_module>\nTimeout 1\n</IfModule>\n<IfModule absent.c>\nTimeout 2\n</IfModule>\n"
    (reading,) = read("a.conf", files={"/repo/a.conf": text})
    assert timeouts(reading) == ["1"]
    assert not {mpm.module for mpm in Mpm} & set(reading.trees[0].modules)


def test_a_module_that_a_fragment_loads_is_not_compiled_in() -> None:
    text = b"LoadModule ssl_module modules/mod_ssl.so\nLoadModule ssl_module modules/mod_ssl.so\n"
    (reading,) = read("ssl.load", files={"/repo/ssl.load": text})
    assert [d.fault for d in reading.trees[0].diagnostics] == [Fault.MODULE_LOADED_TWICE]


@pytest.mark.parametrize(
    ("text", "more", "mpms"),
    [
        (b"Timeout 1\n", {}, [None]),
        (b"ServerLimit 1\n", {}, [Mpm.PREFORK, Mpm.WORKER, Mpm.EVENT]),
        (b"<IfModule prefork.c>\n</IfModule>\n", {}, [Mpm.PREFORK, Mpm.WORKER, Mpm.EVENT]),
        (b"ServerLimit 1\n", {"mpm": Mpm.WORKER}, [Mpm.WORKER]),
        (b"LoadModule mpm_event_module a.so\n# \n", {}, [Mpm.EVENT]),
    ],
)
def test_a_fragment_about_mpms_is_read_once_for_each(
    text: bytes, more: dict[str, Mpm], mpms: list[Mpm | None]
) -> None:
    (reading,) = read("a.load", files={"/repo/a.load": text}, **more)
    loaded = [next((m for m in Mpm if m.module in t.modules), None) for t in reading.trees]
    assert loaded == mpms


def test_what_a_fragment_includes_is_not_read() -> None:
    (reading,) = read("a.conf", files={"/repo/a.conf": b"Include b.conf\n", "/repo/b.conf": b"T\n"})
    assert [d.fault for d in reading.trees[0].diagnostics] == [Fault.INCLUDE_OUTSIDE_ROOT]


def test_the_named_target_version_and_defines_are_taken() -> None:
    text = b"<IfVersion = 2.4.37>\n<IfDefine X>\nTimeout 1\n</IfDefine>\n</IfVersion>\n"
    (reading,) = read(
        "a.conf",
        files={"/repo/a.conf": text},
        target=TARGETS["rhel-9"],
        version=(2, 4, 37),
        defines=("X",),
    )
    assert timeouts(reading) == ["1"]
    assert reading.trees[0].target.name == "rhel-9"


def test_the_system_counts_where_a_main_file_lies_in_its_place() -> None:
    files = {
        "/etc/apache2/apache2.conf": b"IncludeOptional mods-enabled/*.load\n",
        "/repo/apache2.conf": b"IncludeOptional mods-enabled/*.load\n",
        "/repo/mods-enabled/a.load": b"",
    }
    ubuntu = TARGETS["ubuntu-24.04"]
    (reading,) = read("/etc/apache2/apache2.conf", files=files, system=lambda: ubuntu)
    assert reading.trees[0].target.name == "ubuntu-24.04"
    (reading,) = read("apache2.conf", files=files, system=lambda: ubuntu)
    assert reading.trees[0].target.name == "debian-12"


def test_envvars_of_the_place_are_known() -> None:
    files = {"/etc/apache2/apache2.conf": b"IncludeOptional mods-enabled/*\nTimeout ${T}\n"}
    asked: list[str] = []

    def environment(server_root: str) -> dict[str, str]:
        asked.append(server_root)
        return {"T": "7"}

    (reading,) = read("/etc/apache2", files=files, environment=environment)
    assert (timeouts(reading), asked) == (["7"], ["/etc/apache2"])


def test_a_link_into_the_enabled_directory_is_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "apache2.conf").write_text(
        "IncludeOptional mods-enabled/*.load\nIncludeOptional sites-enabled/*.conf\n"
    )
    for name in ("sites-available", "sites-enabled", "mods-enabled"):
        (tmp_path / name).mkdir()
    (tmp_path / "sites-available/a.conf").write_text("Timeout 1\n")
    (tmp_path / "sites-available/b.conf").write_text("Timeout 2\n")
    (tmp_path / "sites-enabled/a.conf").symlink_to("../sites-available/a.conf")
    assumptions = Assumptions(str(tmp_path))
    one, two = read_inputs(
        LocalFiles(), ["sites-available/a.conf", "sites-available/b.conf"], assumptions
    )
    assert one.only == {"sites-enabled/a.conf"}
    assert names(two) == ["sites-available/b.conf"]


def test_a_copy_without_the_files_that_load_its_modules_is_a_fragment() -> None:
    main = b"IncludeOptional mods-enabled/*.load\n<IfModule ssl_module>\nTimeout 1\n</IfModule>\n"
    (reading,) = read(".", files={"/repo/apache2.conf": main})
    assert (reading.scope, names(reading)) == (Scope.FRAGMENT, ["apache2.conf"])
    assert reading.trees[0].target.name == "debian-12"
    assert timeouts(reading) == ["1"]
    complete = {"/repo/apache2.conf": main, "/repo/mods-enabled/a.load": b""}
    assert read(".", files=complete)[0].scope is Scope.WHOLE


def test_an_empty_directory_of_other_files_leaves_a_copy_whole() -> None:
    main = b"ServerRoot /etc/httpd\nIncludeOptional conf.d/*.conf\n"
    assert read(".", files={"/repo/conf/httpd.conf": main})[0].scope is Scope.WHOLE


def test_a_tree_of_a_named_target_is_read_as_that() -> None:
    files = {"/repo/site.conf": b"ServerRoot relative\nTimeout 1\n"}
    (reading,) = read("site.conf", files=files, target=TARGETS["rhel-9"])
    assert reading.trees[0].target.name == "rhel-9"
    assert (reading.scope, names(reading)) == (Scope.WHOLE, ["site.conf"])


def test_a_server_root_that_is_there_is_left_where_it_is() -> None:
    files = {
        "/repo/main.conf": b"ServerRoot /srv/one\nInclude a.conf\n",
        "/srv/one/a.conf": b"Timeout 8\n",
    }
    (reading,) = read("main.conf", files=files)
    assert timeouts(reading) == ["8"]
    assert names(reading) == ["main.conf", "/srv/one/a.conf"]


def test_files_of_a_copy_are_found_under_the_names_of_their_own_machine() -> None:
    files = RerootedFiles(MemoryFiles(TREE), "/etc/httpd", "/repo")
    assert files.read("/etc/httpd/more.conf") == b"Timeout 3\n"
    assert list(files.stream("/etc/httpd/more.conf")) == [b"Timeout 3\n"]
    assert files.glob("/etc/httpd/conf.d/*") == (
        "/etc/httpd/conf.d/a.conf",
        "/etc/httpd/conf.d/b.conf",
    )
    assert files.place("/etc/httpd") == "/repo"
    assert files.place("/etc/httpd2/a") == "/etc/httpd2/a"
    assert files.glob("/etc/httpd") == ("/etc/httpd",)
