from __future__ import annotations

from mpmtune.host.httpd_binary import Invocation, environment_of, find_program, unit_limits
from tests.detect.machine_tree import MemoryHost


def test_an_invocation_says_which_server_is_meant() -> None:
    invocation = Invocation(
        "/usr/sbin/apache2", "/etc/apache2", "/etc/a.conf", ("A", "B"), (("X", "y"),)
    )
    start = ("/usr/sbin/apache2", "-d", "/etc/apache2", "-f", "/etc/a.conf", "-D", "A", "-D", "B")
    assert invocation.version().argv == (*start, "-V")
    assert invocation.modules().argv == (*start, "-M")
    assert invocation.syntax().argv == (*start, "-t")
    assert invocation.version().environment == (("X", "y"),)


def test_what_needs_no_configuration_is_given_none() -> None:
    invocation = Invocation("/usr/sbin/httpd", "/etc/httpd", "/evil.conf", ("A",), (("X", "y"),))
    assert invocation.identity().argv == ("/usr/sbin/httpd", "-d", "/", "-f", "/dev/null", "-V")
    assert invocation.static_modules().argv == ("/usr/sbin/httpd", "-l")
    assert invocation.static_modules().environment == ()


def test_every_command_has_a_time_limit() -> None:
    invocation = Invocation("/usr/sbin/httpd")
    commands = (
        invocation.version(),
        invocation.modules(),
        invocation.syntax(),
        invocation.identity(),
        invocation.static_modules(),
        unit_limits("/usr/bin/systemctl", "httpd.service"),
    )
    assert all(0 < command.timeout_seconds <= 10 for command in commands)


def test_variables_that_choose_other_code_are_left_out() -> None:
    exported = {
        "APACHE_RUN_DIR": "/run",
        "LANG": "C",
        "LD_PRELOAD": "/evil.so",
        "PATH": "/evil",
        "PYTHONPATH": "/evil",
        "BASH_ENV": "/evil",
        "IFS": "x",
    }
    assert environment_of(exported) == (("APACHE_RUN_DIR", "/run"), ("LANG", "C"))


def test_a_unit_is_asked_for_properties_alone() -> None:
    words = unit_limits("/bin/systemctl", "apache2.service").argv
    assert words[:3] == ("/bin/systemctl", "show", "apache2.service")
    assert "Environment" not in words[3]


def test_programs_are_found_in_fixed_places_only() -> None:
    assert find_program(MemoryHost(files={"/bin/x": "", "/usr/bin/x": ""}), "x") == "/usr/bin/x"
    assert find_program(MemoryHost(files={"/home/me/bin/x": ""}), "x") is None
