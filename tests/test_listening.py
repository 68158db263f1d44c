"""Who is let in to speak HTTP: how many, from where, how slowly, and what is logged of those who cannot."""

import asyncio
import errno
import logging
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import web

from bot.ingress import LoopbackOnly
from bot.listening import Bounds, bound, client_behind, listening, port_of
from bot.metrics import Metrics
from bot.settings import LOOPBACK, Settings
from bot.teams import Adapter
from bot.web import add_endpoint

ELSEWHERE, PROXY = "127.0.0.2", "127.0.0.9"
GET = b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"
PATIENCE = 10
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs several loopback addresses")


@dataclass
class Peer:
    """One end of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, request: bytes = GET) -> str:
        """The first line of the answer; nothing where the connection was closed instead."""
        try:
            self.writer.write(request)
            return await self.line()
        except ConnectionError:
            return ""

    async def line(self) -> str:
        return (await asyncio.wait_for(self.reader.readline(), PATIENCE)).decode().strip()

    async def is_closed(self) -> bool:
        """Waits until it is, at most a while."""
        try:
            await asyncio.wait_for(self.reader.read(), PATIENCE)
        except ConnectionError:
            pass
        except TimeoutError:
            return False
        return True


@dataclass
class Server:
    port: int
    peers: AsyncExitStack
    lost: asyncio.Event = field(default_factory=asyncio.Event)
    entered: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def connect(self, address: str = LOOPBACK) -> Peer:
        reader, writer = await asyncio.open_connection(LOOPBACK, self.port, local_addr=(address, 0))
        self.peers.callback(writer.close)
        return Peer(reader, writer)

    async def connect_many(self, number: int, address: str = LOOPBACK) -> list[Peer]:
        return [await self.connect(address) for _ in range(number)]

    async def hello(self, address: str = LOOPBACK) -> bool:
        return "200" in await (await self.connect(address)).ask()


@asynccontextmanager
async def served(bounds: Bounds, place: socket.socket | None = None) -> AsyncIterator[Server]:
    place = place or bound(LOOPBACK)
    async with AsyncExitStack() as peers:
        server = Server(port_of(place), peers)

        async def hello(_: web.Request) -> web.Response:
            return web.Response(text="hello")

        async def slow(_: web.Request) -> web.Response:
            server.entered.release()
            await server.let_go.wait()
            return web.Response(text="at last")

        async def endless(request: web.Request) -> web.StreamResponse:
            answer = web.StreamResponse()
            await answer.prepare(request)
            try:
                while True:
                    await answer.write(bytes(2**16))
            except ConnectionError:
                server.lost.set()
            return answer

        app = web.Application()
        app.router.add_get("/endless", endless)
        app.router.add_get("/hello", hello)
        app.router.add_get("/slow", slow)
        nobody: Any = None
        add_endpoint(app, Adapter(LoopbackOnly(), unlogged), nobody, Metrics(), body_seconds=0.05)
        async with listening(app, place, bounds):
            yield server
            server.let_go.set()


async def unlogged(*_: object) -> None:
    """Nobody is turned away here."""


async def answered(peers: Sequence[Peer]) -> int:
    return sum(["200" in await one.ask() for one in peers])


async def test_no_more_than_twenty_are_let_in_from_one_address() -> None:
    async with served(Bounds()) as server:
        peers = await server.connect_many(25)
        assert await answered(peers) == 20
        assert await server.hello(ELSEWHERE)


async def test_when_one_of_them_goes_another_has_room() -> None:
    async with served(Bounds(by_address=2)) as server:
        first, second = await server.connect_many(2)
        assert await answered([first, second]) == 2
        assert not await server.hello()
        first.writer.write(b"GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert await first.is_closed()
        assert await server.hello()


async def test_no_more_than_there_is_room_for_are_let_in_from_all_addresses() -> None:
    async with served(Bounds(connections=6, by_address=4)) as server:
        inside = [peer for address in (LOOPBACK, ELSEWHERE) for peer in await server.connect_many(3, address)]
        assert await answered(inside) == 6
        assert not await server.hello("127.0.0.3")


def test_the_limits_are_those_that_were_decided() -> None:
    assert (Bounds().connections, Bounds().by_address) == (500, 20)


async def test_a_proxy_may_have_as_many_connections_as_there_is_room_for() -> None:
    async with served(Bounds(connections=40, proxies=(ip_network("127.0.0.9/32"),))) as server:
        assert await answered(await server.connect_many(35, PROXY)) == 35
        assert await answered(await server.connect_many(5, PROXY)) == 5
        assert not await server.hello(PROXY)


async def test_who_comes_beside_the_proxy_cannot_keep_it_out() -> None:
    async with served(Bounds(connections=10, by_address=9, proxies=(ip_network("127.0.0.9/32"),))) as server:
        silent = await server.connect_many(9)
        assert not await server.hello(ELSEWHERE)
        assert await server.hello(PROXY)
        assert await answered(silent) == 9


def forwarded(*addresses: str) -> bytes:
    named = "".join(f"X-Forwarded-For: {one}\r\n" for one in addresses)
    return f"GET /slow HTTP/1.1\r\nHost: x\r\n{named}\r\n".encode()


async def test_requests_through_a_proxy_are_counted_by_whom_they_come_from() -> None:
    async with served(Bounds(proxies=(ip_network("127.0.0.8/31"),))) as server:
        waiting = await server.connect_many(20, PROXY)
        for number, peer in enumerate(waiting):
            # What stands to the left is what the caller wrote, and the second proxy is passed over.
            peer.writer.write(forwarded(f"192.0.2.{number}", "203.0.113.5, 127.0.0.8"))
            await asyncio.wait_for(server.entered.acquire(), PATIENCE)
        one_too_many = await server.connect(PROXY)
        assert "503" in await one_too_many.ask(forwarded("192.0.2.99, 203.0.113.5"))
        other = await server.connect(PROXY)
        other.writer.write(forwarded("203.0.113.6"))
        server.let_go.set()
        assert "200" in await other.line()
        assert {await peer.line() for peer in waiting} == {"HTTP/1.1 200 OK"}
        assert "200" in await (await server.connect(PROXY)).ask(forwarded("203.0.113.5"))


async def test_what_somebody_else_says_of_where_he_comes_from_is_not_believed() -> None:
    async with served(Bounds(by_address=1)) as server:
        first = await server.connect()
        assert "200" in await first.ask(GET.replace(b"\r\n\r\n", b"\r\nX-Forwarded-For: 203.0.113.5\r\n\r\n"))
        assert not await server.hello()


@pytest.mark.parametrize(
    ("named", "behind"),
    [
        ([], None),
        ([""], None),
        (["203.0.113.5"], "203.0.113.5"),
        (["198.51.100.1, 203.0.113.5"], "203.0.113.5"),
        (["198.51.100.1", "203.0.113.5"], "203.0.113.5"),
        (["203.0.113.5, 10.0.0.7"], "203.0.113.5"),
        (["203.0.113.5:51234"], "203.0.113.5"),
        (["10.0.0.7:51234"], None),
        (["[2001:db8:1:2:3::4]:51234"], "2001:db8:1:2::/64"),
        (["2001:db8:1:2:ffff::1"], "2001:db8:1:2::/64"),
        (["::ffff:203.0.113.5"], "203.0.113.5"),
        (["::ffff:10.0.0.7"], None),
        (["203.0.113.5, unknown"], "unknown"),
    ],
)
def test_the_address_behind_a_proxy(named: list[str], behind: str | None) -> None:
    assert client_behind(named, (ip_network("10.0.0.0/8"),)) == behind


@pytest.mark.parametrize("said", [b"", b"GET /hello HTTP/1.1\r\nHost: x\r\nX-Slow: "])
async def test_who_never_ends_the_headers_is_closed(said: bytes) -> None:
    async with served(Bounds(headers_seconds=0.05)) as server:
        peer = await server.connect()
        peer.writer.write(said)
        assert await peer.is_closed()


async def test_who_has_made_a_request_is_not_closed_for_that() -> None:
    async with served(Bounds(headers_seconds=0.05)) as server:
        peer, slow = await server.connect(), await server.connect()
        assert "200" in await peer.ask()
        slow.writer.write(b"GET /hello")
        assert await slow.is_closed()
        assert not peer.reader.at_eof()


async def test_an_idle_connection_is_closed() -> None:
    async with served(Bounds(idle_seconds=0.05)) as server:
        peer = await server.connect()
        assert "200" in await peer.ask()
        assert await peer.is_closed()


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async with served(Bounds()) as server:
        peer = await server.connect()
        head = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n"
        assert "408" in await peer.ask(head + b"\r\n{")
        assert await peer.is_closed()


async def test_an_answer_that_nobody_reads_is_given_up() -> None:
    async with served(Bounds(answer_seconds=0.2)) as server:
        peer = await server.connect()
        peer.writer.write(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.wait_for(server.lost.wait(), PATIENCE)


class Exhausted(socket.socket):
    """Has no file left for a connection, until it has."""

    failures = 0

    def accept(self) -> tuple[socket.socket, Any]:
        if self.failures:
            self.failures -= 1
            raise OSError(errno.EMFILE, "Too many open files")
        return super().accept()


async def test_an_error_that_stays_is_logged_once_and_the_bot_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    place = Exhausted(fileno=bound(LOOPBACK).detach())
    place.failures = 20
    async with served(Bounds(accept_again_seconds=0.001), place) as server:
        assert await server.hello()
    assert place.failures == 0
    assert [one.getMessage() for one in caplog.records] == ["no connection can be accepted: EMFILE"]


RUNS_OUT = """
import asyncio, logging, resource
from aiohttp import web
from bot.listening import Bounds, bound, listening, port_of

async def hello(_):
    return web.Response(text="hello")

async def serve():
    app, place = web.Application(), bound("127.0.0.1")
    app.router.add_get("/hello", hello)
    async with listening(app, place, Bounds(by_address=500, accept_again_seconds=0.05)):
        print(port_of(place), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, input)

logging.basicConfig(level=logging.INFO)
resource.setrlimit(resource.RLIMIT_NOFILE, (48, 48))
asyncio.run(serve())
"""


async def test_a_process_that_has_no_files_left_waits_for_some() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        RUNS_OUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin and process.stdout and process.stderr
    async with AsyncExitStack() as peers:
        server = Server(int(await process.stdout.readline()), peers)
        await server.connect_many(60)
        first = await asyncio.wait_for(process.stderr.readline(), PATIENCE)
    async with AsyncExitStack() as peers:
        assert await Server(server.port, peers).hello()
    process.stdin.write(b"\n")
    _, rest = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert first.decode().strip() == "WARNING:bot.listening:no connection can be accepted: EMFILE"
    assert rest.decode() == ""


SECRET = b"AKT-23-0103"


@pytest.mark.parametrize(
    "request_",
    [
        SECRET + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + SECRET,
        b"GET /hello?" + SECRET + b" HTTP/9.x\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nHost: x\r\n" + SECRET + b"\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: " + SECRET + b"\r\n\r\n",
        b"GET /" + SECRET * 2000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nHost: x\r\nX-Long: " + SECRET * 2000 + b"\r\n\r\n",
    ],
)
async def test_a_malformed_request_is_one_short_line(
    request_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with served(Bounds()) as server:
        assert "400" in await (await server.connect()).ask(request_)
    [line] = caplog.records
    assert (line.levelno, line.exc_info) == (logging.WARNING, None)
    assert line.getMessage().startswith("malformed request: ")
    assert SECRET.decode() not in line.getMessage()


async def test_so_is_a_body_that_breaks_after_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    broken = b"GET /hello HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + SECRET + b"\r\n\r\n"
    async with served(Bounds()) as server:
        peer = await server.connect()
        await peer.ask(broken)
        assert await peer.is_closed()
    assert not [one for one in caplog.records if one.exc_info or SECRET.decode() in one.getMessage()]
    assert len(caplog.records) <= 1


def test_the_proxies_are_read_from_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPPFOLJAREN_PROXIES", "10.0.0.5, 10.1.0.0/24,2001:db8::/32")
    named = ("10.0.0.5/32", "10.1.0.0/24", "2001:db8::/32")
    assert Settings(local=True).bounds == Bounds(proxies=tuple(ip_network(one) for one in named))
