from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.detect.second_opinion import Read, ask_second_opinion, differences, parse_dump
from mpmtune.host.doorway import Answer
from mpmtune.host.httpd_binary import Invocation
from tests.detect.a_host import AHost
from tests.httpd.trees import a_tree

TEXT = (
    "Timeout 300\n<Directory /srv>\nOptions None\n</Directory>\nLoadModule x_module /m/mod_x.so\n"
)
DUMP = """# In file: /srv/httpd.conf
#   1:
Timeout 300
#   2:
<Directory /srv>
  #   3:
  Options None
</Directory>
ServerLimit 16 (a module says)
"""
BINARY = "/usr/sbin/apache2"
COMMAND = f"{BINARY} -C LoadModule info_module /m/mod_info.so -t -D DUMP_CONFIG"


def test_a_dump_is_read() -> None:
    assert list(parse_dump(DUMP)) == [
        Read("/srv/httpd.conf", 1, "timeout", "300"),
        Read("/srv/httpd.conf", 2, "<directory", "/srv>"),
        Read("/srv/httpd.conf", 3, "options", "None"),
    ]


def test_the_same_reading_has_no_difference() -> None:
    assert differences(a_tree(TEXT), DUMP) == ()


@pytest.mark.parametrize(
    ("dump", "said"),
    [
        (DUMP.replace("300", "60"), "/srv/httpd.conf:1: timeout (line 1) there, timeout (line 1) here"),
        (DUMP.replace("#   3", "#   4"), "/srv/httpd.conf:4: options (line 4) there, options (line 3) here"),
        (DUMP + "#   9:\nKeepAlive On\n", "/srv/httpd.conf:9: keepalive (line 9) there, nothing more here"),
        ("", "/srv/httpd.conf:1: nothing more there, timeout (line 1) here"),
    ],
)  # fmt: skip
def test_the_first_difference_is_named_without_arguments(dump: str, said: str) -> None:
    assert differences(a_tree(TEXT), dump) == (said,)


@settings(max_examples=100)
@given(st.text(max_size=200))
def test_no_dump_makes_it_fail(text: str) -> None:
    assert len(differences(a_tree(TEXT), text)) <= 1


def _host(answer: Answer | None) -> AHost:
    files: dict[str, str | bytes] = {"/m/mod_info.so": "", "/m/mod_x.so": ""}
    return AHost(files, answers={} if answer is None else {COMMAND: answer})


def test_httpd_is_asked_with_mod_info_of_its_own_directory() -> None:
    host = _host(Answer(0, DUMP.replace("300", "9").encode(), b""))
    assert len(ask_second_opinion(host, Invocation(BINARY), a_tree(TEXT))) == 1
    assert not host.ran[0].for_record


def test_mod_info_that_is_loaded_is_not_loaded_again() -> None:
    tree = a_tree(TEXT, modules=("info",))
    host = AHost(answers={f"{BINARY} -t -D DUMP_CONFIG": Answer(0, b"", b"")})
    assert len(ask_second_opinion(host, Invocation(BINARY), tree)) == 1


@pytest.mark.parametrize(
    "text",
    [
        TEXT + "<IfModule mod_info.c>\nKeepAlive Off\n</IfModule>\n",
        TEXT + "<IfModule !info_module>\nKeepAlive Off\n</IfModule>\n",
        TEXT.replace("/m/", "/odd path/"),
        TEXT.replace("LoadModule x_module /m/mod_x.so\n", ""),
        "LoadModule\n",
    ],
)
def test_httpd_is_not_asked_where_mod_info_would_change_the_reading_or_is_not_found(
    text: str,
) -> None:
    host = _host(Answer(0, b"", b""))
    assert ask_second_opinion(host, Invocation(BINARY), a_tree(text)) == ()
    assert host.ran == []


def test_a_module_that_others_could_write_is_not_loaded() -> None:
    host = _host(Answer(0, b"", b""))
    host.owners["/m/mod_info.so"] = 1000
    assert ask_second_opinion(host, Invocation(BINARY), a_tree(TEXT)) == ()
    assert host.ran == []


@pytest.mark.parametrize(
    "answer", [None, Answer(1, b"", b"no"), Answer(-9, b"", b"", timed_out=True)]
)
def test_no_answer_is_no_difference(answer: Answer | None) -> None:
    assert ask_second_opinion(_host(answer), Invocation(BINARY), a_tree(TEXT)) == ()
