from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.detect.envvars import Envvars, detect_envvars, parse_envvars
from tests.detect.a_host import AHost

DEBIAN = """# envvars - default environment variables for apache2ctl
unset HOME
if [ "${APACHE_CONFDIR##/etc/apache2-}" != "${APACHE_CONFDIR}" ] ; then
	SUFFIX="-${APACHE_CONFDIR##/etc/apache2-}"
else
	SUFFIX=
fi
export APACHE_RUN_USER=www-data
export APACHE_RUN_DIR=/var/run/apache2$SUFFIX
export APACHE_LOG_DIR=/var/log/apache2$SUFFIX
export LANG=C
#. /etc/default/locale
export LANG
"""


def test_debians_own_file_is_read_whole() -> None:
    assert parse_envvars(DEBIAN) == Envvars(
        (
            ("APACHE_RUN_USER", "www-data"),
            ("APACHE_RUN_DIR", "/var/run/apache2"),
            ("APACHE_LOG_DIR", "/var/log/apache2"),
            ("LANG", "C"),
        )
    )


def test_one_export_may_set_several() -> None:
    assert parse_envvars("export A=b C=/x  # why") == Envvars((("A", "b"), ("C", "/x")))


def test_several_with_a_variable_are_left_to_the_shell() -> None:
    line = "export A=b C=/x/$A"  # the shell takes the $A of before
    assert parse_envvars(line) == Envvars((), (line,))


def test_a_second_instance_has_its_suffix_in_the_paths() -> None:
    found = detect_envvars(AHost({"/etc/apache2-second/envvars": DEBIAN}), "/etc/apache2-second")
    assert dict(found.values)["APACHE_RUN_DIR"] == "/var/run/apache2-second"


def test_the_first_instance_has_no_suffix() -> None:
    found = detect_envvars(AHost({"/etc/apache2/envvars": DEBIAN}), "/etc/apache2")
    assert dict(found.values)["APACHE_RUN_DIR"] == "/var/run/apache2"


def test_no_file_sets_nothing() -> None:
    assert detect_envvars(AHost(), "/etc/httpd") == Envvars(())


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=b", "b"),
        ("export A=b", "b"),
        ("A='b $c'", "b $c"),
        ('A="b c"', "b c"),
        ("A=", ""),
        ("A=b # why", "b"),
        ('A="$UNSET/x"', "/x"),
        ("  export\tA=b  ", "b"),
    ],
)
def test_a_plain_assignment_is_read(line: str, value: str) -> None:
    assert parse_envvars(line) == Envvars((("A", value),))


@pytest.mark.parametrize(
    "line",
    [
        "export A=$(touch /tmp/marker)",
        "A=`id`",
        'A="`id`"',
        "A=${B:-c}",
        "A=b c",
        "A=b;rm -rf /",
        "A=b|c",
        "A=~/x",
        "A=*",
        ". /etc/default/locale",
        "[ -f x ] && . x",
        'A="b',
        "A=b'c'",
    ],
)
def test_what_needs_a_shell_is_left_out_and_named(line: str) -> None:
    assert parse_envvars(line) == Envvars((), (line,))


def test_a_value_that_rests_on_a_left_out_one_is_left_out_too() -> None:
    found = parse_envvars("A=$(id)\nB=/run/$A\nC=/srv\nA=plain\nD=$A\n")
    assert found.values == (("C", "/srv"), ("A", "plain"), ("D", "plain"))
    assert found.left_out == ("A=$(id)", "B=/run/$A")


def test_a_name_set_and_then_computed_is_not_given_its_old_value() -> None:
    assert parse_envvars("A=1\nA=$(id)").values == ()


def test_the_suffix_test_without_its_end_reads_to_the_end() -> None:
    assert parse_envvars("\n".join(DEBIAN.splitlines()[:4])) == Envvars(())


@settings(max_examples=200)
@given(st.text(st.sampled_from("AB=$\"'`(){}\n #xport;"), max_size=60))
def test_no_text_makes_it_fail_and_no_value_holds_what_a_shell_would_run(text: str) -> None:
    for _, value in parse_envvars(text).values:
        assert "`" not in value or f"'{value}'" in text
