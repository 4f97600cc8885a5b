"""What Include brings in, and where it stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.confparse import includes
from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.includes import Expansion, is_wild
from mpmtune.confparse.refusal import Refusal
from mpmtune.confparse.start import Limits, Start
from mpmtune.errors import InputError
from mpmtune.host.local import LocalFiles
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.model.config import Fault, Level
from tests.httpd.trees import a_target

if TYPE_CHECKING:
    from pathlib import Path

    from mpmtune.model.config import Tree


def read(contents: dict[str, str], **start: object) -> Tree:
    files = MemoryFiles({path: text.encode() for path, text in contents.items()})
    return evaluate(files, Start("/srv/a", a_target(), here=False, **start))  # type: ignore[arg-type]


def errors(tree: Tree) -> list[tuple[Fault, str, int]]:
    return [
        (found.fault, found.file, found.line)
        for found in tree.diagnostics
        if found.level is Level.ERROR
    ]


@pytest.mark.parametrize(
    ("path", "wild"),
    [
        ("/a/b", False),
        ("/a/*", True),
        ("/a?b", True),
        ("/[ab]", True),
        ("/[ab", False),
        ("/\\*", False),
        ("/\\[a]", False),
        ("/a\\", False),
    ],
)
def test_a_pattern_is_what_httpd_takes_for_one(path: str, wild: bool) -> None:
    assert is_wild(path) is wild


def test_128_includes_are_followed_and_one_more_is_not() -> None:
    chain = {f"/srv/{n}": f"Include {n + 1}\n" for n in range(130)}
    tree = read({"/srv/a": "Include 0\n", **chain, "/srv/127": "A\n"})
    assert errors(tree) == []
    assert [one.name for one in tree.occurrences] == ["a"]
    tree = read({"/srv/a": "Include 0\nB\n", **chain, "/srv/128": "A\n"})
    assert errors(tree) == [(Fault.INCLUDE_DEPTH, "/srv/127", 1)]
    assert [one.name for one in tree.occurrences] == ["b"]


def test_a_cycle_is_named_once_and_the_rest_is_read() -> None:
    tree = read(
        {
            "/srv/a": "A\nInclude b\nInclude b\nB\n",
            "/srv/b": "C\nInclude c\nInclude c\n",
            "/srv/c": "Include b\nInclude b\n",
        }
    )
    (found,) = tree.diagnostics
    assert found.fault is Fault.INCLUDE_CYCLE
    assert found.text == "Exceeded maximum include depth of 128, There appears to be a recursion."
    assert found.note == "The files include each other: /srv/b → /srv/c → /srv/b."
    assert [one.name for one in tree.occurrences][-1] == "b"


def test_a_file_may_include_itself_under_a_condition() -> None:
    tree = read({"/srv/a": "<IfDefine !X>\nDefine X\nInclude a\n</IfDefine>\nA\n"})
    assert errors(tree) == []
    assert [one.name for one in tree.occurrences] == ["a", "a"]


def test_a_file_is_read_once_however_often_it_is_included() -> None:
    tree = read({"/srv/a": "Include b\nInclude b\n", "/srv/b": "A\n"})
    assert len(tree.sources) == 2
    first, second = tree.occurrences
    assert first.source is second.source
    assert first.chain() != second.chain()


def test_nothing_outside_of_the_root_is_read() -> None:
    contents = {
        "/srv/a": "Include /etc/b\nInclude /srv/b\nIncludeOptional ../etc/*\n",
        "/etc/b": "A\n",
        "/srv/b": "B\n",
    }
    tree = read(contents, root="/srv")
    assert [one.name for one in tree.occurrences] == ["b"]
    assert [(found.fault, found.level) for found in tree.diagnostics] == [
        (Fault.INCLUDE_OUTSIDE_ROOT, Level.NOTE)
    ] * 2


def test_no_link_leads_out_of_the_root(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("A\n")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to("../outside")
    main = root / "main"
    main.write_text(f"Include {root}/link\nInclude {root}/l*\n")
    tree = evaluate(LocalFiles(str(root)), Start(str(main), a_target(), root=str(root), here=False))
    assert tree.occurrences == []
    assert errors(tree) == [
        (Fault.INCLUDE_UNREADABLE, str(main), 1),
        (Fault.INCLUDE_NO_MATCH, str(main), 2),
    ]


def test_directories_are_read_128_deep(tmp_path: Path) -> None:
    (tmp_path / ("d/" * 127)).mkdir(parents=True)
    (tmp_path / ("d/" * 127) / "x").write_text("A\n")
    files = LocalFiles()
    assert len(Expansion(files, optional=False).files(str(tmp_path))) == 1
    (tmp_path / ("d/" * 128)).mkdir()
    with pytest.raises(Refusal, match="exceeds the maximum include directory nesting level of 128"):
        Expansion(files, optional=False).files(str(tmp_path))


def test_a_file_that_a_link_leads_back_to_is_a_cycle(tmp_path: Path) -> None:
    (tmp_path / "self").symlink_to(".")
    main = tmp_path / "main"
    main.write_text(f"Include {tmp_path}/self/main\nInclude {tmp_path}/self/self/main\nA\n")
    tree = evaluate(LocalFiles(), Start(str(main), a_target(), here=False))
    (found,) = tree.diagnostics
    assert found.fault is Fault.INCLUDE_CYCLE
    assert found.note == f"The files include each other: {main} → {main}."
    assert [one.name for one in tree.occurrences] == ["a"]


def test_a_directory_that_contains_itself_ends_with_what_the_system_says(tmp_path: Path) -> None:
    (tmp_path / "loop").mkdir()
    (tmp_path / "loop" / "self").symlink_to(".")
    main = tmp_path / "main"
    main.write_text(f"Include {tmp_path}/loop\n")
    tree = evaluate(LocalFiles(), Start(str(main), a_target(), here=False))
    (found,) = tree.diagnostics
    assert found.text.endswith("self/self: Too many levels of symbolic links")


def test_links_to_directories_match_nothing_inside_a_pattern(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x").write_text("A\n")
    (tmp_path / "link").symlink_to("real")
    found = Expansion(LocalFiles(), optional=True).files(f"{tmp_path}/*/x*")
    assert found == (f"{tmp_path}/real/x",)
    assert Expansion(LocalFiles(), optional=False).files(f"{tmp_path}/link") == (
        f"{tmp_path}/link/x",
    )


def test_a_directory_whose_name_looks_like_a_pattern_is_listed_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "[a]").mkdir()
    (tmp_path / "[a]" / "x").write_text("A\n")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "y").write_text("A\n")
    found = Expansion(LocalFiles(), optional=False).files(f"{tmp_path}/[[]a]/*")
    assert found == (f"{tmp_path}/[a]/x",)


def test_a_dangling_link_that_matches_is_an_error_but_not_when_optional(tmp_path: Path) -> None:
    (tmp_path / "x.conf").symlink_to("nowhere")
    main = tmp_path / "main"
    main.write_text(f"IncludeOptional {tmp_path}/*.conf\nInclude {tmp_path}/*.conf\n")
    tree = evaluate(LocalFiles(), Start(str(main), a_target(), here=False))
    assert errors(tree) == [(Fault.INCLUDE_UNREADABLE, str(main), 2)]


def test_dev_null_is_an_empty_file_and_other_devices_are_none() -> None:
    files = LocalFiles()
    conf = MemoryFiles({"/srv/a": b"Include /dev/null\nInclude /dev/zero\n"}, files)
    tree = evaluate(conf, Start("/srv/a", a_target(), here=False))
    (found,) = tree.diagnostics
    assert found.text == "Could not open configuration file /dev/zero: Bad file descriptor"
    assert found.note == "it is a device."


def test_too_many_places_are_not_looked_through() -> None:
    contents = {f"/srv/d/{n // 200}/{n}": b"" for n in range(includes._MOST_PLACES + 1)}
    with pytest.raises(Refusal) as refused:
        Expansion(MemoryFiles(contents), optional=True).files("/srv/d")
    assert refused.value.fault is Fault.LIMIT


def test_a_pattern_that_the_host_gives_up_on_is_a_limit() -> None:
    contents = {f"/srv/{n}": b"" for n in range(10_001)}
    with pytest.raises(Refusal, match="reaches too many files"):
        Expansion(MemoryFiles(contents), optional=True).files("/srv/*")


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (Limits(files=3), "more than 3 files"),
        (Limits(total_bytes=38), "more than 38 bytes in all files"),
        (Limits(lines=6), "more than 6 lines"),
    ],
)
def test_a_limit_ends_the_reading_with_one_note(limits: Limits, text: str) -> None:
    contents = {"/srv/a": "A\nInclude b\nInclude b\nInclude b\nB\n", "/srv/b": "C\n"}
    tree = read(contents, limits=limits)
    (found,) = tree.diagnostics
    assert (found.fault, found.level) == (Fault.LIMIT, Level.NOTE)
    assert found.text == f"{text}: mpmtune stops reading here"
    assert "b" not in tree.by_name
    assert "a" in tree.by_name


def test_a_main_file_beyond_a_limit_is_an_input_that_cannot_be_read() -> None:
    with pytest.raises(InputError, match=r"^/srv/a cannot be read: more than 1 lines"):
        read({"/srv/a": "A\nB\n"}, limits=Limits(lines=1))
    with pytest.raises(InputError, match=r"^/srv/a cannot be read: more than 0 seconds"):
        read({"/srv/a": "A\nB\n"}, limits=Limits(seconds=0))
    with pytest.raises(InputError, match=r"^/srv/a cannot be read: larger than 0 MiB"):
        read({"/srv/a": "A\nB\n"}, limits=Limits(file_bytes=3))


def test_a_file_beyond_the_limit_is_left_out() -> None:
    tree = read({"/srv/a": "Include b\nA\n", "/srv/b": "B" * 20}, limits=Limits(file_bytes=19))
    (found,) = tree.diagnostics
    assert (found.fault, found.level) == (Fault.LIMIT, Level.NOTE)
    assert [one.name for one in tree.occurrences] == ["a"]


def test_a_file_that_the_host_does_not_give_for_its_size_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "big").write_text("A" * 100)
    (tmp_path / "main").write_text(f"Include {tmp_path}/big\nB\n")
    start = Start(
        f"{tmp_path}/main", a_target(), here=False, limits=Limits(file_bytes=90), root=str(tmp_path)
    )
    tree = evaluate(LocalFiles(limit=90), start)
    assert [found.fault for found in tree.diagnostics] == [Fault.LIMIT]
    assert [one.name for one in tree.occurrences] == ["b"]


def test_a_file_that_includes_itself_by_another_name_is_found_out() -> None:
    files = MemoryFiles({"/srv/a": b"A\nInclude a\n"})
    tree = evaluate(files, Start("/srv/a", a_target(), here=False))
    assert tree.diagnostics[0].note == "The files include each other: /srv/a → /srv/a."


def test_a_file_that_doubles_at_every_level_ends_at_the_limit() -> None:
    doubling = {f"/srv/{n}": f"Include {n + 1}\nInclude {n + 1}\n" for n in range(40)}
    tree = read({"/srv/a": "Include 0\n", **doubling, "/srv/40": "A\n"}, limits=Limits(files=500))
    assert [found.fault for found in tree.diagnostics] == [Fault.LIMIT]
