"""A Teams of our own around the tab: TLS with a throw-away certificate, the real host names, and the posted messages.

What the browser does about cookies, frames and origins is then what it does in Teams.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from playwright.async_api import Browser, async_playwright

from bot.settings import LOOPBACK
from tests.support.edge import Edge
from tests.support.key_server import private_key
from tests.support.tab import ADDRESS, HOST, signed, tab_claims

TEAMS_HOST = "teams.microsoft.com"
PAGE = f"https://{TEAMS_HOST}/"
_HOST_PAGE = """<!doctype html><meta charset="utf-8"><title>Teams</title>
<style>html, body, iframe { margin: 0; border: 0; width: 100%; height: 100vh }</style>
<iframe title="Arbetsytan" src="SRC"></iframe>
<script>
const frame = document.querySelector("iframe");
const said = SAID;
const answers = {
  initialize: () => ["content", "web", JSON.stringify({apiVersion: 4, supports: {pages: {}}}), "2.0.0"],
  getContext: () => [{theme: "default", entityId: "arbetsyta", subEntityId: said.sub, locale: "sv-se",
    hostClientType: "web"}],
  "authentication.getAuthToken": () => said.token ? [true, said.token] : [false, "resourceDisabled"],
};
window.theme = (name) => frame.contentWindow.postMessage({func: "themeChange", args: [name]}, "*");
addEventListener("message", ({data, source, origin}) => {
  const answer = answers[data.func];
  if (answer) source.postMessage({id: data.id, uuid: data.uuid, args: answer()}, origin);
});
</script>"""


def _certificate(folder: Path, now: datetime) -> ssl.SSLContext:
    key, name = private_key("tls"), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=900))
        .not_valid_after(now + timedelta(days=900))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST), x509.DNSName(TEAMS_HOST)]), False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "tls.pem"
    plain = serialization.NoEncryption()
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    pem.write_bytes(key.private_bytes(encoding, form, plain) + made.public_bytes(encoding))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@dataclass
class TeamsAround:
    """The browser; with `loses_cookies` it keeps none of ours, as where they are refused."""

    browser: Browser
    loses_cookies: list[bool]


@asynccontextmanager
async def _ending_tls(port: int, context: ssl.SSLContext, loses_cookies: list[bool]) -> AsyncIterator[int]:
    """What the municipality's proxy does: TLS is ended, and all else passed on as it is."""

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await reader.read(65536):
                writer.write(chunk.replace(b"Set-Cookie:", b"Lost-Cookie:") if loses_cookies[0] else chunk)
                await writer.drain()
        with suppress(OSError):
            writer.close()

    async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(LOOPBACK, port)
        await asyncio.gather(pass_on(reader, inner_writer), pass_on(inner_reader, writer))

    server = await asyncio.start_server(taken, LOOPBACK, 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@asynccontextmanager
async def _host(source: str, said: dict[str, str], context: ssl.SSLContext) -> AsyncIterator[int]:
    page = _HOST_PAGE.replace("SRC", source).replace("SAID", json.dumps(said))

    async def shown(_: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", shown)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, LOOPBACK, 0, ssl_context=context)
    await site.start()
    assert site._server is not None
    try:
        yield site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def in_teams(
    edge: Edge, folder: Path, chromium: str, *, who: str = "anna", sub: str = ""
) -> AsyncIterator[TeamsAround]:
    """A browser to whom Teams' page and ours are where they are in the world; the tab is in PAGE."""
    context = _certificate(folder, edge.clock())
    said = {"token": signed(tab_claims(edge.clock(), who)), "sub": sub}
    source = f"{ADDRESS}/arbete?theme=default&sub={sub}"
    port = int(edge.address.rpartition(":")[2])
    loses = [False]
    async with _ending_tls(port, context, loses) as tab, _host(source, said, context) as host:
        rules = f"MAP {TEAMS_HOST}:443 {LOOPBACK}:{host},MAP {HOST}:443 {LOOPBACK}:{tab},MAP * ~NOTFOUND"
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium,
                args=["--no-sandbox", "--disable-gpu", f"--host-resolver-rules={rules}"],
            )
            yield TeamsAround(browser, loses)
            await browser.close()
