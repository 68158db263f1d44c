"""Where the bot listens: a port bound once, and an app served on it."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

# What is on its way out when the bot is told to stop gets this long to arrive.
PARTING = 2.0


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
async def listening(app: web.Application, place: socket.socket) -> AsyncIterator[None]:
    """Serves the app until the end; requests under way are finished."""
    # Nobody whom we know sends a compressed body, and a broken one would be answered with 500.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=PARTING, auto_decompress=False)
    await runner.setup()
    try:
        await web.SockSite(runner, place).start()
        yield
    finally:
        await runner.cleanup()
        place.close()
