from __future__ import annotations

from dataclasses import dataclass, field

from mpmtune.host.answers import command_key
from mpmtune.host.doorway import Absent, Answer, Command, Entry, Process
from mpmtune.host.recording import RecordingHost
from tests.detect.a_host import AHost
from tests.detect.machine_tree import MemoryHost

SITE = "/etc/apache2/sites-enabled/shop.corp.net.conf"


@dataclass
class Counting(MemoryHost):
    """Counts what reaches the machine itself."""

    reads: list[str] = field(default_factory=list)

    def read(self, path: str) -> bytes | Absent:
        self.reads.append(path)
        return super().read(path)


def test_the_same_question_is_asked_once() -> None:
    machine = Counting(files={"/a": "x"})
    host = RecordingHost(machine)
    assert host.read("/a") == host.read("/a") == b"x"
    assert list(host.stream("/a")) == [b"x"]
    assert list(host.stream("/none")) == []
    assert machine.reads.count("/a") == 1


def test_who_asks_sees_the_scrubbed_answer() -> None:
    host = RecordingHost(MemoryHost(files={"/a.conf": "SetEnv A S3CRET\n"}))
    assert host.read("/a.conf") == b"SetEnv A ***\n"
    assert host.answers.files == {"/a.conf": b"SetEnv A ***\n"}


def test_a_question_made_of_a_scrubbed_answer_reaches_the_machine() -> None:
    machine = MemoryHost(
        files={
            "/etc/apache2/apache2.conf": f"ServerName shop.corp.net\nInclude {SITE}\n",
            SITE: "Timeout 7\n",
        }
    )
    host = RecordingHost(machine)
    main = host.read("/etc/apache2/apache2.conf")
    hidden = "/etc/apache2/sites-enabled/host1.example.conf"
    assert main == f"ServerName host1.example\nInclude {hidden}\n".encode()
    assert host.read(hidden) == b"Timeout 7\n"
    entry = host.entry(hidden)
    assert isinstance(entry, Entry)
    assert entry.path == hidden
    assert host.glob("/etc/apache2/sites-enabled/*.conf") == (hidden,)
    assert host.glob(hidden.replace("apache2/", "apache?/")) == (hidden,)


def test_what_one_recording_learnt_the_next_one_knows_from_the_start() -> None:
    machine = MemoryHost(files={"/a.conf": "ServerName shop.corp.net\n", SITE: ""})
    first = RecordingHost(machine)
    assert first.glob("/etc/apache2/sites-enabled/*") == (SITE,)
    first.read("/a.conf")
    second = RecordingHost(machine, first.pseudonyms)
    assert second.glob("/etc/apache2/sites-enabled/*") == (
        "/etc/apache2/sites-enabled/host1.example.conf",
    )


def test_the_machines_own_name_is_replaced() -> None:
    machine = MemoryHost(files={"/etc/hostname": "build-7\n", "/x": "ServerName build-7"})
    assert RecordingHost(machine).read("/x") == b"ServerName host1.example"


def test_an_absent_file_is_named_as_it_was_asked_for() -> None:
    machine = MemoryHost(files={"/a": "ServerName shop.corp.net\n"})
    host = RecordingHost(machine)
    host.read("/a")
    assert host.read("/host1.example") == Absent(
        "/host1.example", "no such file or directory", missing=True
    )


def test_values_of_variables_are_used_and_not_kept() -> None:
    machine = AHost(answers={"/usr/sbin/httpd -V": Answer(0, b"at 10.0.0.1", b"")})
    machine.files = {"/a": "ServerName shop.corp.net\n"}
    host = RecordingHost(machine)
    host.read("/a")
    command = Command(("/usr/sbin/httpd", "-V"), (("RUN_DIR", "/run/host1.example"),))
    assert host.run(command) == Answer(0, b"at 198.18.0.2", b"")
    assert machine.ran == [Command(command.argv, (("RUN_DIR", "/run/shop.corp.net"),))]
    assert list(host.answers.commands) == [command_key(command)]
    assert "/run" not in command_key(command)


def test_the_same_command_with_other_variables_is_another_question() -> None:
    machine = AHost(answers={"/x -V": Answer(0, b"", b"")})
    host = RecordingHost(machine)
    host.run(Command(("/x", "-V")))
    host.run(Command(("/x", "-V"), (("A", "1"),)))
    host.run(Command(("/x", "-V"), (("A", "1"),)))
    assert len(machine.ran) == 2


def test_an_answer_that_is_not_for_the_record_is_not_asked_for() -> None:
    machine = AHost(answers={"/x": Answer(0, b"S3CRET", b"")})
    host = RecordingHost(machine)
    assert isinstance(host.run(Command(("/x",), for_record=False)), Absent)
    assert machine.ran == []


def test_processes_and_requests_are_kept() -> None:
    httpd = Process(7, 1, "httpd", "/usr/sbin/httpd", ("httpd", "-C", "SetEnv A S3CRET"), 3)
    machine = AHost(
        processes_=(httpd,), pages={(80, "/server-status?auto"): Answer(200, b"from 10.0.0.1", b"")}
    )
    host = RecordingHost(machine)
    scrubbed = Process(7, 1, "httpd", "/usr/sbin/httpd", ("httpd", "-C", "SetEnv A ***"), 3)
    assert host.processes() == host.processes() == (scrubbed,)
    assert host.answers.processes == (scrubbed,)
    assert host.loopback_get(80, "/server-status?auto") == Answer(200, b"from 198.18.0.1", b"")
    assert isinstance(host.loopback_get(81, "/"), Absent)
    assert set(host.answers.requests) == {"80/server-status?auto", "81/"}
    assert host.user() == 0


def test_processes_that_cannot_be_listed_are_kept_as_such() -> None:
    absent = Absent("/proc", "not permitted")
    host = RecordingHost(AHost(processes_=absent))
    assert host.processes() == absent
    assert host.answers.processes == absent
