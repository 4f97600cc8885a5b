"""Clients that hold a worker: slow uploads, far handshakes, tunnels."""

from __future__ import annotations

import asyncio
import shutil
import ssl
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mpmtune.bench.certificate import make_certificate
from mpmtune.bench.load.slow_handshakes import SlowHandshakes
from mpmtune.bench.load.slow_uploads import SlowUploads
from mpmtune.bench.load.target import Target, Window
from mpmtune.bench.load.tunnels import SOCKET, Tunnels
from mpmtune.bench.programs import Need, Programs
from tests.bench.small_server import PLAIN, answering, driven, listening

if TYPE_CHECKING:
    from pathlib import Path

    from mpmtune.bench.load.outcome import Outcome


async def taking_uploads(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"Content-Length: 1000\r\n\r\n")
    await reader.readexactly(1000)
    writer.write(PLAIN)
    writer.close()


async def hanging_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


def test_an_upload_takes_the_time_of_its_client() -> None:
    seen = driven(SlowUploads("/", 20.0, 0.3, 1000), taking_uploads)
    assert (seen.wanted, seen.good, seen.failed) == (6, 6, 0)
    assert 0.3 <= seen.seconds_at(500) < 0.8


def test_an_upload_that_nobody_takes_is_lost() -> None:
    late = driven(SlowUploads("/", 20.0, 0.1, 1000, 0.1), answering(PLAIN, after=1.0))
    assert (late.wanted, late.good, late.failed) == (6, 0, 6)
    cut = driven(SlowUploads("/", 20.0, 0.1, 1000), hanging_up)
    assert (cut.wanted, cut.good, cut.failed) == (6, 0, 6)


@pytest.fixture
def contexts(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A client's and a server's side of TLS."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed here, so there is no certificate")
    client = make_certificate(tmp_path, Programs("", tmp_path, {Need.OPENSSL: openssl}))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "server.pem")
    return client, server


def far_visitors(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], answer: bytes, part: SlowHandshakes
) -> Outcome:
    async def drive() -> Outcome:
        server = await asyncio.start_server(answering(answer), "127.0.0.1", 0, ssl=contexts[1])
        port = server.sockets[0].getsockname()[1]
        async with listening(answering(PLAIN)) as plain:
            target = replace(plain, tls_port=port, tls=contexts[0])
            now = asyncio.get_running_loop().time()
            seen = await part.drive(target, Window(now, now, now + 0.3))
        server.close()
        return seen

    return asyncio.run(drive())


def test_a_handshake_takes_one_journey_more(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    seen = far_visitors(contexts, PLAIN, SlowHandshakes("/", 10.0, 0.4))
    assert (seen.wanted, seen.good, seen.failed) == (3, 3, 0)
    assert 0.4 <= seen.seconds_at(500) < 0.8


def test_an_error_page_is_no_good_answer_from_afar(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    seen = far_visitors(contexts, b"HTTP/1.1 503 No\r\n\r\n", SlowHandshakes("/", 10.0, 0.0))
    assert (seen.wanted, seen.good, seen.failed) == (3, 0, 0)


def test_a_server_that_does_not_shake_hands_loses_its_visitors(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    async def drive() -> Outcome:
        async with listening(answering(PLAIN, times=0)) as plain:
            target = replace(plain, tls_port=plain.port, tls=contexts[0])
            now = asyncio.get_running_loop().time()
            part = SlowHandshakes("/", 10.0, 0.0)
            return await part.drive(target, Window(now, now, now + 0.3))

    seen = asyncio.run(drive())
    assert (seen.wanted, seen.good, seen.failed) == (3, 0, 3)


def test_far_visitors_need_a_site_with_tls() -> None:
    seen = driven(SlowHandshakes("/", 10.0, 0.0), answering(PLAIN))
    assert (seen.wanted, seen.good) == (3, 0)


def tunnelled(directory: Path, part: Tunnels, *, upgrading: bool = True) -> Outcome:
    """Drive tunnels through a server that passes everything on, or that upgrades nothing."""

    async def passing_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inward, outward = await asyncio.open_unix_connection(directory / SOCKET)
        try:
            await asyncio.gather(_copy(reader, outward), _copy(inward, writer))
        finally:
            outward.transport.abort()
            writer.transport.abort()

    async def drive() -> Outcome:
        async with listening(passing_on if upgrading else answering(PLAIN)) as plain:
            target: Target = replace(plain, directory=directory)
            now = asyncio.get_running_loop().time()
            return await part.drive(target, Window(now, now + 0.25, now + 0.75))

    return asyncio.run(drive())


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(4096):
        writer.write(data)


def test_messages_come_back_through_tunnels(tmp_path: Path) -> None:
    seen = tunnelled(tmp_path, Tunnels("/", 4, every=0.125))
    # Each has four that are due in the half second that counts.
    assert (seen.wanted, seen.good, seen.failed) == (16, 16, 0)


def test_a_tunnel_that_is_not_opened_is_tried_again_and_again(tmp_path: Path) -> None:
    seen = tunnelled(tmp_path, Tunnels("/", 2, every=0.125), upgrading=False)
    assert (seen.wanted, seen.good) == (8, 0)
