"""The limit: aiohttp, the token, and one durable commit per POST; nothing is said and nothing is weighed."""

import argparse
import asyncio
import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import aiohttp
import jwt
from aiohttp import web

Verify = Callable[[str], dict[str, Any]]


def opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE IF NOT EXISTS turn (id TEXT, conversation TEXT, body TEXT)")
    return database


def store(database: sqlite3.Connection, activity: dict[str, Any], body: bytes) -> None:
    database.execute("BEGIN IMMEDIATE")
    values = (activity["id"], activity["conversation"]["id"], body.decode())
    database.execute("INSERT INTO turn VALUES (?, ?, ?)", values)
    database.execute("COMMIT")


def verifier(key: Any, app_id: str) -> Verify:
    def verify(token: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=["RS256"], audience=app_id, issuer="https://api.botframework.com"
        )
        return claims

    return verify


def remembering(verify: Verify) -> Verify:
    """What has been verified once is not verified again; ours does the same, until the token ends."""
    known: dict[str, dict[str, Any]] = {}

    def verify_once(token: str) -> dict[str, Any]:
        if token not in known:
            known[token] = verify(token)
        return known[token]

    return verify_once


async def key_at(url: str) -> Any:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return jwt.PyJWK((await answer.json())["keys"][0], algorithm="RS256").key


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("given", type=json.loads)
    arguments = parser.parse_args()
    given = arguments.given
    verify = verifier(asyncio.run(key_at(f"{given['keys']}/keys")), given["app_id"])
    if given["remembers"]:
        verify = remembering(verify)
    database = opened(Path(given["directory"]) / f"bare-{arguments.port}.db")
    writer = ThreadPoolExecutor(max_workers=1)

    async def messages(request: web.Request) -> web.Response:
        try:
            claims = verify(request.headers["Authorization"].removeprefix("Bearer "))
        except (jwt.PyJWTError, KeyError):
            return web.Response(status=401)
        body = await request.read()
        activity = json.loads(body)
        if claims["serviceurl"] != activity["serviceUrl"]:
            return web.Response(status=403)
        await asyncio.get_running_loop().run_in_executor(writer, store, database, activity, body)
        return web.Response()

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=arguments.port, access_log=None, print=None)


if __name__ == "__main__":
    main()
