from __future__ import annotations

import os
import socket
from contextlib import closing

from mpmtune.host.listening import (
    Listener,
    answers,
    listeners,
    parse_listeners,
    refusal_to_bind,
    sockets_of,
)

TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 0100007F:1F90 0100007F:A2B0 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1
"""
TCP6 = """\
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 815 1 0 100 0 0 10 0
   1: B80D0120000000000000000001000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 816 1 0 100 0 0 10 0
"""


def test_only_sockets_that_listen_are_given() -> None:
    assert parse_listeners(TCP) == (Listener("127.0.0.1", 8080, 4711),)


def test_addresses_of_ipv6_are_read_in_words_of_the_machine() -> None:
    assert parse_listeners(TCP6) == (
        Listener("::", 80, 815),
        Listener("2001:db8::1", 443, 816),
    )


def test_an_own_socket_is_found_with_its_owner() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
        (found,) = (one for one in listeners() if one.port == port)
        assert found.address == "127.0.0.1"
        assert found.inode in sockets_of(os.getpid())
        assert refusal_to_bind("127.0.0.1", port) == "address already in use"
    assert refusal_to_bind("127.0.0.1", port) == ""
    assert refusal_to_bind("", port) == ""


def test_a_process_that_is_not_there_holds_nothing() -> None:
    assert sockets_of(2**22 + 1) == frozenset()


def test_an_address_of_another_machine_cannot_be_bound() -> None:
    assert refusal_to_bind("192.0.2.1", 80) == "cannot assign requested address"
    assert refusal_to_bind("no address", 80) != ""


def test_a_socket_that_nobody_serves_gives_no_answer() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    assert not answers(Listener("127.0.0.1", port, 1))
