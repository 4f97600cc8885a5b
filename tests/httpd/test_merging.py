"""The table of merging: every directive has its kind, and rare kinds come out as told."""

from __future__ import annotations

import pytest

from mpmtune.httpd.directives import by_name
from mpmtune.httpd.merge_keys import keys_of
from mpmtune.httpd.merging import Kind, known, merge_of
from mpmtune.httpd.merging_table import APART, NO_DIRECTORY_MERGE, NO_SERVER_MERGE, ROWS
from tests.httpd.trees import a_tree


def test_every_directive_of_httpds_modules_has_a_kind_and_a_source() -> None:
    expected = {
        name for name, (row, *_) in by_name().items() if row.modules and not row.section
    } | {"<requireall", "<requireany", "<requirenone"}
    assert known() == expected
    assert all(merge_of(name).kind is not Kind.UNKNOWN for name in known())
    assert all(
        ".c" in merge_of(name).source or "while" in merge_of(name).source for name in known()
    )


def test_a_name_stands_in_one_row_only() -> None:
    names = [
        name
        for kinds in ROWS.values()
        for lists in kinds.values()
        for name in lists.replace("+", " ").split()
    ]
    assert len(names) == len(set(names))
    assert set(APART.split()) <= set(names) | {"rewriteengine"}


def test_the_modules_without_a_merge_are_modules() -> None:
    modules = {row.modules[0] for rows in by_name().values() for row in rows if row.modules}
    silent = {"mod_authz_user", "mod_bucketeer"}
    assert {*NO_DIRECTORY_MERGE.split(), *NO_SERVER_MERGE.split()} <= modules | silent


@pytest.mark.parametrize(
    ("name", "family", "kind", "module"),
    [
        ("timeout", "timeout", Kind.LAST, "core/server"),
        ("maxclients", "maxrequestworkers", Kind.LAST, "prefork/server"),
        ("options", "options", Kind.SIGNS, "core/directory"),
        ("scriptaliasmatch", "alias", Kind.FIRST, "mod_alias/server"),
        ("redirectmatch", "redirect", Kind.FIRST, "mod_alias/directory"),
        ("proxypassmatch", "proxypass", Kind.OUTER_FIRST, "mod_proxy/directory"),
        ("browsermatch", "setenvif", Kind.EVERY, "mod_setenvif/directory"),
        ("removetype", "addtype", Kind.KEY, "mod_mime/directory"),
        ("directoryindex", "directoryindex", Kind.LIST, "mod_dir/directory"),
        ("<requireany", "require", Kind.ACCESS, "mod_authz_core/directory"),
        ("rewritecond", "rewriterule", Kind.RULES, "mod_rewrite/directory"),
        ("serveralias", "serveralias", Kind.OWN, "core/server"),
    ],
)
def test_a_directive_merges_so(name: str, family: str, kind: Kind, module: str) -> None:
    merge = merge_of(name)
    assert (merge.family, merge.kind, merge.module) == (family, kind, module)
    assert merge.of_server is module.endswith("/server")


def test_a_module_without_a_merge_replaces_as_a_whole() -> None:
    assert merge_of("deny").wholly
    assert merge_of("deflatecompressionlevel").wholly
    assert merge_of("proxyhcexpr").wholly
    assert merge_of("deny").source == "mod_access_compat.c: no merge function"
    assert not merge_of("require").wholly


def test_a_foreign_directive_is_not_judged() -> None:
    assert merge_of("passengerenabled").kind is Kind.UNKNOWN
    assert merge_of("<directory").kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("SetEnv Name value", ("name",)),
        ("PassEnv A B", ("a", "b")),
        ("UnsetEnv A", ("a",)),
        ("AddType text/x .A b", ("a", "b")),
        ("RemoveType .a B", ("a", "b")),
        ("ErrorDocument 404 /x", ("404",)),
        ("LogLevel warn ssl:info", ("", "ssl")),
        ("LogFormat %h", ("-",)),
        ('LogFormat "%h" short', ("short",)),
        ("SSLCipherSuite HIGH", ("-",)),
        ("SSLCipherSuite TLSv1.3 X", ("tlsv1.3",)),
        ("RequestReadTimeout header=5 body=6", ("header", "body")),
        ("HttpProtocolOptions Unsafe Require1.0 Other", ("strict", "version", "other")),
        ("UserDir disabled", ("disabled",)),
        ("UserDir public_html", ("directory",)),
        ("ErrorDocument", ()),
    ],
)
def test_what_tells_directives_of_a_name_apart(line: str, keys: tuple[str, ...]) -> None:
    (occurrence,) = a_tree(line).occurrences
    assert keys_of(occurrence) == keys
