"""Keeps other sites' pages away from the local server, which trusts whoever reaches it."""

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from workspace.frame.entry import ROOT

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
LARGEST_BODY = 256 * 1024
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    # A page elsewhere can make its own name point here (DNS rebinding), but then the Host header tells.
    if not _is_loopback(request.host):
        raise web.HTTPForbidden(text="Bara lokala adresser får användas.")
    origin = request.headers.get("Origin")
    if request.method not in ("GET", "HEAD") and origin not in (None, f"{request.scheme}://{request.host}"):
        raise web.HTTPForbidden(text="Anropet kommer från en annan sida.")
    # A page of the workspace says by itself how much its form may bring, such as files.
    if (request.content_length or 0) > LARGEST_BODY and not request.path.startswith(f"{ROOT}/"):
        raise web.HTTPRequestEntityTooLarge(LARGEST_BODY, request.content_length or 0)
    response = await handler(request)
    for name, value in PAGE_HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _is_loopback(host: str) -> bool:
    try:
        return URL(f"http://{host}").host in LOOPBACK_NAMES
    except ValueError:
        return False
