"""Where the bot listens: a port bound once, and an app served on it to no more than there is room for."""

import asyncio
import errno
import logging
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.logs import ServerLog

log = logging.getLogger(__name__)
Network = IPv4Network | IPv6Network
# What is on its way out when the bot is told to stop gets this long to arrive.
PARTING = 2.0
# What a refused request still sends is read for so long, so that the answer can be read.
LINGERING = 2.0
THIS_MACHINE = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@dataclass(frozen=True)
class Bounds:
    """`by_address` is for connections, but for a proxy's for the requests under way of each address it forwards.

    A new connection has `headers_seconds` to make a request, and `idle_seconds` for each one after that: longer
    than proxies keep theirs, so that it is they who close. An answer must be taken in `answer_seconds`.
    """

    connections: int = 500
    by_address: int = 20
    headers_seconds: float = 15.0
    idle_seconds: float = 75.0
    answer_seconds: float = 30.0
    accept_again_seconds: float = 1.0
    proxies: tuple[Network, ...] = ()

    @property
    def for_others(self) -> int:
        """A tenth is kept for the proxies, so that nobody who comes beside them can keep Teams out."""
        return self.connections - (self.connections // 10 if self.proxies else 0)


# In local mode and in tests everybody is on this machine.
ON_THIS_MACHINE = Bounds(proxies=THIS_MACHINE)


class PortTakenError(Exception):
    """Something else listens on the port already; the message is the port."""


def bound(host: str, port: int = 0) -> socket.socket:
    """A socket that holds the port from now on; 0 is any free one, which nobody else can take in between.

    Whoever listens on it closes it. Raises PortTakenError.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as refused:
        raise PortTakenError(port) from refused


def port_of(place: socket.socket) -> int:
    port: int = place.getsockname()[1]
    return port


@asynccontextmanager
async def listening(
    app: web.Application, place: socket.socket, bounds: Bounds = ON_THIS_MACHINE
) -> AsyncIterator[None]:
    """Serves the app until the end; requests under way are finished."""
    room = _Room(bounds)
    app.middlewares.insert(0, room.admit)
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=ServerLog(),
        shutdown_timeout=PARTING,
        keepalive_timeout=bounds.idle_seconds,
        lingering_time=LINGERING,
        # Nobody whom we know sends a compressed body, and a broken one would be answered with 500.
        auto_decompress=False,
    )
    await runner.setup()
    assert runner.server is not None
    place.setblocking(False)
    accepting = asyncio.create_task(room.accept(place, runner.server))
    try:
        yield
    finally:
        accepting.cancel()
        with suppress(asyncio.CancelledError):
            await accepting
        place.close()
        await runner.cleanup()


class _Room:
    """Who is inside, and whether there is room for one more.

    asyncio's own accepting logs an error that does not pass a thousand times a second, and aiohttp counts nobody.
    """

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._address_of: dict[web.RequestHandler, str] = {}
        self._has_spoken: set[web.RequestHandler] = set()
        self._under_way: Counter[str] = Counter()
        self._complaints = _Complaints()
        # Asked of each request, which come from the same few.
        self._is_proxy = lru_cache(maxsize=1024)(partial(_is_among, networks=bounds.proxies))

    async def accept(self, place: socket.socket, server: web.Server) -> None:
        """Accepts until it is cancelled; whatever goes wrong with one connection or all of them, it goes on."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, peer = await loop.sock_accept(place)
            except OSError as failed:
                self._complaints.warn(
                    "no connection can be accepted: %s", errno.errorcode.get(failed.errno or 0)
                )
                await asyncio.sleep(self._bounds.accept_again_seconds)
                continue
            try:
                await self._take(connection, str(peer[0]), server)
            except Exception:
                # One connection that goes wrong in a way nobody thought of must not shut the door to the others.
                log.exception("a connection could not be taken")
                connection.close()
            # Many that are turned away in a row must not keep the others from being answered.
            await asyncio.sleep(0)

    async def _take(self, connection: socket.socket, peer: str, server: web.Server) -> None:
        address = peer if self._is_proxy(peer) else _counted_as(peer)
        if not self._has_room(address, server):
            connection.close()
            return
        try:
            _end_if_answers_are_not_taken(connection, self._bounds.answer_seconds)
            loop = asyncio.get_running_loop()
            _, handler = await loop.connect_accepted_socket(server, connection)
        except OSError:
            # It was gone again before anything was said.
            connection.close()
            return
        self._address_of[handler] = address
        loop.call_later(self._bounds.headers_seconds, self._end_if_silent, handler)

    def _has_room(self, address: str, server: web.Server) -> bool:
        inside = set(server.connections)
        self._address_of = {one: where for one, where in self._address_of.items() if one in inside}
        self._has_spoken &= inside
        is_proxy = self._is_proxy(address)
        if len(inside) >= (self._bounds.connections if is_proxy else self._bounds.for_others):
            self._complaints.warn("turned away: %s connections are open", len(inside))
            return False
        if is_proxy:
            return True
        of_address = sum(where == address for where in self._address_of.values())
        if of_address >= self._bounds.by_address:
            self._complaints.warn("turned away: %s connections from one address, %s", of_address, address)
            return False
        return True

    def _end_if_silent(self, handler: web.RequestHandler) -> None:
        if handler not in self._has_spoken:
            handler.force_close()

    @web.middleware
    async def admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The connection has made a request; one that a proxy forwards is counted by whom it is from."""
        assert request.protocol is not None
        self._has_spoken.add(request.protocol)
        address = self._forwarded(request)
        if address is None:
            return await handler(request)
        if self._under_way[address] >= self._bounds.by_address:
            self._complaints.warn(
                "turned away: %s requests from one address behind a proxy", self._bounds.by_address
            )
            return web.Response(status=503, headers={"Retry-After": "1"})
        self._under_way[address] += 1
        try:
            return await handler(request)
        finally:
            self._under_way[address] -= 1
            # Counter keeps what has come down to nothing.
            self._under_way += Counter()

    def _forwarded(self, request: web.Request) -> str | None:
        if not self._is_proxy(request.remote or ""):
            return None
        return client_behind(request.headers.getall("X-Forwarded-For", []), self._bounds.proxies)


class _Complaints:
    """Each kind of complaint is logged once a minute at most, however often there is cause for it."""

    EVERY = 60.0

    def __init__(self) -> None:
        self._next: dict[str, float] = {}

    def warn(self, what: str, *values: object) -> None:
        now = time.monotonic()
        if now >= self._next.get(what, now):
            self._next[what] = now + self.EVERY
            log.warning(what, *values)


def client_behind(forwarded: Sequence[str], proxies: Sequence[Network]) -> str | None:
    """The rightmost address that is no proxy's, since anybody may have written what stands to the left of it."""
    named = [part.strip() for value in forwarded for part in value.split(",")]
    outside = (one for one in reversed(named) if one and not _is_among(_without_port(one), proxies))
    found = next(outside, None)
    return None if found is None else _counted_as(_without_port(found))


def _without_port(address: str) -> str:
    """`192.0.2.1:443` and `[2001:db8::1]:443`, as some proxies write."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def _is_among(address: str, networks: Sequence[Network]) -> bool:
    try:
        read = ip_address(address)
    except ValueError:
        return False
    plain = read.ipv4_mapped or read if isinstance(read, IPv6Address) else read
    return any(plain in network for network in networks)


def _counted_as(address: str) -> str:
    """An IPv6 address by its /64, which one subscriber has all of; what is no address as it stands."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if isinstance(read, IPv6Address):
        return str(read.ipv4_mapped or ip_network((read, 64), strict=False))
    return str(read)


def _end_if_answers_are_not_taken(connection: socket.socket, seconds: float) -> None:
    """The system's own time-out, where it has one, ends a connection whose other end stops reading."""
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is not None:
        connection.setsockopt(socket.IPPROTO_TCP, option, int(seconds * 1000))
