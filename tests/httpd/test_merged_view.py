"""What is in force for a URL, a directory, a server: the order of sections, and each kind."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from mpmtune.httpd.access_compat import Admitted
from mpmtune.httpd.asked_url import Answer, AskedUrl, ask, read_url
from mpmtune.httpd.handlers import PathKind
from mpmtune.httpd.merged_view import MergedView
from mpmtune.httpd.merging import Kind
from tests.httpd.trees import a_tree

if TYPE_CHECKING:
    from mpmtune.httpd.in_force import Configuration

MODULES = (
    "authz_core",
    "headers",
    "mime",
    "env",
    "alias",
    "rewrite",
    "proxy",
    "setenvif",
    "access_compat",
    "deflate",
    "ssl",
    "log_config",
)
HOST = "\n<VirtualHost *:80>\nServerName x.test\n{}\n</VirtualHost>\n"


def at(text: str, path: str = "/a/f.txt") -> Configuration:
    """What holds for a URL of the one virtual host, or of the main server."""
    view = MergedView(a_tree(f"DocumentRoot /w\n{text}", modules=MODULES))
    return view.url(view.hosts.select("x.test", 80).host, path)


def args(found: Configuration, name: str) -> list[str]:
    return [line.args for line in found.find(name).lines]


def lost(found: Configuration, name: str) -> list[str]:
    return [line.args for line in found.find(name).overridden]


def section(name: str, argument: str, number: int) -> str:
    return f"<{name} {argument}>\nHeader set X {number}\n</{name.split(maxsplit=1)[0]}>\n"


def order(text: str, path: str = "/a/f.txt") -> list[str]:
    return [line.rpartition(" ")[2] for line in args(at(text, path), "header")]


def test_sections_come_in_httpds_order() -> None:
    inner = section("Location", "/a", 8) + section("Directory", "/w/a", 5) + "Header set X 2"
    text = (
        "Header set X 1\n"
        + section("Location", "/", 9)
        + section("LocationMatch", "f", 10)
        + section("Files", "f.txt", 11)
        + section("DirectoryMatch", "^/w/a/", 6)
        + section("Directory ~", "a/f", 7)
        + section("Directory", "/w/a", 4)
        + section("Directory", "/w", 3)
        + section("Directory", "/", 0)
    )
    assert order(text + HOST.format(inner)) == [
        "1",
        "2",
        "0",
        "3",
        "4",
        "5",
        "7",
        "6",
        "11",
        "9",
        "10",
        "8",
    ]


@pytest.mark.parametrize(
    ("name", "argument", "path", "holds"),
    [
        ("Directory", "/w/a", "/a/f.txt", True),
        ("Directory", "/w//a/../a/", "/a/f.txt", True),
        ("Directory", "/w/b", "/a/f.txt", False),
        ("Directory", "/w/*", "/a/f.txt", True),
        ("Directory", "/*", "/a/f.txt", True),
        ("Directory", "/w/a/*", "/a/f.txt", True),
        ("Directory", "/w/a/b", "/a/f.txt", False),
        ("Directory", "w/a", "/a/f.txt", False),
        ("DirectoryMatch", "/a$", "/a/f.txt", False),
        ("DirectoryMatch", "/a/$", "/a/", True),
        ("Files", "f.*", "/a/f.txt", True),
        ("Files", "f", "/a/f.txt", False),
        ("FilesMatch", r"\.txt$", "/a/f.txt", True),
        ("Files ~", "^$", "/a/", True),
        ("Location", "/a", "/a/f.txt", True),
        ("Location", "/a/", "/a", False),
        ("Location", "/a/f", "/a/f.txt", False),
        ("Location", "/a/*", "/a/f.txt", True),
        ("Location", "/*", "/a/f.txt", False),
        ("Location", '""', "/a/f.txt", True),
        ("Location ~", "(?i)^/A", "/a/f.txt", True),
    ],
)
def test_a_section_holds_for_a_url_or_not(name: str, argument: str, path: str, holds: bool) -> None:
    found = at(section(name, argument, 1), path)
    assert bool(found.sections) is holds
    assert found.perhaps == ()


def test_a_file_is_one_more_directory_where_links_are_followed() -> None:
    text = section("Directory", "/w/a/f.txt", 1)
    assert order(text) == ["1"]
    assert order(f"{text}<Directory /w>\nOptions None\n</Directory>") == []
    assert order(f"{text}<Directory /w>\nOptions +SymLinksIfOwnerMatch\n</Directory>") == []


@pytest.mark.parametrize(
    ("kinds", "path", "directories", "file"),
    [
        (
            {"/w/a": PathKind.DIRECTORY, "/w/a/f": PathKind.FILE},
            "/a/f/x",
            ("/", "/w/", "/w/a/"),
            "/w/a/f",
        ),
        ({"/w/a": PathKind.ABSENT}, "/a/f/x", ("/", "/w/"), "/w/a"),
        ({"/w/a": PathKind.DIRECTORY}, "/a", ("/", "/w/", "/w/a/"), "/w/a"),
        ({}, "/a", ("/", "/w/"), "/w/a"),
        ({}, "/a/", ("/", "/w/", "/w/a/"), "/w/a/"),
    ],
)
def test_what_stands_there_decides_how_far_the_way_goes(
    kinds: dict[str, PathKind], path: str, directories: tuple[str, ...], file: str
) -> None:
    view = MergedView(a_tree("DocumentRoot /w"), {"/w": PathKind.DIRECTORY, **kinds}.get)
    found = view.url(None, path)
    assert (found.directories, found.file) == (directories, file)


def test_a_missing_file_is_no_directory() -> None:
    tree = a_tree("DocumentRoot /w\n" + section("Directory", "/w/f", 1), modules=MODULES)
    kinds = {"/w": PathKind.DIRECTORY, "/w/f": PathKind.ABSENT}
    assert MergedView(tree, kinds.get).url(None, "/f").sections == ()


def test_a_proxied_url_meets_proxy_sections_and_no_directories() -> None:
    text = (
        "ProxyPass /a http://b.test/x\n"
        + section("Directory", "/", 0)
        + section("Proxy", "http://b.test/", 1)
        + section("Proxy", "proxy:http://*/x/*", 2)
        + section("ProxyMatch", r"\.txt$", 3)
        + section("Proxy", "http://c.test/", 4)
        + section("Location", "/a", 5)
    )
    assert order(text) == ["1", "2", "3", "5"]


def test_what_cannot_be_judged_is_named_and_not_merged() -> None:
    text = (
        section("If", '"true"', 1)
        + section("DirectoryMatch", r"(a)\1", 2)
        + section("Directory", "${NOWHERE}", 3)
        + "<If true>\nHeader set X 4\n<Files f>\nHeader set X 5\n</Files>\n</If>"
    )
    found = at(text)
    assert found.sections == ()
    assert [one.args for one in found.find("header").perhaps] == [
        f"set X {number}" for number in (3, 2, 1, 4, 5)
    ]


def test_where_no_file_is_known_only_the_root_is_met() -> None:
    text = section("Directory", "/", 1) + section("Directory", "/w", 2) + section("Files", "f", 3)
    found = at(f"VirtualDocumentRoot /x/%0\n{text}", "/f")
    assert args(found, "header") == ["set X 1"]
    assert [one.args for one in found.find("header").perhaps] == ["set X 2", "set X 3"]
    assert found.htaccess == ()


def test_the_last_value_wins_and_the_others_are_overridden() -> None:
    found = at("LogLevel warn\nForceType a/a" + HOST.format("ForceType b/b\nForceType c/c"))
    assert args(found, "forcetype") == ["c/c"]
    assert lost(found, "forcetype") == ["a/a", "b/b"]
    assert found.find("forcetype").last is not None
    assert found.find("setoutputfilter").last is None


def test_keys_are_merged_one_by_one() -> None:
    text = "AddType a/a .x .y\nSetEnv A 1\nSetEnv B 1\nLogLevel ssl:info"
    inner = "AddType b/b .x\nUnsetEnv A\nLogLevel warn"
    found = at(text + HOST.format(inner))
    assert args(found, "addtype") == ["b/b .x", "a/a .x .y"]
    assert args(found, "setenv") == ["B 1", "A"]
    assert args(found, "loglevel") == ["warn"]


def test_an_unsetenv_is_forgotten_where_its_pass_goes_on() -> None:
    text = (
        "SetEnv A 1\n<Directory /w>\nUnsetEnv A\n</Directory>\n"
        "<Directory /w/a>\nSetEnv B 1\n</Directory>"
    )
    assert args(at(text), "setenv") == ["A 1", "B 1"]
    assert args(at(text, "/f"), "setenv") == ["A"]


def test_lists_replace_and_add_up() -> None:
    text = "CustomLog a x\nSetEnvIf Host . A" + HOST.format(
        "CustomLog b x\nTransferLog c\nSetEnvIf Host . B"
    )
    assert args(at(text), "customlog") == ["b x", "c"]
    assert args(at(text), "setenvif") == ["Host . A", "Host . B"]


def test_a_module_that_merges_nothing_is_replaced_as_a_whole() -> None:
    text = (
        "<Directory /w>\nOrder allow,deny\nDeny from all\nAllow from 10\n</Directory>\n"
        "<Directory /w/a>\nSatisfy Any\n</Directory>"
    )
    assert args(at(text), "deny") == []
    assert lost(at(text), "deny") == ["from all"]
    assert args(at(text, "/f"), "deny") == ["from all"]
    deflate = "DeflateMemLevel 1" + HOST.format("DeflateWindowSize 1")
    assert args(at(deflate), "deflatememlevel") == []


def test_redirects_of_the_server_come_before_those_of_a_directory() -> None:
    text = "Redirect /q /1" + HOST.format(
        "Redirect /q /2\n<Directory /w>\nRedirect /q /3\n</Directory>"
    )
    assert args(at(text), "redirect") == ["/q /2", "/q /1", "/q /3"]


def test_a_proxypass_of_the_main_server_comes_before_that_of_a_virtual_host() -> None:
    text = "ProxyPass /q http://1" + HOST.format(
        "ProxyPass /q http://2\n<Location /a>\nProxyPass http://3\n</Location>"
    )
    assert args(at(text), "proxypass") == ["http://3", "/q http://1", "/q http://2"]


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        ("", []),
        ("RewriteEngine On", []),
        ("RewriteRule b b", ["b b"]),
        ("RewriteOptions Inherit\nRewriteRule b b", ["b b", "a a"]),
        ("RewriteOptions InheritBefore\nRewriteRule b b", ["a a", "b b"]),
        ("RewriteOptions Inherit IgnoreInherit\nRewriteRule b b", ["b b", "a a"]),
    ],
)
def test_rules_of_the_server_are_not_inherited_unless_asked(said: str, rules: list[str]) -> None:
    assert args(at("RewriteEngine On\nRewriteRule a a" + HOST.format(said)), "rewriterule") == rules


@pytest.mark.parametrize(
    ("said", "rules"),
    [("", ["a a"]), ("RewriteOptions IgnoreInherit", []), ("RewriteRule b b", ["b b", "a a"])],
)
def test_rules_are_handed_down_where_the_outer_section_says_so(said: str, rules: list[str]) -> None:
    text = "RewriteEngine On\nRewriteOptions InheritDown\nRewriteRule a a"
    host = HOST.format(f"RewriteEngine On\n{said}")
    assert args(at(text + host), "rewriterule") == rules


def test_rewrite_base_is_inherited_only_with_mergebase() -> None:
    text = "<Directory /w>\nRewriteBase /x\n</Directory>\n<Directory /w/a>\nRewriteEngine On\n{}</Directory>"
    assert args(at(text.format("")), "rewritebase") == []
    assert args(at(text.format("RewriteOptions MergeBase\n")), "rewritebase") == ["/x"]


def test_options_come_to_words() -> None:
    found = at(
        "<Directory /w>\nOptions Indexes\n</Directory>\n<Directory /w/a>\nOptions +ExecCGI\n</Directory>"
    )
    assert found.options == {"indexes", "execcgi"}
    assert at("").options == {"followsymlinks"}
    assert found.find("forcetype").words is None
    assert found.find("ssloptions").words == frozenset()
    strict = "SSLOptions +StrictRequire" + HOST.format(
        "<Location />\nSSLOptions -StrictRequire\n</Location>"
    )
    assert at(strict).find("ssloptions").words == frozenset()


def test_requirements_are_replaced_and_joined() -> None:
    text = (
        "<Directory />\nRequire all denied\n</Directory>\n"
        "<Directory /w>\nRequire all granted\n</Directory>\n"
        "<Location /a>\nAuthMerging And\nRequire ip 10\n</Location>"
    )
    found = at(text)
    assert found.authorization.admitted is Admitted.SOME
    assert args(found, "require") == ["all granted", "ip 10"]
    assert lost(found, "require") == ["all denied"]
    assert at("").authorization.admitted is Admitted.ALL
    group = "<RequireAny>\nRequire ip 10\nRequire all denied\n</RequireAny>"
    joined = at(f"<Location /a>\n{group}\n</Location>")
    assert [line.name for line in joined.find("require").lines] == [
        "<requireany",
        "require",
        "require",
    ]


SERVERS = (
    "SSLProtocol all\nSSLCipherSuite A\nSSLCipherSuite TLSv1.3 B\n"
    "<VirtualHost *:80>\nSSLEngine on\n</VirtualHost>\n"
    "<VirtualHost *:80>\nSSLProtocol -all\nSSLProtocol TLSv1.3\nSSLCipherSuite C\n"
    "<Limit GET>\nSSLEngine off\n</Limit>\n<Location />\nSSLCipherSuite D\n</Location>\n"
    "</VirtualHost>\n"
)


@pytest.mark.parametrize(
    ("name", "of_each"),
    [
        ("sslprotocol", [["all"], ["all"], ["TLSv1.3"]]),
        ("sslciphersuite", [["A", "TLSv1.3 B"], ["A", "TLSv1.3 B"], ["C", "TLSv1.3 B"]]),
        ("sslengine", [[], ["on"], ["off"]]),
        ("documentroot", [[], [], []]),
    ],
)
def test_a_server_is_asked_for_one_directive(name: str, of_each: list[list[str]]) -> None:
    view = MergedView(a_tree(SERVERS, modules=MODULES))
    servers = [view.server(host) for host in (None, *view.hosts.all)]
    assert [[line.args for line in one.of_server(name)] for one in servers] == of_each


def test_a_name_belongs_to_its_server_alone() -> None:
    found = at("ServerName main.test" + HOST.format(""))
    assert args(found, "servername") == ["x.test"]
    assert lost(found, "servername") == []
    assert args(at("ServerName main.test"), "servername") == ["main.test"]


def test_a_foreign_directive_is_shown_without_a_winner() -> None:
    found = at("PassengerUser a" + HOST.format("PassengerUser b")).find("passengeruser")
    assert [line.args for line in found.lines] == ["a", "b"]
    assert found.merge.kind is Kind.UNKNOWN


def test_all_that_is_in_force_leaves_out_what_no_virtual_host_has() -> None:
    merging = "<Location />\nAuthMerging Off\n</Location>"
    found = at(f"User a\nTimeout 5\n<Directory /w>\nOptions None\n</Directory>\n{merging}")
    assert [one.merge.family for one in found.every()] == ["documentroot", "options", "timeout"]


def test_a_server_holds_no_section() -> None:
    view = MergedView(
        a_tree("SSLProtocol all\n<Directory />\nOptions None\n</Directory>", modules=MODULES)
    )
    found = view.server(None)
    assert [line.args for line in found.find("sslprotocol").lines] == ["all"]
    assert (found.sections, found.options) == ((), {"followsymlinks"})


def test_a_directory_holds_whatever_url_leads_there() -> None:
    view = MergedView(
        a_tree(
            "<Directory /w>\nOptions None\n</Directory>" + section("Location", "/", 1),
            modules=MODULES,
        )
    )
    found = view.directory(None, "/w/a")
    assert found.directories == ("/", "/w/", "/w/a/")
    assert found.options == frozenset()
    assert view.directory(None, "/").directories == ("/",)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", [("/", None), ("/w/", None), ("/w/a/", None)]),
        ("<Directory />\nAllowOverride None\n</Directory>", []),
        (
            "<Directory />\nAllowOverride None\n</Directory>\n<Directory /w>\nAllowOverride All\n</Directory>",
            [("/w/", "All"), ("/w/a/", "All")],
        ),
        (
            "<Directory />\nAllowOverride None\nAllowOverrideList Redirect\n</Directory>",
            [("/", "None"), ("/w/", "None"), ("/w/a/", "None")],
        ),
    ],
)
def test_htaccess_is_read_where_it_is_not_forbidden(
    text: str, read: list[tuple[str, str | None]]
) -> None:
    found = at(text).htaccess
    assert [(directory, allowed and allowed.args) for directory, allowed in found] == read


def test_limits_belong_to_the_section_around() -> None:
    found = at("<Directory /w>\n<Limit GET>\nHeader set X 1\n</Limit>\n</Directory>")
    assert args(found, "header") == ["set X 1"]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://A.test", "https://a.test/"),
        ("http://a.test:80/x?y", "http://a.test/x?y"),
        ("HTTP://a.test:8080?q", "http://a.test:8080/?q"),
        ("https://[0::1]:8443/", "https://[::1]:8443/"),
        ("http://b\xfccher.test/", "http://xn--bcher-kva.test/"),
    ],
)
def test_a_url_is_taken_apart(text: str, url: str) -> None:
    assert str(read_url(text)) == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.test",
        "ftp://a.test/",
        "http://",
        "http://u@a.test/",
        "http://a b/",
        "http://[x]/",
        "http://a:0/",
        "http://a:70000/",
        "http://[::1/",
        "http://[1.2]/",
        "http://ü..x/",
    ],
)
def test_what_is_no_url_is_none(text: str) -> None:
    assert read_url(text) is None


def test_an_answer_tells_whether_anybody_listens() -> None:
    def listens(text: str) -> bool | None:
        answer = ask(MergedView(a_tree(text)), AskedUrl("http", "a.test", 80, "/"))
        assert isinstance(answer, Answer)
        return answer.listens

    assert listens("Listen 80") is True
    assert listens("Listen 81") is False
    assert listens("") is None


def test_nothing_is_merged_that_nobody_asks_for() -> None:
    def seconds(number: int) -> float:
        host = "<VirtualHost *:80>\nServerName h{0}.test\n<Directory /w/{0}>\nOptions None\n</Directory>\n</VirtualHost>"
        tree = a_tree("\n".join(host.format(at) for at in range(number)), modules=MODULES)
        before = time.process_time()
        view = MergedView(tree)
        for host_ in view.hosts.all:
            assert view.server(host_).find("options").words == {"followsymlinks"}
        return time.process_time() - before

    seconds(100)
    assert seconds(10_000) < 40 * max(seconds(1_000), 0.01)


def test_thousands_of_directories_are_asked_for_in_linear_time() -> None:
    def seconds(number: int) -> float:
        text = "\n".join(
            f"<Directory /w/{at}>\nOptions None\n</Directory>\n<Location /{at}>\n</Location>"
            for at in range(number)
        )
        tree = a_tree(f"DocumentRoot /w\n{text}", modules=MODULES)
        before = time.process_time()
        view = MergedView(tree)
        for at in range(number):
            assert view.directory(None, f"/w/{at}").options == frozenset()
            assert len(view.url(None, f"/{at}/").sections) == 2
        return time.process_time() - before

    seconds(100)
    assert seconds(2_000) < 40 * max(seconds(200), 0.01)
