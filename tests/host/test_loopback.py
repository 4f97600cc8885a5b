from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from mpmtune.host.doorway import Absent, Answer
from mpmtune.host.local import LocalHost
from mpmtune.host.loopback import get

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def a_server(talk: Callable[[socket.socket], None]) -> Iterator[tuple[int, list[bytes]]]:
    """Serve one connection on a free port."""
    requests: list[bytes] = []

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            requests.append(connection.recv(65536))
            try:
                talk(connection)
            except OSError:
                return  # hung up on, as it should be

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], requests
        thread.join(6)


def say(text: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(text)


def test_an_answer_is_taken_apart() -> None:
    with a_server(say(b"HTTP/1.1 200 OK\r\nX: y\r\n\r\nUptime: 5\r\n\r\nx")) as (port, requests):
        assert LocalHost().loopback_get(port, "/server-status?auto") == Answer(
            200, b"Uptime: 5\r\n\r\nx", b""
        )
    assert requests[0].startswith(b"GET /server-status?auto HTTP/1.0\r\nHost: localhost\r\n")


def test_a_virtual_host_is_named_in_the_head_and_never_resolved() -> None:
    with a_server(say(b"HTTP/1.1 200 OK\r\n\r\nx")) as (port, requests):
        assert get(port, "/", "s.example.com") == Answer(200, b"x", b"")
        assert isinstance(get(port, "/", "s.example.com\r\nX: y"), Absent)
    assert requests == [
        b"GET / HTTP/1.0\r\nHost: s.example.com\r\nUser-Agent: mpmtune\r\n\r\n",
    ]


def test_a_redirect_is_not_followed() -> None:
    with a_server(say(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n")) as (
        port,
        _,
    ):
        assert get(port, "/") == Answer(302, b"", b"")


@pytest.mark.parametrize(
    "text", [b"", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 abc"]
)
def test_what_is_no_http_is_absent(text: bytes) -> None:
    with a_server(say(text)) as (port, _):
        answer = get(port, "/")
    assert isinstance(answer, Absent)
    assert answer.why == "what answers there does not speak HTTP"


def test_an_endless_body_is_cut_at_a_mebibyte() -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with a_server(endless) as (port, _):
        answer = get(port, "/")
    assert isinstance(answer, Answer)
    assert 1_000_000 < len(answer.stdout) <= 1 << 20


def test_one_that_drips_is_given_up_on() -> None:
    def drip(connection: socket.socket) -> None:
        for _ in range(50):
            connection.sendall(b"H")
            time.sleep(0.1)

    started = time.monotonic()
    with a_server(drip) as (port, _):
        answer = get(port, "/")
        assert time.monotonic() - started < 3
    assert isinstance(answer, Absent)


def test_nobody_listening_is_absent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert get(port, "/") == Absent(f"http://127.0.0.1:{port}/", "connection refused")


@pytest.mark.parametrize(
    ("port", "target"),
    [(0, "/"), (70000, "/"), (80, "x"), (80, "/a b"), (80, "/\r\nX: y"), (80, "")],
)
def test_what_is_no_address_is_not_asked(port: int, target: str) -> None:
    answer = get(port, target)
    assert isinstance(answer, Absent)
    assert answer.why == "it is no address to ask"
