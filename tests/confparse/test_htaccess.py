"""A .htaccess that is given with a configuration is read in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.confparse.inputs import read_inputs
from mpmtune.confparse.wholes import Assumptions
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.lint.engine import Checks, check
from mpmtune.lint.registry import listings
from mpmtune.lint.rule import Scope

if TYPE_CHECKING:
    from mpmtune.lint.engine import Reading

MAIN = """\
ServerRoot /etc/httpd
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule alias_module modules/mod_alias.so
Define ROOM /room
DocumentRoot /srv/site
Alias /more /etc/httpd/more
Alias /odd ${UNDEFINED}
<Directory /srv/site>
AllowOverride AuthConfig FileInfo
</Directory>
<Directory /srv/site/shut>
AllowOverride None
</Directory>
"""
FILES = {
    "/etc/httpd/conf/httpd.conf": MAIN,
    "/srv/site/.htaccess": "Options None\nErrorDocument 404 ${ROOM}\nRewriteEngine On\n",
    "/srv/site/shut/.htaccess": "Nonsense\nRequire all denied\n",
    "/srv/site/idle/.htaccess": "ErrorDocument 404 /x\n",
    "/srv/sites/.htaccess": "Options None\n",
    "/etc/httpd/more/.htaccess": "Options None\n",
}


def read(*paths: str, files: dict[str, str] | None = None) -> list[Reading]:
    content = {path: text.encode() for path, text in (files or FILES).items()}
    return list(read_inputs(MemoryFiles(content), paths, Assumptions("/")))


def found(*paths: str, files: dict[str, str] | None = None) -> list[tuple[str, str, int]]:
    report = check(read(*paths, files=files), Checks(listings()))
    return [
        (finding.code, finding.file, finding.line)
        for finding in report.findings
        if finding.file.endswith(".htaccess")
    ]


def test_overrides_modules_and_variables_are_those_of_the_configuration() -> None:
    whole, site = read("/etc/httpd/conf/httpd.conf", "/srv/site/.htaccess")
    assert (whole.scope, whole.overrides) == (Scope.WHOLE, None)
    assert site.scope is Scope.HTACCESS
    assert site.overrides is not None
    assert site.overrides.allowed_by is not None
    assert site.overrides.allowed_by.args == "AuthConfig FileInfo"
    (tree,) = site.trees
    assert "alias_module" in tree.modules
    assert "rewrite_module" not in tree.modules
    assert tree.by_name["errordocument"][0].args == "404 /room"


def test_what_is_forbidden_and_what_is_not_loaded_is_found() -> None:
    assert found("/etc/httpd/conf/httpd.conf", "/srv/site/.htaccess") == [
        ("SYN903", "/srv/site/.htaccess", 1),
        ("MOD113", "/srv/site/.htaccess", 3),
    ]


def test_a_directory_of_documents_is_read_with_the_configuration() -> None:
    assert found("/etc/httpd", "/srv/site") == [
        ("SYN903", "/srv/site/.htaccess", 1),
        ("MOD113", "/srv/site/.htaccess", 3),
        ("SYN918", "/srv/site/shut/.htaccess", 1),
    ]


def test_an_alias_leads_to_a_place_too() -> None:
    _, more = read("/etc/httpd/conf/httpd.conf", "/etc/httpd/more/.htaccess")
    assert more.overrides is not None
    assert more.overrides.allowed_by is None


def test_without_a_configuration_that_serves_its_directory_it_is_read_alone() -> None:
    (alone,) = read("/srv/site/.htaccess")
    assert (alone.scope, alone.overrides) == (Scope.HTACCESS, None)
    _, other = read("/etc/httpd/conf/httpd.conf", "/srv/sites/.htaccess")
    assert other.overrides is None
    assert found("/srv/site/.htaccess") == []


def test_a_file_of_another_name_than_httpd_looks_for_has_no_place() -> None:
    for names, placed in (("acl.conf", False), ("acl.conf .htaccess", True)):
        main = f"{MAIN}AccessFileName {names}\n"
        files = {**FILES, "/etc/httpd/conf/httpd.conf": main}
        _, site = read("/etc/httpd/conf/httpd.conf", "/srv/site/.htaccess", files=files)
        assert (site.overrides is not None) is placed


def test_a_fragment_gives_no_place() -> None:
    files = FILES | {"/etc/httpd/conf/httpd.conf": MAIN + "Include mods-enabled/*.load\n"}
    moved = {path.replace("/etc/httpd", "/repo/etc"): text for path, text in files.items()}
    first, second = read("/repo/etc/conf/httpd.conf", "/srv/site/.htaccess", files=moved)
    assert first.scope is Scope.FRAGMENT
    assert second.overrides is None


def test_a_copy_of_a_tree_knows_its_documents_by_their_place() -> None:
    files = {
        "/repo/conf/httpd.conf": MAIN.replace("/srv/site", "/etc/httpd/htdocs"),
        "/repo/htdocs/.htaccess": "Options None\n",
    }
    assert found("/repo/conf/httpd.conf", "/repo/htdocs/.htaccess", files=files) == [
        ("SYN903", "/repo/htdocs/.htaccess", 1)
    ]


def test_the_configuration_is_named_though_only_one_of_its_files_is_asked_about() -> None:
    files = {
        **FILES,
        "/etc/httpd/conf/httpd.conf": f"{MAIN}Include conf.d/a.conf\n",
        "/etc/httpd/conf.d/a.conf": "Timeout 60\n",
        "/etc/httpd/httpd.conf": f"{MAIN}Include conf.d/a.conf\n",
    }
    readings = read("/etc/httpd/conf.d/a.conf", "/srv/site/.htaccess", files=files)
    report = check(readings, Checks(listings()))
    (forbidden,) = [one for one in report.findings if one.code == "SYN903"]
    assert forbidden.related[0][0] == "/etc/httpd/httpd.conf"
    assert "/etc/httpd/httpd.conf" not in report.files
